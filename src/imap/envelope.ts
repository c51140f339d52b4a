/** ENVELOPE and its addresses (RFC 9051 section 7.5.2), and what servers are seen to send in their place. */

import type { Cursor } from './cursor.ts'
import { DQUOTE, LPAREN, RPAREN } from './octets.ts'
import { readNString, readQuoted, skipNil } from './strings.ts'
import { readSyntax } from './syntax.ts'
import type { Writer } from './writer.ts'

export interface Envelope {
  readonly date: string | null
  /** As it stands in the header: encoded words are not decoded. */
  readonly subject: string | null
  readonly from: readonly Address[]
  readonly sender: readonly Address[]
  readonly replyTo: readonly Address[]
  readonly to: readonly Address[]
  readonly cc: readonly Address[]
  readonly bcc: readonly Address[]
  readonly inReplyTo: string | null
  readonly messageId: string | null
}

/** A group begins with an address without host, its name in `mailbox`, and ends with one without either. */
export interface Address {
  readonly name: string | null
  /** The obsolete source route. */
  readonly route: string | null
  readonly mailbox: string | null
  readonly host: string | null
}

export function readEnvelope(cursor: Cursor): Envelope {
  cursor.open()
  if (cursor.octets[cursor.at] !== LPAREN) return readFields(cursor)
  // Domino puts a second pair of parentheses around it.
  cursor.quirk('wrapped-envelope', 'an envelope in a second pair of parentheses')
  cursor.open()
  const envelope = readFields(cursor)
  if (!cursor.close()) cursor.fail('trailing-octets', 'more than an envelope')
  return envelope
}

/** All behind the opening parenthesis, and the closing one. The last fields are seen to be missing. */
function readFields(cursor: Cursor): Envelope {
  const envelope = {
    date: readField(cursor),
    subject: readField(cursor),
    from: readAddresses(cursor),
    sender: readAddresses(cursor),
    replyTo: readAddresses(cursor),
    to: readAddresses(cursor),
    cc: readAddresses(cursor),
    bcc: readAddresses(cursor),
    inReplyTo: readField(cursor),
    messageId: readField(cursor),
  }
  while (!cursor.close()) {
    cursor.quirk('extra-field', 'an envelope or an address with more fields than it has')
    readSyntax(cursor)
  }
  return envelope
}

export function writeEnvelope(writer: Writer, envelope: Envelope): void {
  const { date, subject, from, sender, replyTo, to, cc, bcc, inReplyTo, messageId } = envelope
  writer.word('(')
  writer.nstring(date)
  writer.space()
  writer.nstring(subject)
  for (const addresses of [from, sender, replyTo, to, cc, bcc]) writeAddresses(writer, addresses)
  writer.space()
  writer.nstring(inReplyTo)
  writer.space()
  writer.nstring(messageId)
  writer.word(')')
}

/** One nstring of an envelope or an address, and the space behind it. */
function readField(cursor: Cursor): string | null {
  const next = cursor.octets[cursor.at]
  let value = null
  if (next === DQUOTE) value = readQuoted(cursor)
  else if (!skipNil(cursor)) value = readOddField(cursor)
  cursor.separate()
  return value
}

/** What is neither quoted nor NIL: a literal; or, against the grammar, a list or nothing at all. */
function readOddField(cursor: Cursor): string | null {
  if (isMissing(cursor)) return null
  if (cursor.peek() !== LPAREN) return readNString(cursor)
  cursor.quirk('list-for-string', 'a list where a string belongs')
  readSyntax(cursor)
  return null
}

function isMissing(cursor: Cursor): boolean {
  if (cursor.peek() !== RPAREN && !cursor.isAtEnd()) return false
  cursor.quirk('missing-field', 'an envelope or an address with fewer fields than it has')
  return true
}

// One for all: most envelopes have two or three fields without an address.
const noAddresses: readonly Address[] = []

/** NIL or a list of addresses, and the space behind it. */
function readAddresses(cursor: Cursor): readonly Address[] {
  let addresses = noAddresses
  if (cursor.octets[cursor.at] === LPAREN) addresses = readAddressList(cursor)
  else if (!skipNil(cursor)) readOddAddresses(cursor)
  cursor.separate()
  return addresses
}

function readOddAddresses(cursor: Cursor): void {
  if (isMissing(cursor)) return
  if (readNString(cursor) !== null) cursor.quirk('string-for-list', 'a string where addresses belong')
}

function readAddressList(cursor: Cursor): Address[] {
  cursor.open()
  // An array literal is as large as its items; one that grows from nothing has room for seventeen.
  const addresses = cursor.octets[cursor.at] === LPAREN ? [readAddress(cursor)] : []
  while (!cursor.closeUnspaced()) {
    if (cursor.peek() === LPAREN) addresses.push(readAddress(cursor))
    // SmarterMail puts NIL among the addresses.
    else if (readNString(cursor) === null) cursor.quirk('nil-in-list', 'NIL among the addresses')
    else cursor.quirk('string-for-list', 'a string among the addresses')
  }
  if (addresses.length === 0) cursor.quirk('empty-list', 'a list of no addresses where NIL belongs')
  return addresses
}

export function readAddress(cursor: Cursor): Address {
  cursor.open()
  const name = readField(cursor)
  const route = readField(cursor)
  const mailbox = readField(cursor)
  const host = readField(cursor)
  while (!cursor.close()) {
    cursor.quirk('extra-field', 'an envelope or an address with more fields than it has')
    readSyntax(cursor)
  }
  return { name, route, mailbox, host }
}

function writeAddresses(writer: Writer, addresses: readonly Address[]): void {
  writer.space()
  if (addresses.length === 0) return writer.word('NIL')
  writer.word('(')
  for (const address of addresses) writeAddress(writer, address)
  writer.word(')')
}

function writeAddress(writer: Writer, { name, route, mailbox, host }: Address): void {
  writer.list([name, route, mailbox, host], (to, part) => to.nstring(part))
}
