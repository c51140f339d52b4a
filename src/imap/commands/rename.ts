/** RENAME (RFC 9051 section 6.3.6), with whatever parameters an extension gives it (RFC 4466). */

import type { UnknownParameter } from '../known-value.ts'
import { readUnknownParameters, writeUnknownParameters } from '../mailbox-parameter.ts'
import { readMailbox, writeMailbox, type MailboxName } from '../mailbox.ts'
import type { CommandForm } from './form.ts'

export interface RenameCommand {
  readonly tag: string
  readonly name: 'RENAME'
  readonly from: MailboxName
  readonly to: MailboxName
  readonly parameters?: readonly UnknownParameter[]
}

export const rename: CommandForm<RenameCommand> = {
  names: ['RENAME'],
  read(cursor, { tag, name }) {
    cursor.readSpace()
    const from = readMailbox(cursor)
    cursor.readSpace()
    const to = readMailbox(cursor)
    const parameters = readUnknownParameters(cursor)
    return parameters ? { tag, name, from, to, parameters } : { tag, name, from, to }
  },
  write(writer, { from, to, parameters }) {
    writer.space()
    writeMailbox(writer, from)
    writer.space()
    writeMailbox(writer, to)
    writeUnknownParameters(writer, parameters)
  },
}
