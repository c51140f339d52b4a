/** FETCH and UID FETCH (RFC 9051 section 6.4.5), with modifiers (RFC 4466); knows no attribute and no modifier. */

import { readFetchAttributes, writeFetchAttributes, type FetchAttribute } from '../fetch-attribute.ts'
import { readFetchModifiers, writeFetchModifiers, type FetchModifier } from '../fetch-modifier.ts'
import { readSequenceSet, type SequenceSet } from '../sequence-set.ts'
import type { CommandForm } from './form.ts'

export interface FetchCommand {
  readonly tag: string
  readonly name: 'FETCH'
  readonly uid: boolean
  readonly messages: SequenceSet
  readonly items: readonly FetchAttribute[]
  /** Such as `(CHANGEDSINCE 5)`. */
  readonly modifiers?: readonly FetchModifier[]
}

export const fetch: CommandForm<FetchCommand> = {
  names: ['FETCH'],
  uidNames: ['FETCH'],
  read(cursor, { tag, name, uid }) {
    cursor.readSpace()
    const messages = readSequenceSet(cursor)
    cursor.readSpace()
    const items = readFetchAttributes(cursor)
    const modifiers = readFetchModifiers(cursor)
    return { tag, name, uid, messages, items, ...(modifiers && { modifiers }) }
  },
  write(writer, { messages, items, modifiers }) {
    writer.word(` ${messages} `)
    writeFetchAttributes(writer, items)
    writeFetchModifiers(writer, modifiers)
  },
}
