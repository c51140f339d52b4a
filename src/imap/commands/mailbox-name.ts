/** Commands on one mailbox and nothing else: DELETE, SUBSCRIBE, UNSUBSCRIBE, GETACL, MYRIGHTS, GETQUOTAROOT. */

import { readMailbox, writeMailbox, type MailboxName } from '../mailbox.ts'
import type { CommandForm } from './form.ts'

export interface MailboxNameCommand {
  readonly tag: string
  /** RFC 9051 section 6.3, RFC 4314 section 3, RFC 9208 section 4.1. */
  readonly name: 'DELETE' | 'SUBSCRIBE' | 'UNSUBSCRIBE' | 'GETACL' | 'MYRIGHTS' | 'GETQUOTAROOT'
  readonly mailbox: MailboxName
}

export const mailboxName: CommandForm<MailboxNameCommand> = {
  names: ['DELETE', 'SUBSCRIBE', 'UNSUBSCRIBE', 'GETACL', 'MYRIGHTS', 'GETQUOTAROOT'],
  read(cursor, { tag, name }) {
    cursor.readSpace()
    return { tag, name, mailbox: readMailbox(cursor) }
  },
  write(writer, { mailbox }) {
    writer.space()
    writeMailbox(writer, mailbox)
  },
}
