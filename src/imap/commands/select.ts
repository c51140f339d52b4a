/** SELECT and EXAMINE (RFC 9051 sections 6.3.2 and 6.3.3), with the parameters of RFC 4466 as they come. */

import { readMailbox, writeMailbox, type MailboxName } from '../mailbox.ts'
import { readParameters, writeParameters, type Syntax } from '../syntax.ts'
import type { CommandForm } from './form.ts'

export interface SelectCommand {
  readonly tag: string
  readonly name: 'SELECT' | 'EXAMINE'
  readonly mailbox: MailboxName
  readonly parameters?: readonly Syntax[]
}

export const select: CommandForm<SelectCommand> = {
  names: ['SELECT', 'EXAMINE'],
  read(cursor, { tag, name }) {
    cursor.readSpace()
    const mailbox = readMailbox(cursor)
    const parameters = readParameters(cursor)
    return parameters ? { tag, name, mailbox, parameters } : { tag, name, mailbox }
  },
  write(writer, { mailbox, parameters }) {
    writer.space()
    writeMailbox(writer, mailbox)
    writeParameters(writer, parameters)
  },
}
