/** CREATE (RFC 9051 section 6.3.4), with the special use that the new mailbox is for (RFC 6154 section 3). */

import { readCreateParameters, writeCreateParameters, type CreateParameter } from '../mailbox-parameter.ts'
import { readMailbox, writeMailbox, type MailboxName } from '../mailbox.ts'
import type { CommandForm } from './form.ts'

export interface CreateCommand {
  readonly tag: string
  readonly name: 'CREATE'
  readonly mailbox: MailboxName
  readonly parameters?: readonly CreateParameter[]
}

export const create: CommandForm<CreateCommand> = {
  names: ['CREATE'],
  read(cursor, { tag, name }) {
    cursor.readSpace()
    const mailbox = readMailbox(cursor)
    const parameters = readCreateParameters(cursor)
    return parameters ? { tag, name, mailbox, parameters } : { tag, name, mailbox }
  },
  write(writer, { mailbox, parameters }) {
    writer.space()
    writeMailbox(writer, mailbox)
    writeCreateParameters(writer, parameters)
  },
}
