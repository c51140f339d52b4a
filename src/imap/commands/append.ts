/** APPEND (RFC 9051 section 6.3.12) of one message or several (RFC 3502), and REPLACE (RFC 8508). */

import { readAppendMessage, writeAppendMessage, type AppendMessage } from '../append-message.ts'
import { readMailbox, writeMailbox, type MailboxName } from '../mailbox.ts'
import { readSequenceSet, type SequenceSet } from '../sequence-set.ts'
import type { CommandForm } from './form.ts'

export interface AppendCommand {
  readonly tag: string
  readonly name: 'APPEND'
  readonly mailbox: MailboxName
  readonly messages: readonly AppendMessage[]
}

export const append: CommandForm<AppendCommand> = {
  names: ['APPEND'],
  read(cursor, { tag, name }) {
    cursor.readSpace()
    const mailbox = readMailbox(cursor)
    const messages: AppendMessage[] = []
    do messages.push(readAppendMessage(cursor))
    while (cursor.hasMore())
    return { tag, name, mailbox, messages }
  },
  write(writer, { mailbox, messages }) {
    writer.space()
    writeMailbox(writer, mailbox)
    for (const message of messages) writeAppendMessage(writer, message)
  },
}

export interface ReplaceCommand {
  readonly tag: string
  readonly name: 'REPLACE'
  readonly uid: boolean
  /** One number, or `*`: what the new message takes the place of. */
  readonly replaced: SequenceSet
  readonly mailbox: MailboxName
  readonly message: AppendMessage
}

export const replace: CommandForm<ReplaceCommand> = {
  names: ['REPLACE'],
  uidNames: ['REPLACE'],
  read(cursor, { tag, name, uid }) {
    cursor.readSpace()
    const replaced = readSequenceSet(cursor)
    if (/[,:$]/u.test(replaced)) cursor.quirk('not-one-message', 'more than one message to be replaced')
    cursor.readSpace()
    const mailbox = readMailbox(cursor)
    return { tag, name, uid, replaced, mailbox, message: readAppendMessage(cursor) }
  },
  write(writer, { replaced, mailbox, message }) {
    writer.word(` ${replaced} `)
    writeMailbox(writer, mailbox)
    writeAppendMessage(writer, message)
  },
}
