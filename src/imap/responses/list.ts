/** LIST, LSUB and Gmail's XLIST as responses (RFC 9051 section 7.3.1), with extended data (RFC 5258). */

import type { Cursor } from '../cursor.ts'
import { readFlags, writeFlags, type Flag } from '../flag.ts'
import { readKnownValue } from '../known-value.ts'
import { readMailbox, writeMailbox, type MailboxName } from '../mailbox.ts'
import { BACKSLASH, DQUOTE, LPAREN, SP } from '../octets.ts'
import { readAString, readNString } from '../strings.ts'
import { readSpacedList } from '../spaced-list.ts'
import { readList, readSyntax, writeSyntax, type Syntax } from '../syntax.ts'
import { decodeText } from '../utf8.ts'
import type { Writer } from '../writer.ts'
import type { UntaggedForm } from './form.ts'

const DEL = 0x7f

export interface ListData {
  readonly name: 'LIST' | 'LSUB' | 'XLIST'
  readonly attributes: readonly Flag[]
  /** Null for NIL: the name has no hierarchy. */
  readonly delimiter: string | null
  readonly mailbox: MailboxName
  readonly extensions?: readonly ListExtension[]
}

export type ListExtension =
  | { readonly name: 'CHILDINFO'; readonly options: readonly string[] }
  | { readonly name: 'OLDNAME'; readonly mailbox: MailboxName }
  | { readonly name: 'unknown'; readonly word: string; readonly value: Syntax }

export const list: UntaggedForm<ListData> = {
  names: ['LIST', 'LSUB', 'XLIST'],
  isNumbered: false,
  read(cursor, { name }) {
    cursor.readSpace()
    const attributes = readAttributes(cursor)
    cursor.readSpace()
    const delimiter = readDelimiter(cursor)
    const mailbox = readBareMailbox(cursor)
    const extensions = cursor.isAtSpaceThen(LPAREN) ? readExtensions(cursor) : undefined
    return { name, attributes, delimiter, mailbox, ...(extensions && { extensions }) }
  },
  write(writer, { name, attributes, delimiter, mailbox, extensions }) {
    writer.word(`${name} `)
    writeFlags(writer, attributes)
    writer.space()
    writer.nstring(delimiter)
    writer.space()
    writeMailbox(writer, mailbox)
    if (!extensions) return
    writer.space()
    writer.list(extensions, writeExtension)
  },
}

function readAttributes(cursor: Cursor): Flag[] {
  const attributes = readFlags(cursor)
  if (!attributes.every((attribute) => attribute.startsWith('\\')))
    cursor.quirk('odd-attribute', 'an attribute of a mailbox without its backslash')
  return attributes
}

/** With the space behind it. Where none stands, the mailbox comes next. */
function readDelimiter(cursor: Cursor): string | null {
  if (isPlainDelimiter(cursor)) {
    cursor.at += 4
    return cursor.text.charAt(cursor.at - 3)
  }
  const delimiter = cursor.attempt(readSpacedDelimiter)
  if (delimiter !== undefined) return delimiter
  cursor.quirk('missing-delimiter', 'no delimiter between attributes and mailbox')
  return null
}

/** `"/" `, decided on four octets: nearly every one. */
function isPlainDelimiter({ octets, at, end }: Cursor): boolean {
  const octet = octets[at + 1] ?? SP
  if (octets[at] !== DQUOTE || octets[at + 2] !== DQUOTE || octets[at + 3] !== SP || at + 4 >= end)
    return false
  return octet > SP && octet < DEL && octet !== BACKSLASH && octet !== DQUOTE && octets[at + 4] !== SP
}

/** One quoted octet, or NIL. */
function readSpacedDelimiter(cursor: Cursor): string | null {
  const isWord = cursor.peek() !== DQUOTE
  const delimiter = readNString(cursor)
  const length = delimiter?.length ?? 1
  if ((isWord && length > 1) || !cursor.hasMore()) cursor.fail('missing-delimiter', 'this was the mailbox')
  if (length !== 1) cursor.quirk('odd-delimiter', 'a delimiter that is not one octet')
  cursor.readSpace()
  return delimiter
}

/** A mailbox; one that stands there without quotes although it holds spaces takes the rest of the line. */
function readBareMailbox(cursor: Cursor): MailboxName {
  const from = cursor.at
  const { text, end } = cursor
  if (cursor.peek() === DQUOTE || cursor.isAtLiteral()) return readMailbox(cursor)
  const mailbox = cursor.attempt(readLastMailbox)
  if (mailbox !== undefined) return mailbox
  if (from === end) cursor.fail('missing-word', 'expected a mailbox')
  cursor.quirk('bare-mailbox', 'a mailbox with spaces stands there without quotes')
  cursor.at = end
  return decodeText(text.slice(from, end))
}

/** Only spaces or extended data may follow it. */
function readLastMailbox(cursor: Cursor): MailboxName {
  const mailbox = readMailbox(cursor)
  if (cursor.hasMore() && !isAtExtensions(cursor)) cursor.fail('trailing-octets', 'more than one word')
  return mailbox
}

/** Only a well-formed list up to the line end is extended data; else the parenthesis belongs to the name. */
function isAtExtensions(cursor: Cursor): boolean {
  return cursor.isAtSpaceThen(LPAREN) && cursor.wouldRead(readLastExtensions)
}

function readLastExtensions(cursor: Cursor): ListExtension[] {
  const extensions = readExtensions(cursor)
  cursor.readEnd()
  return extensions
}

function readExtensions(cursor: Cursor): ListExtension[] {
  cursor.readSpace()
  return readList(cursor, readExtension)
}

/** Tag to reader of the value. */
const readers: ReadonlyMap<string, (cursor: Cursor) => ListExtension> = new Map<
  string,
  (cursor: Cursor) => ListExtension
>([
  ['CHILDINFO', (cursor) => ({ name: 'CHILDINFO', options: readSpacedList(cursor, readAString) })],
  ['OLDNAME', (cursor) => ({ name: 'OLDNAME', mailbox: readOldName(cursor) })],
])

/** Upper case. */
export const listDataNames: ReadonlySet<string> = new Set(readers.keys())

function readExtension(cursor: Cursor): ListExtension {
  const word = readAString(cursor)
  cursor.readSpace()
  const read = readers.get(word.toUpperCase())
  const extension = read && readKnownValue(cursor, read)
  return extension ?? { name: 'unknown', word, value: readSyntax(cursor) }
}

function readOldName(cursor: Cursor): MailboxName {
  cursor.open()
  const mailbox = readMailbox(cursor)
  if (!cursor.close()) cursor.fail('trailing-octets', 'more than one old name')
  return mailbox
}

function writeExtension(writer: Writer, extension: ListExtension): void {
  writer.string(extension.name === 'unknown' ? extension.word : extension.name)
  writer.space()
  if (extension.name === 'unknown') return writeSyntax(writer, extension.value)
  if (extension.name === 'CHILDINFO') return writer.list(extension.options, (to, option) => to.string(option))
  writer.list([extension.mailbox], writeMailbox)
}
