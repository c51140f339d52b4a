/** Sequence sets: kept as they were written and never expanded, since `1:4294967295` is eleven octets; knows no mailbox. */

import type { Cursor } from './cursor.ts'
import { isDigit, STAR } from './octets.ts'

/** `1:4,7,9:*`, or `$` for the saved search result. */
export type SequenceSet = string

const COMMA = 0x2c
const COLON = 0x3a
const DOLLAR = 0x24

export function readSequenceSet(cursor: Cursor): SequenceSet {
  const from = cursor.at
  if (cursor.skip(DOLLAR)) return '$'
  do {
    readEnd(cursor)
    if (cursor.skip(COLON)) readEnd(cursor)
  } while (cursor.skip(COMMA))
  return cursor.text.slice(from, cursor.at)
}

/** One end of a range: a number or `*`. */
function readEnd(cursor: Cursor): void {
  if (cursor.skip(STAR)) return
  if (!isDigit(cursor.peek())) cursor.fail('bad-sequence-set', 'expected a number or *')
  while (isDigit(cursor.peek())) cursor.at++
}

/** True when a sequence set, not another word, comes next. */
export function isAtSequenceSet(cursor: Cursor): boolean {
  const next = cursor.peek()
  return isDigit(next) || next === STAR || next === DOLLAR
}
