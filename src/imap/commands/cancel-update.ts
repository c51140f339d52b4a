/** CANCELUPDATE (RFC 5267 section 4.3.4): ends the updates of searches, which are known by their tags. */

import type { Cursor } from '../cursor.ts'
import { DQUOTE } from '../octets.ts'
import { readAString } from '../strings.ts'
import type { CommandForm } from './form.ts'

export interface CancelUpdateCommand {
  readonly tag: string
  readonly name: 'CANCELUPDATE'
  readonly contexts: readonly string[]
}

export const cancelUpdate: CommandForm<CancelUpdateCommand> = {
  names: ['CANCELUPDATE'],
  read(cursor, { tag, name }) {
    const contexts: string[] = []
    do {
      cursor.readSpace()
      contexts.push(readContext(cursor))
    } while (cursor.hasMore())
    return { tag, name, contexts }
  },
  write(writer, { contexts }) {
    for (const context of contexts) {
      writer.space()
      writer.quoted(context)
    }
  },
}

function readContext(cursor: Cursor): string {
  if (cursor.peek() !== DQUOTE) cursor.quirk('atom-for-string', 'a tag without its quotes')
  return readAString(cursor)
}
