/** Atoms and numbers: how they are read; knows no quoted strings, no literals and no meaning. */

import type { Cursor } from './cursor.ts'
import { DQUOTE, MINUS, RBRACKET, SP, ZERO, isDigit } from './octets.ts'
import { decodeText } from './utf8.ts'

// Classes of octets, as they end a word or colour it.
const STOP = 1
export const EIGHT_BIT = 2
const CONTROL = 4
export const CLOSING_BRACKET = 8
export const WILDCARD = 16
export const SPECIAL = 32

const classes = new Uint8Array(256)
for (let octet = 0; octet < 256; octet++) {
  classes[octet] = octet > 0x7f ? EIGHT_BIT : octet < 0x20 || octet === 0x7f ? CONTROL : 0
}
const classify = (octets: string, kind: number): void => {
  for (const octet of octets) classes[octet.charCodeAt(0)] = kind
}
classify(' ()', STOP)
classify('%*', WILDCARD)
classify('"\\{', SPECIAL)
classify(']', CLOSING_BRACKET)

/** A run of octets up to a space, a parenthesis or the end; the classes not `allowed` in it are a quirk. */
export function readRun(cursor: Cursor, allowed: number): string {
  const from = cursor.at
  const seen = skipRun(cursor)
  if (cursor.at === from) cursor.fail('missing-word', 'expected a word')
  const run = cursor.text.slice(from, cursor.at)
  if (seen === 0) return run
  if ((seen & ~allowed) !== 0) cursor.quirk('odd-atom', 'an atom with octets that atoms may not hold')
  return (seen & EIGHT_BIT) === 0 ? run : decodeText(run)
}

/** Past the run; the classes that were seen in it, 0 for an atom. */
export function skipRun(cursor: Cursor): number {
  const { octets, end } = cursor
  let { at } = cursor
  let seen = 0
  for (; at < end; at++) {
    const kind = classes[octets[at] ?? SP] ?? STOP
    if (kind === STOP) break
    seen |= kind
  }
  cursor.at = at
  return seen
}

/** A word whatever it holds. */
export const readWord = (cursor: Cursor): string => readRun(cursor, 0xff)

export const readAtom = (cursor: Cursor): string => readRun(cursor, 0)

/** An atom in upper case, as the names of commands, items and options are compared. */
export const readName = (cursor: Cursor): string => readNameAsWritten(cursor).toUpperCase()

/** The same as it stands, for names that nobody here may know: what they mean may depend on their case. */
export function readNameAsWritten(cursor: Cursor): string {
  // A client's quote opens a string for whoever frames what is written from this.
  if (cursor.raw.from === 'client' && cursor.peek() === DQUOTE)
    cursor.fail('missing-word', 'a quote where a name belongs')
  return readRun(cursor, 0)
}

/** True at the word, whatever its case, when it ends there; `word` must be given in upper case. */
function isAtWord(cursor: Cursor, word: string): boolean {
  const { text, at, end } = cursor
  if (at + word.length > end) return false
  if (at + word.length < end && classes[text.charCodeAt(at + word.length)] !== STOP) return false
  return text.slice(at, at + word.length).toUpperCase() === word
}

/** Takes the word when it stands here. */
export function skipWord(cursor: Cursor, word: string): boolean {
  if (!isAtWord(cursor, word)) return false
  cursor.at += word.length
  return true
}

/** RFC 9051 `number64`, as sizes are: a number as long as that is exact, a bigint beyond 2^53 - 1. */
export type LargeNumber = number | bigint

const TWO_TO_32 = 2 ** 32
const TWO_TO_63 = 2n ** 63n
const TWO_TO_64 = 2n ** 64n

/** Digits, whatever stands behind them, or undefined where there are none. */
export function readOptionalNumber(cursor: Cursor): LargeNumber | undefined {
  const { octets, at: from, end } = cursor
  let value = 0
  let at = from
  for (; at < end; at++) {
    const digit = (octets[at] ?? SP) - 0x30
    if (digit < 0 || digit > 9) break
    value = value * 10 + digit
  }
  if (at === from) return undefined
  cursor.at = at
  return value > Number.MAX_SAFE_INTEGER ? readExactly(cursor, from) : value
}

/** The digits that have just been read. */
function readExactly(cursor: Cursor, from: number): bigint {
  const number = cursor.at - from > 20 ? TWO_TO_64 : BigInt(cursor.text.slice(from, cursor.at))
  if (number >= TWO_TO_64) cursor.fail('number-too-large', 'a number of more than 64 bits')
  if (number >= TWO_TO_63) cursor.quirk('number-too-large', 'a number of more than 63 bits')
  return number
}

/** RFC 9051 `number64`, with no letter behind it. */
export function readLargeNumber(cursor: Cursor): LargeNumber {
  const from = cursor.at
  const number = readOptionalNumber(cursor)
  if (number === undefined) return cursor.fail('missing-number', 'expected a number')
  return isAtNumberEnd(cursor) ? number : readFloat(cursor, from)
}

/** RFC 9051 `number`, of 32 bits; what is larger is read as long as JavaScript counts it exactly. */
export function readNumber(cursor: Cursor): number {
  const number = readLargeNumber(cursor)
  if (number < TWO_TO_32) return Number(number)
  cursor.quirk('number-too-large', 'a number of more than 32 bits')
  return typeof number === 'number' ? number : cursor.fail('number-too-large', 'a number beyond 2^53 - 1')
}

/** RFC 9051 `nz-number`: message numbers, UIDs and whatever else is counted from 1. */
export function readNzNumber(cursor: Cursor): number {
  const isZeroFirst = cursor.peek() === ZERO
  const number = readNumber(cursor)
  if (isZeroFirst) quirkZero(cursor, number)
  return number
}

/** Of a number that begins with 0 where none above zero does; Courier counts messages from 0. */
export function quirkZero(cursor: Cursor, number: number): void {
  if (number === 0) cursor.quirk('zero-number', '0 where a number above it belongs')
  else cursor.quirk('leading-zero', 'a number that begins with 0')
}

function isAtNumberEnd({ octets, at, end }: Cursor): boolean {
  const next = octets[at]
  return next === SP || at === end || next === RBRACKET || classes[next ?? SP] === STOP
}

/** mail.ru counts in 9.3736e+06. */
function readFloat(cursor: Cursor, from: number): number {
  const written = /^\d+(\.\d+)?e\+?\d{1,2}/iu.exec(cursor.text.slice(from, from + 32))?.[0] ?? ''
  cursor.at = from + written.length
  const number = Number(written)
  if (written === '' || !isAtNumberEnd(cursor) || !Number.isSafeInteger(number))
    return cursor.fail('odd-number', 'a number that runs into other octets')
  cursor.quirk('odd-number', 'a number with an exponent')
  return number
}

/** A count of octets or lines; some servers write -1 where they do not know it. */
export function readCount(cursor: Cursor): LargeNumber {
  if (!cursor.skip(MINUS)) return readLargeNumber(cursor)
  cursor.quirk('negative-number', 'a count below zero')
  const number = readLargeNumber(cursor)
  return typeof number === 'number' ? 0 - number : -number
}

/** 63 bits (RFC 7162) or 64 (X-GM-MSGID), always as a bigint: such numbers are compared, never counted with. */
export function readNumber64(cursor: Cursor): bigint {
  const from = cursor.at
  if (cursor.skip(MINUS)) cursor.quirk('negative-number', 'a number below zero')
  const digits = cursor.at
  while (isDigit(cursor.peek())) cursor.at++
  const length = cursor.at - digits
  if (length === 0 || length > 20) cursor.fail('missing-number', 'expected a number of up to 64 bits')
  if (!isAtNumberEnd(cursor)) return BigInt(readFloat(cursor, digits))
  const number = BigInt(cursor.text.slice(from, cursor.at))
  return number < TWO_TO_64 ? number : cursor.fail('number-too-large', 'a number of more than 64 bits')
}
