/** What an ESEARCH response returns (RFC 9051 section 7.3.4, RFC 5267, 6203, 7162, 9394), and unknown items kept. */

import type { Cursor } from './cursor.ts'
import { readKnownValue, readUnknownParameter, writeUnknownParameter } from './known-value.ts'
import type { UnknownParameter } from './known-value.ts'
import { readModSequence } from './mod-sequence.ts'
import { readPartialRange, readSequenceSet, type PartialRange, type SequenceSet } from './sequence-set.ts'
import { readSpacedList } from './spaced-list.ts'
import { readList } from './syntax.ts'
import { readNameAsWritten, readNumber, readNzNumber, skipWord } from './words.ts'
import type { Writer } from './writer.ts'

export type EsearchItem =
  | { readonly name: 'MIN' | 'MAX' | 'COUNT'; readonly value: number }
  /** In the order of the mailbox, or of the SORT. */
  | { readonly name: 'ALL'; readonly messages: SequenceSet }
  | { readonly name: 'MODSEQ'; readonly modseq: bigint }
  /** How well each message matched, 1 to 100, in the order of the result. */
  | { readonly name: 'RELEVANCY'; readonly scores: readonly number[] }
  /** A window of the result; null for NIL: the result does not reach that far. */
  | { readonly name: 'PARTIAL'; readonly range: PartialRange; readonly messages: SequenceSet | null }
  /** News of a search whose updates were asked for. */
  | { readonly name: 'ADDTO' | 'REMOVEFROM'; readonly changes: readonly ContextChange[] }
  | UnknownParameter

export interface ContextChange {
  /** Where in the result, the first being 1; 0 where the server does not keep the order. */
  readonly position: number
  readonly messages: SequenceSet
}

type KnownItem = Exclude<EsearchItem, UnknownParameter>

const readers = new Map<string, (cursor: Cursor) => KnownItem>([
  ['MIN', (cursor) => ({ name: 'MIN', value: readNzNumber(cursor) })],
  ['MAX', (cursor) => ({ name: 'MAX', value: readNzNumber(cursor) })],
  ['COUNT', (cursor) => ({ name: 'COUNT', value: readNumber(cursor) })],
  ['ALL', (cursor) => ({ name: 'ALL', messages: readMessages(cursor) })],
  ['MODSEQ', (cursor) => ({ name: 'MODSEQ', modseq: readModSequence(cursor) })],
  ['RELEVANCY', (cursor) => ({ name: 'RELEVANCY', scores: readList(cursor, readScore) })],
  ['PARTIAL', readPartial],
  ['ADDTO', (cursor) => ({ name: 'ADDTO', changes: readSpacedList(cursor, readChange) })],
  ['REMOVEFROM', (cursor) => ({ name: 'REMOVEFROM', changes: readSpacedList(cursor, readChange) })],
])

/** Each item that is typed. */
export const esearchItemNames: ReadonlySet<string> = new Set(readers.keys())

export function readEsearchItem(cursor: Cursor): EsearchItem {
  const written = readNameAsWritten(cursor)
  const word = written.toUpperCase()
  const read = readers.get(word)
  const item = read && readKnownValue(cursor, (at) => readSpaced(at, read))
  if (item) return item
  if (word === 'UID') cursor.quirk('misplaced-word', 'UID does not stand in front')
  const unknown = readUnknownParameter(cursor, written)
  if (!read && !unknown.value) cursor.quirk('missing-value', 'an item without its value')
  return unknown
}

export function writeEsearchItem(writer: Writer, item: EsearchItem): void {
  if (item.name === 'unknown') return writeUnknownParameter(writer, item)
  writer.word(`${item.name} `)
  switch (item.name) {
    case 'MIN':
    case 'MAX':
    case 'COUNT':
      return writer.number(item.value)
    case 'ALL':
      return writer.word(item.messages)
    case 'MODSEQ':
      return writer.number(item.modseq)
    case 'RELEVANCY':
      return writer.list(item.scores, (to, score) => to.number(score))
    case 'PARTIAL':
      return writer.word(`(${item.range} ${item.messages ?? 'NIL'})`)
    case 'ADDTO':
    case 'REMOVEFROM':
      return writer.list(item.changes, (to, { position, messages }) => to.word(`${position} ${messages}`))
  }
}

function readSpaced(cursor: Cursor, read: (cursor: Cursor) => KnownItem): KnownItem {
  cursor.readSpace()
  return read(cursor)
}

/** What a client must send for `$` a server has to write out. */
function readMessages(cursor: Cursor): SequenceSet {
  const set = readSequenceSet(cursor)
  if (set === '$') cursor.quirk('open-uid-set', 'a result that is not written out')
  return set
}

function readScore(cursor: Cursor): number {
  const score = readNzNumber(cursor)
  if (score > 100) cursor.quirk('odd-score', 'a score above 100')
  return score
}

function readPartial(cursor: Cursor): KnownItem {
  cursor.open()
  const range = readPartialRange(cursor)
  cursor.readSpace()
  const messages = skipWord(cursor, 'NIL') ? null : readSequenceSet(cursor)
  if (!cursor.close()) cursor.fail('trailing-octets', 'more than a range and its messages')
  return { name: 'PARTIAL', range, messages }
}

function readChange(cursor: Cursor): ContextChange {
  const position = readNumber(cursor)
  cursor.readSpace()
  return { position, messages: readSequenceSet(cursor) }
}
