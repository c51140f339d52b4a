/** STATUS as a response (RFC 9051 section 7.3.3): a mailbox and its items; knows no item. */

import type { Cursor } from '../cursor.ts'
import { readMailbox, writeMailbox, type MailboxName } from '../mailbox.ts'
import { DQUOTE, LPAREN, RPAREN, SP } from '../octets.ts'
import { readStatusItems, writeStatusItem, type StatusItem } from '../status-item.ts'
import { decodeText } from '../utf8.ts'
import type { UntaggedForm } from './form.ts'

export interface MailboxStatusData {
  readonly name: 'STATUS'
  readonly mailbox: MailboxName
  readonly items: readonly StatusItem[]
}

export const mailboxStatus: UntaggedForm<MailboxStatusData> = {
  names: ['STATUS'],
  isNumbered: false,
  read(cursor, { name }) {
    cursor.readSpace()
    const mailbox = readBareMailbox(cursor)
    cursor.readSpace()
    return { name, mailbox, items: readStatusItems(cursor) }
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
  if (cursor.peek() === DQUOTE || cursor.isAtLiteral() || isOneWord(cursor)) return readMailbox(cursor)
  const list = startOfLastList(cursor)
  if (list - 1 <= from) return cursor.fail('missing-octet', 'expected a list of items')
  cursor.quirk('bare-mailbox', 'a mailbox with spaces stands there without quotes')
  cursor.at = list - 1
  return decodeText(cursor.text.slice(from, cursor.at))
}

/** Where the parenthesis stands that the last one of the line closes; 0 when none does. */
function startOfLastList({ text, at: from, end }: Cursor): number {
  let depth = 0
  for (let at = text.lastIndexOf(')', end - 1); at > from; at--) {
    const octet = text.charCodeAt(at)
    if (octet === RPAREN) depth++
    if (octet === LPAREN && --depth === 0) return text.charCodeAt(at - 1) === SP ? at : 0
  }
  return 0
}

/** Whether nothing but spaces stands between the word that comes next and the list. */
function isOneWord(cursor: Cursor): boolean {
  const space = cursor.text.indexOf(' ', cursor.at)
  let at = space
  while (at >= 0 && cursor.text.charCodeAt(at) === SP) at++
  const word = cursor.text.slice(cursor.at, Math.max(space, cursor.at))
  return space >= 0 && cursor.text.charCodeAt(at) === LPAREN && !/[\t()]/u.test(word)
}
