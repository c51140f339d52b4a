/** STORE and UID STORE (RFC 9051 section 6.4.6), with modifiers (RFC 4466); knows no item and no modifier. */

import { MINUS, PLUS } from '../octets.ts'
import { readSequenceSet, type SequenceSet } from '../sequence-set.ts'
import {
  readStoreChange,
  readStoreModifiers,
  storeWord,
  writeStoreChange,
  writeStoreModifiers,
  type StoreChange,
  type StoreModifier,
} from '../store-item.ts'
import { readName } from '../words.ts'
import type { CommandForm } from './form.ts'

export interface StoreCommand {
  readonly tag: string
  readonly name: 'STORE'
  readonly uid: boolean
  readonly messages: SequenceSet
  /** Such as `(UNCHANGEDSINCE 5)`. */
  readonly modifiers?: readonly StoreModifier[]
  readonly action: StoreAction
  /** True for `.SILENT`: the client does not want the new flags back. */
  readonly isSilent: boolean
  readonly change: StoreChange
}

export type StoreAction = 'replace' | 'add' | 'remove'

const signs = { replace: '', add: '+', remove: '-' } as const
const silent = '.SILENT'

export const store: CommandForm<StoreCommand> = {
  names: ['STORE'],
  uidNames: ['STORE'],
  read(cursor, { tag, name, uid }) {
    cursor.readSpace()
    const messages = readSequenceSet(cursor)
    const modifiers = readStoreModifiers(cursor)
    cursor.readSpace()
    const action = cursor.skip(PLUS) ? 'add' : cursor.skip(MINUS) ? 'remove' : 'replace'
    const item = readName(cursor)
    const isSilent = item.endsWith(silent)
    const word = isSilent ? item.slice(0, -silent.length) : item
    if (word === 'ANNOTATION' && (isSilent || action !== 'replace'))
      cursor.quirk('odd-store', 'annotations are replaced: no sign and no .SILENT stand there')
    cursor.readSpace()
    const change = readStoreChange(cursor, word)
    return { tag, name, uid, messages, ...(modifiers && { modifiers }), action, isSilent, change }
  },
  write(writer, { messages, modifiers, action, isSilent, change }) {
    writer.word(` ${messages}`)
    writeStoreModifiers(writer, modifiers)
    writer.word(` ${signs[action]}${storeWord(change)}${isSilent ? silent : ''}`)
    writeStoreChange(writer, change)
  },
}
