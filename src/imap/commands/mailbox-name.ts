/** Commands on one mailbox by its name: CREATE, DELETE, SUBSCRIBE, UNSUBSCRIBE (RFC 9051 section 6.3). */

import { readMailbox, writeMailbox, type MailboxName } from '../mailbox.ts'
import { readParameters, writeParameters, type Syntax } from '../syntax.ts'
import type { CommandForm } from './form.ts'

export interface MailboxNameCommand {
  readonly tag: string
  readonly name: 'CREATE' | 'DELETE' | 'SUBSCRIBE' | 'UNSUBSCRIBE'
  readonly mailbox: MailboxName
  /** Of CREATE, such as `(USE (\Drafts))`. */
  readonly parameters?: readonly Syntax[]
}

export const mailboxName: CommandForm<MailboxNameCommand> = {
  names: ['CREATE', 'DELETE', 'SUBSCRIBE', 'UNSUBSCRIBE'],
  read(cursor, { tag, name }) {
    cursor.readSpace()
    const mailbox = readMailbox(cursor)
    const parameters = name === 'CREATE' ? readParameters(cursor) : undefined
    return parameters ? { tag, name, mailbox, parameters } : { tag, name, mailbox }
  },
  write(writer, { mailbox, parameters }) {
    writer.space()
    writeMailbox(writer, mailbox)
    writeParameters(writer, parameters)
  },
}
