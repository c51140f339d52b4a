/** LANGUAGE (RFC 5255 section 3.2): which languages the client would read messages in, best first. */

import type { Cursor } from '../cursor.ts'
import { readAString } from '../strings.ts'
import type { CommandForm } from './form.ts'

export interface LanguageCommand {
  readonly tag: string
  readonly name: 'LANGUAGE'
  /** Language ranges, such as `de` and `*`. None asks which languages there are. */
  readonly ranges: readonly string[]
}

export const language: CommandForm<LanguageCommand> = {
  names: ['LANGUAGE'],
  read: (cursor, { tag, name }) => ({ tag, name, ranges: readRanges(cursor) }),
  write(writer, { ranges }) {
    for (const range of ranges) {
      writer.space()
      writer.astring(range)
    }
  },
}

function readRanges(cursor: Cursor): string[] {
  const ranges: string[] = []
  while (cursor.hasMore()) {
    cursor.readSpace()
    ranges.push(readAString(cursor))
  }
  return ranges
}
