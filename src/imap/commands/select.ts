/** SELECT and EXAMINE (RFC 9051 sections 6.3.2 and 6.3.3), with their parameters (RFC 4466, RFC 7162). */

import { readSelectParameters, writeSelectParameters, type SelectParameter } from '../mailbox-parameter.ts'
import { readMailbox, writeMailbox, type MailboxName } from '../mailbox.ts'
import type { CommandForm } from './form.ts'

export interface SelectCommand {
  readonly tag: string
  readonly name: 'SELECT' | 'EXAMINE'
  readonly mailbox: MailboxName
  readonly parameters?: readonly SelectParameter[]
}

export const select: CommandForm<SelectCommand> = {
  names: ['SELECT', 'EXAMINE'],
  read(cursor, { tag, name }) {
    cursor.readSpace()
    const mailbox = readMailbox(cursor)
    const parameters = readSelectParameters(cursor)
    return parameters ? { tag, name, mailbox, parameters } : { tag, name, mailbox }
  },
  write(writer, { mailbox, parameters }) {
    writer.space()
    writeMailbox(writer, mailbox)
    writeSelectParameters(writer, parameters)
  },
}
