/** STATUS as a response (RFC 9051 section 7.3.3): a registry of its items, and unknown ones kept. */

import type { Cursor } from '../cursor.ts'
import { readMailbox, writeMailbox, type MailboxName } from '../mailbox.ts'
import { DQUOTE, LPAREN } from '../octets.ts'
import { readList, readSyntax, writeSyntax, type Syntax } from '../syntax.ts'
import { decodeText } from '../utf8.ts'
import { readName, readNumber, readNumber64 } from '../words.ts'
import type { Writer } from '../writer.ts'
import type { UntaggedForm } from './form.ts'

export interface MailboxStatusData {
  readonly name: 'STATUS'
  readonly mailbox: MailboxName
  readonly items: readonly StatusItem[]
}

const numberItems = ['MESSAGES', 'RECENT', 'UIDNEXT', 'UIDVALIDITY', 'UNSEEN', 'DELETED', 'SIZE'] as const

export type StatusItem =
  | { readonly name: (typeof numberItems)[number]; readonly value: number }
  | { readonly name: 'HIGHESTMODSEQ'; readonly modseq: bigint }
  | { readonly name: 'unknown'; readonly word: string; readonly value: Syntax }

/** Name to reader of the value. */
const readers = new Map<string, (cursor: Cursor) => StatusItem>([
  ['HIGHESTMODSEQ', (cursor) => ({ name: 'HIGHESTMODSEQ', modseq: readNumber64(cursor) })],
])
for (const name of numberItems) readers.set(name, (cursor) => ({ name, value: readNumber(cursor) }))

export const mailboxStatus: UntaggedForm<MailboxStatusData> = {
  names: ['STATUS'],
  isNumbered: false,
  read(cursor, { name }) {
    cursor.readSpace()
    const mailbox = readBareMailbox(cursor)
    cursor.readSpace()
    return { name, mailbox, items: readList(cursor, readStatusItem) }
  },
  write(writer, { mailbox, items }) {
    writer.word('STATUS ')
    writeMailbox(writer, mailbox)
    writer.space()
    writer.list(items, writeStatusItem)
  },
}

/** A mailbox; one that stands there without quotes although it holds spaces goes up to the list. */
function readBareMailbox(cursor: Cursor): MailboxName {
  const from = cursor.at
  if (cursor.peek() === DQUOTE || cursor.isAtLiteral()) return readMailbox(cursor)
  const mailbox = readMailbox(cursor)
  if (cursor.isAtSpaceThen(LPAREN)) return mailbox
  const list = cursor.text.lastIndexOf(' (', cursor.end - 1)
  if (list <= from) return cursor.fail('missing-octet', 'expected a list of items')
  cursor.quirk('bare-mailbox', 'a mailbox with spaces stands there without quotes')
  cursor.at = list
  return decodeText(cursor.text.slice(from, list))
}

function readStatusItem(cursor: Cursor): StatusItem {
  const word = readName(cursor)
  cursor.readSpace()
  const read = readers.get(word)
  const item = read && cursor.attempt(read)
  return item ?? { name: 'unknown', word, value: readSyntax(cursor) }
}

function writeStatusItem(writer: Writer, item: StatusItem): void {
  writer.word(`${item.name === 'unknown' ? item.word : item.name} `)
  if (item.name === 'unknown') writeSyntax(writer, item.value)
  else writer.number(item.name === 'HIGHESTMODSEQ' ? item.modseq : item.value)
}
