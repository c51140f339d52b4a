/** Quoted strings, literals, astrings and nstrings: how they are read; knows no meaning. */

import type { Cursor } from './cursor.ts'
import { DQUOTE, LPAREN, NUL, octetsOf, RPAREN, SP, STAR, TILDE, latin1 } from './octets.ts'
import { isClosing, readOddQuoted } from './odd-quoted.ts'
import type { Literal, MessageData, Streamed } from './syntax.ts'
import { decodeText, encodeText } from './utf8.ts'
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
  if (cursor.peek() === DQUOTE || skipUtf8Mark(cursor)) return readQuoted(cursor)
  if (!cursor.isAtLiteral()) return readRun(cursor, allowed)
  if (cursor.octets[cursor.at] === TILDE) cursor.quirk('binary-string', 'a literal8 where a string belongs')
  return readLiteralText(cursor)
}

/** A string, or null for NIL. A bare word in its place is a quirk. */
export function readNString(cursor: Cursor): string | null {
  if (cursor.octets[cursor.at] === DQUOTE) return readQuoted(cursor)
  if (skipNil(cursor)) return null
  if (cursor.isAtLiteral()) return readLiteralText(cursor)
  if (skipUtf8Mark(cursor)) return readQuoted(cursor)
  const word = readWord(cursor)
  if (word.toUpperCase() === 'NIL') return null
  cursor.quirk('atom-for-string', 'a bare word where a string belongs')
  return word
}

/** The star of `*"café"`, as RFC 5738 had UTF-8 quoted before RFC 6855 did away with it. */
function skipUtf8Mark(cursor: Cursor): boolean {
  if (cursor.peek() !== STAR || cursor.octets[cursor.at + 1] !== DQUOTE) return false
  if (cursor.text.indexOf('"', cursor.at + 2) < 0) return false
  cursor.quirk('utf8-quoted', 'a star before a quoted string')
  cursor.at++
  return true
}

/** Takes NIL, as nearly every server spells it, without cutting it out: a third of an envelope's fields are that. */
export function skipNil(cursor: Cursor): boolean {
  const { octets, at, end } = cursor
  if (octets[at] !== 0x4e || octets[at + 1] !== 0x49 || octets[at + 2] !== 0x4c) return false
  const next = octets[at + 3]
  if (next !== SP && next !== RPAREN && next !== LPAREN && at + 3 !== end) return false
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
  const { text, at } = cursor
  const close = text.indexOf('"', at + 1)
  const isPlain = (at >= cursor.plainFrom && close < cursor.plainEnd) || cursor.isPlainUpTo(close)
  if (close < 0 || !isPlain || !isClosing(cursor, close)) return readOddQuoted(cursor)
  cursor.at = close + 1
  return text.slice(at + 1, close)
}

function readLiteralText(cursor: Cursor): string {
  const { announced, octets } = cursor.takeLiteral()
  if (!octets) return cursor.fail('literal-too-large', 'a literal too large to be kept stands for a string')
  if (!announced.isBinary) checkNul(cursor, octets)
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

/** The same of what a client brings: only a literal8 may hold NUL, and servers cut others off there. */
export function readSentLiteral(cursor: Cursor): Literal | Streamed {
  const literal = readLiteral(cursor)
  if (literal.kind === 'literal' && !literal.isBinary) checkNul(cursor, literal.octets)
  return literal
}

function checkNul(cursor: Cursor, octets: Uint8Array): void {
  if (octets.includes(NUL)) cursor.quirk('nul-in-literal', 'a NUL in a literal that is not a literal8')
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
