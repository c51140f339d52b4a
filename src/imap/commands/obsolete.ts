/** What clients said before IMAP4rev1: PARTIAL (RFC 1730), FIND, BBOARD, and SUBSCRIBE with a word more (RFC 1176, IMAP2bis). */

import { readMailbox, writeMailbox, type MailboxName } from '../mailbox.ts'
import { readListMailbox } from '../strings.ts'
import { readNumber, readWord } from '../words.ts'
import type { CommandForm } from './form.ts'

/** Octets of one message's item: what became `BODY[]<0.100>`. */
export interface PartialCommand {
  readonly tag: string
  readonly name: 'PARTIAL'
  readonly message: number
  /** `RFC822`, `BODY[1.2]`, as written. */
  readonly item: string
  /** 1 for the first octet. */
  readonly start: number
  readonly octets: number
}

export const partial: CommandForm<PartialCommand> = {
  names: ['PARTIAL'],
  read(cursor, { tag, name }) {
    cursor.readSpace()
    const message = readNumber(cursor)
    cursor.readSpace()
    const item = readWord(cursor)
    cursor.readSpace()
    const start = readNumber(cursor)
    cursor.readSpace()
    return { tag, name, message, item, start, octets: readNumber(cursor) }
  },
  write(writer, { message, item, start, octets }) {
    writer.word(` ${message} ${item} ${start} ${octets}`)
  },
}

export interface FindCommand {
  readonly tag: string
  readonly name: 'FIND MAILBOXES' | 'FIND ALL.MAILBOXES' | 'FIND BBOARDS' | 'FIND ALL.BBOARDS'
  /** With `*` and `%`, or `?` before IMAP4. */
  readonly pattern: string
}

export const find: CommandForm<FindCommand> = {
  names: ['FIND MAILBOXES', 'FIND ALL.MAILBOXES', 'FIND BBOARDS', 'FIND ALL.BBOARDS'],
  read(cursor, { tag, name }) {
    cursor.readSpace()
    return { tag, name, pattern: readListMailbox(cursor) }
  },
  write(writer, { pattern }) {
    writer.space()
    writer.listMailbox(pattern)
  },
}

export interface BBoardCommand {
  readonly tag: string
  readonly name:
    | 'BBOARD'
    | 'SUBSCRIBE MAILBOX'
    | 'SUBSCRIBE BBOARD'
    | 'UNSUBSCRIBE MAILBOX'
    | 'UNSUBSCRIBE BBOARD'
  readonly mailbox: MailboxName
}

export const bboard: CommandForm<BBoardCommand> = {
  names: ['BBOARD', 'SUBSCRIBE MAILBOX', 'SUBSCRIBE BBOARD', 'UNSUBSCRIBE MAILBOX', 'UNSUBSCRIBE BBOARD'],
  read(cursor, { tag, name }) {
    cursor.readSpace()
    return { tag, name, mailbox: readMailbox(cursor) }
  },
  write(writer, { mailbox }) {
    writer.space()
    writeMailbox(writer, mailbox)
  },
}
