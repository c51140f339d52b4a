/** Sequence sets: kept as they were written and never expanded, since `1:4294967295` is eleven octets; knows no mailbox. */

import type { Cursor } from './cursor.ts'
import { isDigit, STAR } from './octets.ts'

/** `1:4,7,9:*`, or `$` for the saved search result. */
export type SequenceSet = string

/** From low to high; `*` is Infinity. */
export interface SequenceRange {
  readonly low: number
  readonly high: number
}

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

/** The ranges as written, each turned so that it rises. `$` has none: what it holds, the session knows. */
export function* rangesOf(set: SequenceSet): Generator<SequenceRange> {
  if (set === '$' || set === '') return
  for (let from = 0; from <= set.length;) {
    const comma = set.indexOf(',', from)
    const end = comma < 0 ? set.length : comma
    yield rangeOf(set.slice(from, end))
    from = end + 1
  }
}

function rangeOf(text: string): SequenceRange {
  const [first = '', last = first] = text.split(':')
  const one = numberOf(first)
  const other = numberOf(last)
  return { low: Math.min(one, other), high: Math.max(one, other) }
}

const numberOf = (text: string): number => (text === '*' ? Infinity : Number(text))

/** Whether the set names `number`, where `*` stands for `largest`. */
export function hasMember(set: SequenceSet, number: number, largest: number): boolean {
  for (const range of rangesOf(set)) {
    const { low, high } = bounded(range, largest)
    if (number >= low && number <= high) return true
  }
  return false
}

/** How many numbers the set names, repeated ones counted again, where `*` stands for `largest`. */
export function countMembers(set: SequenceSet, largest: number): number {
  let count = 0
  for (const range of rangesOf(set)) {
    const { low, high } = bounded(range, largest)
    count += high - low + 1
  }
  return count
}

/** `4:*` names the last message even when that is message 3: the range turns round. */
function bounded(range: SequenceRange, largest: number): SequenceRange {
  const low = range.low === Infinity ? largest : range.low
  const high = range.high === Infinity ? largest : range.high
  return { low: Math.min(low, high), high: Math.max(low, high) }
}

/** One set out of many numbers, runs folded: 1, 2, 3, 7 becomes `1:3,7`. */
export function sequenceSetOf(numbers: readonly number[]): SequenceSet {
  const words: string[] = []
  for (let i = 0; i < numbers.length;) {
    let last = i
    while (numbers[last + 1] === (numbers[last] ?? 0) + 1) last++
    words.push(last === i ? String(numbers[i]) : `${numbers[i]}:${numbers[last]}`)
    i = last + 1
  }
  return words.join(',')
}
