/** STATUS (RFC 9051 section 6.3.11): a mailbox and the names of the items that are asked for. */

import { readMailbox, writeMailbox, type MailboxName } from '../mailbox.ts'
import { readStatusItemNames, writeStatusItemNames } from '../status-item.ts'
import type { CommandForm } from './form.ts'

export interface StatusCommand {
  readonly tag: string
  readonly name: 'STATUS'
  readonly mailbox: MailboxName
  /** Upper case: `MESSAGES`, `UIDNEXT`, ... Names that nobody here knows are kept. */
  readonly items: readonly string[]
}

export const status: CommandForm<StatusCommand> = {
  names: ['STATUS'],
  read(cursor, { tag, name }) {
    cursor.readSpace()
    const mailbox = readMailbox(cursor)
    cursor.readSpace()
    return { tag, name, mailbox, items: readStatusItemNames(cursor) }
  },
  write(writer, { mailbox, items }) {
    writer.space()
    writeMailbox(writer, mailbox)
    writer.space()
    writeStatusItemNames(writer, items)
  },
}
