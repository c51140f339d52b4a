/** Mailbox filters (RFC 5465 section 6, RFC 7377 section 2.1): which mailboxes a command is about. */

import type { Cursor } from './cursor.ts'
import { readMailbox, writeMailbox, type MailboxName } from './mailbox.ts'
import { LPAREN } from './octets.ts'
import { readSpacedList } from './spaced-list.ts'
import { readSyntax, writeSyntax, type Syntax } from './syntax.ts'
import { readNameAsWritten } from './words.ts'
import type { Writer } from './writer.ts'

const bareFilters = ['SELECTED', 'SELECTED-DELAYED', 'INBOXES', 'PERSONAL', 'SUBSCRIBED'] as const
const namingFilters = ['SUBTREE', 'SUBTREE-ONE', 'MAILBOXES'] as const

export type MailboxFilter =
  | { readonly name: (typeof bareFilters)[number] }
  | { readonly name: (typeof namingFilters)[number]; readonly mailboxes: readonly MailboxName[] }
  /** As written. */
  | { readonly name: 'unknown'; readonly word: string; readonly value?: Syntax }

export function readMailboxFilter(cursor: Cursor): MailboxFilter {
  const written = readNameAsWritten(cursor)
  const word = written.toUpperCase()
  const bare = bareFilters.find((candidate) => candidate === word)
  if (bare) return { name: bare }
  const naming = namingFilters.find((candidate) => candidate === word)
  if (naming) {
    cursor.readSpace()
    return { name: naming, mailboxes: readOneOrMore(cursor) }
  }
  if (cursor.peek() !== LPAREN && !cursor.isAtSpaceThen(LPAREN)) return { name: 'unknown', word: written }
  // A client's missing space is a fault there: what it belongs to nobody knows.
  cursor.readSpace()
  return { name: 'unknown', word: written, value: readSyntax(cursor) }
}

export function writeMailboxFilter(writer: Writer, filter: MailboxFilter): void {
  writer.word(filter.name === 'unknown' ? filter.word : filter.name)
  if ('mailboxes' in filter) {
    writer.space()
    writeOneOrMore(writer, filter.mailboxes)
  } else if (filter.name === 'unknown' && filter.value) {
    writer.space()
    writeSyntax(writer, filter.value)
  }
}

/** RFC 5465 `one-or-more-mailbox`. */
function readOneOrMore(cursor: Cursor): MailboxName[] {
  return cursor.peek() === LPAREN ? readSpacedList(cursor, readMailbox) : [readMailbox(cursor)]
}

function writeOneOrMore(writer: Writer, mailboxes: readonly MailboxName[]): void {
  const [only] = mailboxes
  if (mailboxes.length === 1 && only !== undefined) writeMailbox(writer, only)
  else writer.list(mailboxes, writeMailbox)
}
