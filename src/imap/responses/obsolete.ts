/** What servers said before IMAP4rev1: COPY and STORE with a number (RFC 1730 section 7.3), MAILBOX and BBOARD (RFC 1176, IMAP2bis). */

import { readMailbox, writeMailbox, type MailboxName } from '../mailbox.ts'
import { readSyntaxRest, writeSyntaxRest, type Syntax } from '../syntax.ts'
import type { UntaggedForm } from './form.ts'

/** A message was copied or stored; STORE may repeat what FETCH would say. */
export interface DoneData {
  readonly name: 'COPY' | 'STORE'
  readonly message: number
  readonly values: readonly Syntax[]
}

export const done: UntaggedForm<DoneData> = {
  names: ['COPY', 'STORE'],
  isNumbered: true,
  read: (cursor, { name, number }) => ({ name, message: number, values: readSyntaxRest(cursor) }),
  write(writer, { name, message, values }) {
    writer.word(`${message} ${name}`)
    writeSyntaxRest(writer, values)
  },
}

/** One answer to FIND. */
export interface FoundData {
  readonly name: 'MAILBOX' | 'BBOARD'
  readonly mailbox: MailboxName
}

export const found: UntaggedForm<FoundData> = {
  names: ['MAILBOX', 'BBOARD'],
  isNumbered: false,
  read(cursor, { name }) {
    cursor.readSpace()
    return { name, mailbox: readMailbox(cursor) }
  },
  write(writer, { name, mailbox }) {
    writer.word(`${name} `)
    writeMailbox(writer, mailbox)
  },
}
