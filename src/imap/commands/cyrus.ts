/** What Cyrus and its administrators add: SCAN, XFER and XRENAME in full, the others as words with values of any shape. */

import { readMailbox, writeMailbox, type MailboxName } from '../mailbox.ts'
import { readAString, readListMailbox } from '../strings.ts'
import { readSyntaxRest, writeSyntaxRest, type Syntax } from '../syntax.ts'
import type { CommandForm } from './form.ts'

/** Moves a mailbox, or all of a user's, to another server. */
export interface XferCommand {
  readonly tag: string
  readonly name: 'XFER'
  readonly mailbox: MailboxName
  readonly server: string
  readonly partition?: string
}

export const xfer: CommandForm<XferCommand> = {
  names: ['XFER'],
  read(cursor, { tag, name }) {
    cursor.readSpace()
    const mailbox = readMailbox(cursor)
    cursor.readSpace()
    const server = readAString(cursor)
    if (!cursor.hasMore()) return { tag, name, mailbox, server }
    cursor.readSpace()
    return { tag, name, mailbox, server, partition: readAString(cursor) }
  },
  write(writer, { mailbox, server, partition }) {
    writer.space()
    writeMailbox(writer, mailbox)
    writer.space()
    writer.astring(server)
    if (partition === undefined) return
    writer.space()
    writer.astring(partition)
  },
}

/** RENAME of one mailbox without those below it. */
export interface XRenameCommand {
  readonly tag: string
  readonly name: 'XRENAME'
  readonly from: MailboxName
  readonly to: MailboxName
  readonly partition?: string
}

export const xrename: CommandForm<XRenameCommand> = {
  names: ['XRENAME'],
  read(cursor, { tag, name }) {
    cursor.readSpace()
    const from = readMailbox(cursor)
    cursor.readSpace()
    const to = readMailbox(cursor)
    if (!cursor.hasMore()) return { tag, name, from, to }
    cursor.readSpace()
    return { tag, name, from, to, partition: readAString(cursor) }
  },
  write(writer, { from, to, partition }) {
    writer.space()
    writeMailbox(writer, from)
    writer.space()
    writeMailbox(writer, to)
    if (partition === undefined) return
    writer.space()
    writer.astring(partition)
  },
}

/** LIST of the mailboxes that hold a text. */
export interface ScanCommand {
  readonly tag: string
  readonly name: 'SCAN'
  readonly reference: MailboxName
  readonly pattern: string
  readonly text: string
}

export const scan: CommandForm<ScanCommand> = {
  names: ['SCAN'],
  read(cursor, { tag, name }) {
    cursor.readSpace()
    const reference = readMailbox(cursor)
    cursor.readSpace()
    const pattern = readListMailbox(cursor)
    cursor.readSpace()
    return { tag, name, reference, pattern, text: readAString(cursor) }
  },
  write(writer, { reference, pattern, text }) {
    writer.space()
    writeMailbox(writer, reference)
    writer.space()
    writer.listMailbox(pattern)
    writer.space()
    writer.string(text)
  },
}

/** Known by its word alone. DUMP and UNDUMP carry whole mailboxes in literals. */
export interface GenericCommand {
  readonly tag: string
  readonly name: (typeof names)[number]
  /** Only for XRUNANNOTATOR, which names messages. */
  readonly uid: boolean
  readonly values: readonly Syntax[]
}

const names = [
  'DUMP',
  'UNDUMP',
  'RECONSTRUCT',
  'LOCALAPPEND',
  'LOCALCREATE',
  'LOCALDELETE',
  'SYNCAPPLY',
  'SYNCGET',
  'SYNCRESTART',
  'SYNCRESTORE',
  'XBACKUP',
  'XCONVFETCH',
  'XCONVMETA',
  'XCONVMULTISORT',
  'XCONVSORT',
  'XCONVUPDATES',
  'XMEID',
  'XRUNANNOTATOR',
  'XSNIPPETS',
  'XSTATS',
  'XWARMUP',
] as const

export const generic: CommandForm<GenericCommand> = {
  names,
  uidNames: ['XRUNANNOTATOR'],
  read: (cursor, { tag, name, uid }) => ({ tag, name, uid, values: readSyntaxRest(cursor) }),
  write: (writer, { values }) => writeSyntaxRest(writer, values),
}
