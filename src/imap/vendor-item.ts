/** FETCH items that one vendor made: Gmail, Dovecot and Cyrus; each as its server writes it, in both directions. */

import type { Cursor } from './cursor.ts'
import { readDateTime, readDateTimeOrNil, type DateTime } from './date-time.ts'
import type { FetchItemForm, FetchItemForms } from './fetch-item-form.ts'
import { readMailbox, writeMailbox, type MailboxName } from './mailbox.ts'
import { BACKSLASH } from './octets.ts'
import { readAString, skipNil } from './strings.ts'
import { readList } from './syntax.ts'
import { readListedModSequence } from './mod-sequence.ts'
import { readAtom, readCount, readNumber, readNumber64, type LargeNumber } from './words.ts'
import type { Writer } from './writer.ts'

type TextName = 'X-GUID' | 'X-MAILBOX' | 'DIGEST.SHA1' | 'RFC822.SHA1'
type IdName = 'CID' | 'BASECID'

export type VendorItem =
  /** 64 bits. */
  | { readonly name: 'X-GM-MSGID' | 'X-GM-THRID'; readonly id: bigint }
  | { readonly name: 'X-GM-LABELS'; readonly labels: readonly GmailLabel[] }
  | { readonly name: TextName; readonly value: string }
  | { readonly name: 'X-REAL-UID'; readonly uid: number }
  | { readonly name: 'X-SAVEDATE'; readonly date: DateTime | null }
  /** A conversation of Cyrus, 16 hexadecimal digits; null where there is none. */
  | { readonly name: IdName; readonly id: string | null }
  | { readonly name: 'CREATEDMODSEQ'; readonly modseq: bigint }
  | { readonly name: 'FOLDER'; readonly mailbox: MailboxName }
  | { readonly name: 'UIDVALIDITY'; readonly uidValidity: number }
  /** Of the file that Cyrus keeps the message in. */
  | { readonly name: 'RFC822.FILESIZE'; readonly octets: LargeNumber }
  | { readonly name: 'LASTUPDATED'; readonly date: DateTime }

/** `\Inbox`, a name in modified UTF-7, or whatever else the server calls a label. */
export type GmailLabel = string

export const vendorItems: FetchItemForms<VendorItem> = {
  'X-GM-MSGID': gmailIdForm('X-GM-MSGID'),
  'X-GM-THRID': gmailIdForm('X-GM-THRID'),
  'X-GM-LABELS': {
    read(cursor) {
      cursor.readSpace()
      return { name: 'X-GM-LABELS', labels: readList(cursor, readGmailLabel) }
    },
    write(writer, { labels }) {
      writer.space()
      writer.list(labels, writeGmailLabel)
    },
  },
  'X-GUID': textForm('X-GUID'),
  'X-MAILBOX': textForm('X-MAILBOX'),
  'DIGEST.SHA1': textForm('DIGEST.SHA1'),
  'RFC822.SHA1': textForm('RFC822.SHA1'),
  'X-REAL-UID': {
    read(cursor) {
      cursor.readSpace()
      return { name: 'X-REAL-UID', uid: readNumber(cursor) }
    },
    write: (writer, { uid }) => writer.word(` ${uid}`),
  },
  'X-SAVEDATE': {
    read(cursor) {
      cursor.readSpace()
      return { name: 'X-SAVEDATE', date: readDateTimeOrNil(cursor) }
    },
    write: (writer, { date }) => writeNullable(writer, date, () => writer.quoted(date ?? '')),
  },
  CID: conversationForm('CID'),
  BASECID: conversationForm('BASECID'),
  CREATEDMODSEQ: {
    read: (cursor) => ({ name: 'CREATEDMODSEQ', modseq: readListedModSequence(cursor) }),
    write: (writer, { modseq }) => writer.word(` (${modseq})`),
  },
  FOLDER: {
    read(cursor) {
      cursor.readSpace()
      return { name: 'FOLDER', mailbox: readMailbox(cursor) }
    },
    write(writer, { mailbox }) {
      writer.space()
      writeMailbox(writer, mailbox)
    },
  },
  UIDVALIDITY: {
    read(cursor) {
      cursor.readSpace()
      return { name: 'UIDVALIDITY', uidValidity: readNumber(cursor) }
    },
    write: (writer, { uidValidity }) => writer.word(` ${uidValidity}`),
  },
  'RFC822.FILESIZE': {
    read(cursor) {
      cursor.readSpace()
      return { name: 'RFC822.FILESIZE', octets: readCount(cursor) }
    },
    write: (writer, { octets }) => writer.word(` ${octets}`),
  },
  LASTUPDATED: {
    read(cursor) {
      cursor.readSpace()
      return { name: 'LASTUPDATED', date: readDateTime(cursor) }
    },
    write(writer, { date }) {
      writer.space()
      writer.quoted(date)
    },
  },
}

/** An astring, or a backslash and an atom. */
export function readGmailLabel(cursor: Cursor): GmailLabel {
  if (!cursor.skip(BACKSLASH)) return readAString(cursor)
  return `\\${readAtom(cursor)}`
}

export function writeGmailLabel(writer: Writer, label: GmailLabel): void {
  if (/^\\[\w-]+$/u.test(label)) writer.word(label)
  else writer.astring(label)
}

function gmailIdForm<N extends 'X-GM-MSGID' | 'X-GM-THRID'>(
  name: N,
): FetchItemForm<VendorItem & { readonly name: N }> {
  return {
    read(cursor) {
      cursor.readSpace()
      return { name, id: readNumber64(cursor) }
    },
    write: (writer, { id }) => writer.word(` ${id}`),
  }
}

function textForm<N extends TextName>(name: N): FetchItemForm<VendorItem & { readonly name: N }> {
  return {
    read(cursor) {
      cursor.readSpace()
      return { name, value: readAString(cursor) }
    },
    write(writer, { value }) {
      writer.space()
      writer.astring(value)
    },
  }
}

function conversationForm<N extends IdName>(name: N): FetchItemForm<VendorItem & { readonly name: N }> {
  return {
    read(cursor) {
      cursor.readSpace()
      return { name, id: skipNil(cursor) ? null : readAString(cursor) }
    },
    write: (writer, { id }) => writeNullable(writer, id, () => writer.astring(id ?? '')),
  }
}

function writeNullable(writer: Writer, value: unknown, write: () => void): void {
  writer.space()
  if (value === null) writer.word('NIL')
  else write()
}
