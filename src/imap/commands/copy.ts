/** COPY, MOVE and their UID forms (RFC 9051 sections 6.4.7 and 6.4.8), and what MOVE was called before RFC 6851. */

import { readMailbox, writeMailbox, type MailboxName } from '../mailbox.ts'
import { readSequenceSet, type SequenceSet } from '../sequence-set.ts'
import type { CommandForm } from './form.ts'

export interface CopyCommand {
  readonly tag: string
  readonly name: (typeof names)[number]
  readonly uid: boolean
  readonly messages: SequenceSet
  readonly mailbox: MailboxName
}

/** XMOVE: Cyrus and IceWarp; X-MOVE: older servers; XGWMOVE: GroupWise. All are MOVE. */
const names = ['COPY', 'MOVE', 'XMOVE', 'X-MOVE', 'XGWMOVE'] as const

export const copy: CommandForm<CopyCommand> = {
  names,
  uidNames: names,
  read(cursor, { tag, name, uid }) {
    cursor.readSpace()
    const messages = readSequenceSet(cursor)
    cursor.readSpace()
    return { tag, name, uid, messages, mailbox: readMailbox(cursor) }
  },
  write(writer, { messages, mailbox }) {
    writer.word(` ${messages} `)
    writeMailbox(writer, mailbox)
  },
}
