/** FETCH and UID FETCH (RFC 9051 section 6.4.5), with the modifiers of RFC 4466 as they come. */

import { readFetchAttributes, writeFetchAttributes, type FetchAttribute } from '../fetch-attribute.ts'
import { readSequenceSet, type SequenceSet } from '../sequence-set.ts'
import { readParameters, writeParameters, type Syntax } from '../syntax.ts'
import type { CommandForm } from './form.ts'

export interface FetchCommand {
  readonly tag: string
  readonly name: 'FETCH'
  readonly uid: boolean
  readonly messages: SequenceSet
  readonly items: readonly FetchAttribute[]
  /** Such as `(CHANGEDSINCE 5)`. */
  readonly modifiers?: readonly Syntax[]
}

export const fetch: CommandForm<FetchCommand> = {
  names: ['FETCH'],
  uidNames: ['FETCH'],
  read(cursor, { tag, name, uid }) {
    cursor.readSpace()
    const messages = readSequenceSet(cursor)
    cursor.readSpace()
    const items = readFetchAttributes(cursor)
    const modifiers = readParameters(cursor)
    return { tag, name, uid, messages, items, ...(modifiers && { modifiers }) }
  },
  write(writer, { messages, items, modifiers }) {
    writer.word(` ${messages} `)
    writeFetchAttributes(writer, items)
    writeParameters(writer, modifiers)
  },
}
