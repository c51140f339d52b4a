/** ENVELOPE and its addresses (RFC 9051 section 7.5.2), and what servers are seen to send in their place. */

import type { Cursor } from './cursor.ts'
import { DQUOTE, LPAREN, RPAREN } from './octets.ts'
import { readNString } from './strings.ts'
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
  if (cursor.peek() !== LPAREN) return readFields(cursor)
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
    cursor.quirk('extra-field', 'an envelope with more fields than ten')
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

/** One nstring and the space behind it. */
function readField(cursor: Cursor): string | null {
  const next = cursor.peek()
  if (next === RPAREN) return missingField(cursor)
  const value = next === DQUOTE || next !== LPAREN ? readNString(cursor) : skipList(cursor)
  if (cursor.peek() !== RPAREN) cursor.readSpace()
  return value
}

function missingField(cursor: Cursor): null {
  cursor.quirk('missing-field', 'an envelope with fewer fields than ten')
  return null
}

function skipList(cursor: Cursor): null {
  cursor.quirk('list-for-string', 'a list where a string belongs')
  readSyntax(cursor)
  return null
}

/** NIL or a list of addresses, and the space behind it. */
function readAddresses(cursor: Cursor): Address[] {
  const addresses: Address[] = []
  if (cursor.peek() === RPAREN) {
    missingField(cursor)
    return addresses
  }
  if (cursor.peek() === LPAREN) readAddressList(cursor, addresses)
  else if (readNString(cursor) !== null) cursor.quirk('string-for-list', 'a string where addresses belong')
  if (cursor.peek() !== RPAREN) cursor.readSpace()
  return addresses
}

function readAddressList(cursor: Cursor, addresses: Address[]): void {
  cursor.open()
  while (!cursor.close()) {
    if (cursor.peek() === LPAREN) addresses.push(readAddress(cursor))
    // SmarterMail puts NIL among the addresses.
    else if (readNString(cursor) === null) cursor.quirk('nil-in-list', 'NIL among the addresses')
    else cursor.quirk('string-for-list', 'a string among the addresses')
  }
}

export function readAddress(cursor: Cursor): Address {
  cursor.open()
  const name = readPart(cursor)
  const route = readPart(cursor)
  const mailbox = readPart(cursor)
  const host = readPart(cursor)
  while (!cursor.close()) {
    cursor.quirk('extra-field', 'an address with more parts than four')
    readSyntax(cursor)
  }
  return { name, route, mailbox, host }
}

function readPart(cursor: Cursor): string | null {
  if (cursor.peek() === RPAREN) {
    cursor.quirk('missing-field', 'an address with fewer parts than four')
    return null
  }
  const part = readNString(cursor)
  if (cursor.peek() !== RPAREN) cursor.readSpace()
  return part
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
