/** Quoted strings, literals, astrings and nstrings: how they are read; knows no meaning. */

import type { Cursor } from './cursor.ts'
import { BACKSLASH, DQUOTE, LPAREN, octetsOf, RBRACKET, RPAREN, SP, latin1 } from './octets.ts'
import type { Literal, MessageData, Streamed } from './syntax.ts'
import { decodeText, encodeText, hasKeptOctet, isAscii } from './utf8.ts'
import { CLOSING_BRACKET, readRun, readWord, WILDCARD } from './words.ts'

/** Atom, quoted string or literal; NIL is a word like any other. */
export function readAString(cursor: Cursor): string {
  return readStringOrRun(cursor, CLOSING_BRACKET)
}

/** A pattern of LIST: an astring whose atom may hold wildcards. */
export function readListMailbox(cursor: Cursor): string {
  return readStringOrRun(cursor, CLOSING_BRACKET | WILDCARD)
}

function readStringOrRun(cursor: Cursor, allowed: number): string {
  if (cursor.peek() === DQUOTE) return readQuoted(cursor)
  return cursor.isAtLiteral() ? readLiteralText(cursor) : readRun(cursor, allowed)
}

/** A string, or null for NIL. A bare word in its place is a quirk. */
export function readNString(cursor: Cursor): string | null {
  if (cursor.peek() === DQUOTE) return readQuoted(cursor)
  if (skipNil(cursor)) return null
  if (cursor.isAtLiteral()) return readLiteralText(cursor)
  const word = readWord(cursor)
  if (word.toUpperCase() === 'NIL') return null
  cursor.quirk('atom-for-string', 'a bare word where a string belongs')
  return word
}

/** Takes NIL, as nearly every server spells it, without cutting it out: a third of an envelope's fields are that. */
export function skipNil(cursor: Cursor): boolean {
  const { text, at, end } = cursor
  if (text.charCodeAt(at) !== 0x4e || text.charCodeAt(at + 1) !== 0x49 || text.charCodeAt(at + 2) !== 0x4c)
    return false
  if (at + 3 > end) return false
  const next = at + 3 < end ? text.charCodeAt(at + 3) : SP
  if (next !== SP && next !== RPAREN && next !== LPAREN) return false
  cursor.at = at + 3
  return true
}

/** A string where NIL has no meaning but is seen; an empty one stands for it. */
export function readStringOrNil(cursor: Cursor): string {
  const text = readNString(cursor)
  if (text === null) cursor.quirk('nil-for-string', 'NIL where a string belongs')
  return text ?? ''
}

/** A quoted string; its opening quote comes next. */
export function readQuoted(cursor: Cursor): string {
  const { text, end } = cursor
  const start = cursor.at + 1
  const at = text.indexOf('"', start)
  if (at < 0 || at >= end || cursor.hasBackslashBefore(at) || !isClosing(cursor, at))
    return readOddQuoted(cursor)
  cursor.at = at + 1
  return cursor.isSevenBit ? text.slice(start, at) : readEightBit(cursor, text.slice(start, at))
}

/** UTF-8 stands in a quoted string only once it was enabled; any other octet never does. */
function readEightBit(cursor: Cursor, octets: string): string {
  const text = decodeText(octets)
  if (!cursor.reading.isUtf8 && !isAscii(octets))
    cursor.quirk('eight-bit-quoted', 'a quoted string with 8-bit octets, without UTF8=ACCEPT')
  else if (cursor.reading.isUtf8 && hasKeptOctet(text))
    cursor.quirk('bad-utf8', 'octets that are not UTF-8 in a quoted string')
  return text
}

/** The slow way: escapes, inner quotes, and strings that the line end closes. */
function readOddQuoted(cursor: Cursor): string {
  const { text, end } = cursor
  let value = ''
  let copied = cursor.at + 1
  for (let at = copied; at < end; at++) {
    const octet = text.charCodeAt(at)
    if (octet === DQUOTE && isClosing(cursor, at)) {
      cursor.at = at + 1
      return readEightBit(cursor, value + text.slice(copied, at))
    }
    if (octet === DQUOTE) cursor.quirk('inner-quote', 'a quote inside a quoted string is not escaped')
    if (octet !== BACKSLASH) continue
    if (isEscapable(cursor, at + 1)) {
      value += text.slice(copied, at)
      copied = ++at
    } else cursor.quirk('odd-escape', 'a backslash before an octet that needs none')
  }
  cursor.at = end
  cursor.quirk('unterminated-quoted', 'a quoted string is open at the line end')
  return readEightBit(cursor, value + text.slice(copied, end))
}

const isEscapable = (cursor: Cursor, at: number): boolean => {
  const octet = at < cursor.end ? cursor.text.charCodeAt(at) : -1
  return octet === DQUOTE || octet === BACKSLASH
}

/** Servers are seen to leave quotes inside a string unescaped; there a quote closes only where a string can end. */
function isClosing(cursor: Cursor, at: number): boolean {
  if (canFollowString(cursor, at + 1) || cursor.raw.from === 'client') return true
  // Two strings without the space between them: "TEXT""PLAIN".
  return (
    cursor.text.charCodeAt(at + 1) === DQUOTE &&
    at + 2 < cursor.end &&
    isPlain(cursor.text.charCodeAt(at + 2))
  )
}

function canFollowString(cursor: Cursor, at: number): boolean {
  if (at >= cursor.end) return true
  const octet = cursor.text.charCodeAt(at)
  return octet === SP || octet === RPAREN || octet === RBRACKET || octet === LPAREN
}

const isPlain = (octet: number): boolean =>
  octet !== DQUOTE && octet !== SP && octet !== RPAREN && octet !== RBRACKET

function readLiteralText(cursor: Cursor): string {
  const { octets } = cursor.takeLiteral()
  if (!octets) return cursor.fail('literal-too-large', 'a literal too large to be kept stands for a string')
  return decodeText(latin1(octets))
}

/** The literal that stands here, as it is. */
export function readLiteral(cursor: Cursor): Literal | Streamed {
  const { announced, octets, digest } = cursor.takeLiteral()
  const { isBinary, size } = announced
  if (octets) return { kind: 'literal', octets, isBinary }
  const streamed: Streamed = { kind: 'streamed', size, isBinary }
  return digest === undefined ? streamed : { ...streamed, digest }
}

/** An nstring that is message data. */
export function readMessageData(cursor: Cursor): MessageData {
  if (!cursor.isAtLiteral()) {
    const text = readNString(cursor)
    return text === null ? null : octetsOf(encodeText(text))
  }
  const literal = readLiteral(cursor)
  return literal.kind === 'literal' ? literal.octets : literal
}
