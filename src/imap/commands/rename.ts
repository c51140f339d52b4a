/** RENAME (RFC 9051 section 6.3.6). */

import { readMailbox, writeMailbox, type MailboxName } from '../mailbox.ts'
import { readParameters, writeParameters, type Syntax } from '../syntax.ts'
import type { CommandForm } from './form.ts'

export interface RenameCommand {
  readonly tag: string
  readonly name: 'RENAME'
  readonly from: MailboxName
  readonly to: MailboxName
  readonly parameters?: readonly Syntax[]
}

export const rename: CommandForm<RenameCommand> = {
  names: ['RENAME'],
  read(cursor, { tag, name }) {
    cursor.readSpace()
    const from = readMailbox(cursor)
    cursor.readSpace()
    const to = readMailbox(cursor)
    const parameters = readParameters(cursor)
    return parameters ? { tag, name, from, to, parameters } : { tag, name, from, to }
  },
  write(writer, { from, to, parameters }) {
    writer.space()
    writeMailbox(writer, from)
    writer.space()
    writeMailbox(writer, to)
    writeParameters(writer, parameters)
  },
}
