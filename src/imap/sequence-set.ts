/** Sequence sets: kept as they were written and never expanded, since `1:4294967295` is eleven octets; knows no mailbox. */

import type { Cursor } from './cursor.ts'
import { isDigit, MINUS, STAR, ZERO } from './octets.ts'
import { quirkZero } from './words.ts'

/** `1:4,7,9:*`, or `$` for the saved search result. */
export type SequenceSet = string

/** `1:100`, or `-1:-100` counted from the end (RFC 9394). */
export type PartialRange = string

const COMMA = 0x2c
const COLON = 0x3a
const DOLLAR = 0x24

/** The largest number; with fewer digits one is smaller without looking. */
const LONGEST = '4294967295'

export function readSequenceSet(cursor: Cursor): SequenceSet {
  const from = cursor.at
  if (cursor.skip(DOLLAR)) return '$'
  do {
    readEnd(cursor)
    if (cursor.skip(COLON)) readEnd(cursor)
  } while (cursor.skip(COMMA))
  return cursor.text.slice(from, cursor.at)
}

/** UIDs that a server names: neither `*` nor `$` means anything there. */
export function readUidSet(cursor: Cursor): SequenceSet {
  const set = readSequenceSet(cursor)
  if (set === '$' || set.includes('*'))
    cursor.quirk('open-uid-set', 'UIDs that a server names without numbers')
  return set
}

/** Both ends of a partial range count from the same end of the result. */
export function readPartialRange(cursor: Cursor): PartialRange {
  const from = cursor.at
  const isFromLast = readPartialEnd(cursor)
  if (!cursor.skip(COLON)) cursor.quirk('odd-partial-range', 'a partial range of one number')
  else if (readPartialEnd(cursor) !== isFromLast)
    cursor.quirk('odd-partial-range', 'a partial range that counts from both ends')
  return cursor.text.slice(from, cursor.at)
}

/** True when a sequence set, not another word, comes next. */
export function isAtSequenceSet(cursor: Cursor): boolean {
  const next = cursor.peek()
  return isDigit(next) || next === STAR || next === DOLLAR
}

/** One end of a range: a number or `*`. */
function readEnd(cursor: Cursor): void {
  if (!cursor.skip(STAR)) readDigits(cursor)
}

/** True when it counts from the last message. */
function readPartialEnd(cursor: Cursor): boolean {
  const isFromLast = cursor.skip(MINUS)
  readDigits(cursor)
  return isFromLast
}

function readDigits(cursor: Cursor): void {
  const { text, end, at: from } = cursor
  let at = from
  while (at < end && isDigit(text.charCodeAt(at))) at++
  if (at === from) cursor.fail('bad-sequence-set', 'expected a number or *')
  cursor.at = at
  checkDigits(cursor, from)
}

/** What has just been read is an nz-number, or the sender is told of. */
function checkDigits(cursor: Cursor, from: number): void {
  const { text, at } = cursor
  const isZeroFirst = text.charCodeAt(from) === ZERO
  if (!isZeroFirst && at - from < LONGEST.length) return
  const number = Number(text.slice(from, at))
  if (isZeroFirst) quirkZero(cursor, number)
  if (number > Number(LONGEST)) cursor.quirk('number-too-large', 'a number of more than 32 bits')
}
