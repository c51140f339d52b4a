/** EXPUNGE, and UID EXPUNGE with the messages it is limited to (RFC 9051 sections 6.4.3 and 6.4.9). */

import { readSequenceSet, type SequenceSet } from '../sequence-set.ts'
import type { CommandForm } from './form.ts'

export type ExpungeCommand = { readonly tag: string; readonly name: 'EXPUNGE' } & (
  | { readonly uid: false }
  | { readonly uid: true; readonly messages: SequenceSet }
)

export const expunge: CommandForm<ExpungeCommand> = {
  names: ['EXPUNGE'],
  uidNames: ['EXPUNGE'],
  read(cursor, { tag, name, uid }) {
    if (!uid) return { tag, name, uid }
    cursor.readSpace()
    return { tag, name, uid, messages: readSequenceSet(cursor) }
  },
  write(writer, command) {
    if (command.uid) writer.word(` ${command.messages}`)
  },
}
