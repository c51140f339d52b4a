/** Mod-sequences (RFC 7162 section 7): how they are read; knows no message. */

import type { Cursor } from './cursor.ts'
import { readNumber64 } from './words.ts'

const largest = (1n << 63n) - 1n

/** A mod-sequence; zero, which no message has, is a quirk. */
export function readModSequence(cursor: Cursor): bigint {
  const modseq = readModSequenceOrZero(cursor)
  if (modseq === 0n) cursor.quirk('zero-modseq', 'a mod-sequence of zero')
  return modseq
}

/** A mod-sequence, or zero where that has a meaning, as in UNCHANGEDSINCE. */
export function readModSequenceOrZero(cursor: Cursor): bigint {
  const modseq = readNumber64(cursor)
  if (modseq > largest) cursor.quirk('modseq-too-large', 'a mod-sequence of more than 63 bits')
  return modseq
}

/** A space, and a mod-sequence in parentheses. */
export function readListedModSequence(cursor: Cursor): bigint {
  cursor.readSpace()
  cursor.open()
  const modseq = readModSequence(cursor)
  if (!cursor.close()) cursor.fail('trailing-octets', 'more than one mod-sequence')
  return modseq
}
