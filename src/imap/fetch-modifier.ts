/** Modifiers of FETCH (RFC 4466, RFC 7162, RFC 9394): a registry, and those that nobody here knows kept. */

import type { Cursor } from './cursor.ts'
import {
  readKnownValue,
  readUnknownParameter,
  writeUnknownParameter,
  type UnknownParameter,
} from './known-value.ts'
import { readModSequence } from './mod-sequence.ts'
import { LPAREN } from './octets.ts'
import { readPartialRange, type PartialRange } from './sequence-set.ts'
import { readList } from './syntax.ts'
import { readNameAsWritten } from './words.ts'
import type { Writer } from './writer.ts'

export type FetchModifier =
  /** Only messages that changed later. */
  | { readonly name: 'CHANGEDSINCE'; readonly modseq: bigint }
  /** With the UIDs of those that are gone (QRESYNC). */
  | { readonly name: 'VANISHED' }
  | { readonly name: 'PARTIAL'; readonly range: PartialRange }
  | UnknownParameter

const readers = new Map<string, (cursor: Cursor) => FetchModifier>([
  [
    'CHANGEDSINCE',
    (cursor) => ({ name: 'CHANGEDSINCE', modseq: (cursor.readSpace(), readModSequence(cursor)) }),
  ],
  ['VANISHED', () => ({ name: 'VANISHED' })],
  ['PARTIAL', (cursor) => ({ name: 'PARTIAL', range: (cursor.readSpace(), readPartialRange(cursor)) })],
])

export const fetchModifierNames: ReadonlySet<string> = new Set(readers.keys())

/** `(CHANGEDSINCE 5 VANISHED)` behind a space, where it stands. */
export function readFetchModifiers(cursor: Cursor): FetchModifier[] | undefined {
  if (!cursor.isAtSpaceThen(LPAREN)) return undefined
  cursor.readSpace()
  const modifiers = readList(cursor, readFetchModifier)
  if (modifiers.length === 0) cursor.quirk('empty-list', 'parentheses with nothing in them')
  return modifiers
}

export function writeFetchModifiers(writer: Writer, modifiers: readonly FetchModifier[] | undefined): void {
  if (!modifiers) return
  writer.space()
  writer.list(modifiers, writeFetchModifier)
}

function readFetchModifier(cursor: Cursor): FetchModifier {
  const word = readNameAsWritten(cursor)
  const read = readers.get(word.toUpperCase())
  return (read && readKnownValue(cursor, read)) ?? readUnknownParameter(cursor, word)
}

function writeFetchModifier(writer: Writer, modifier: FetchModifier): void {
  switch (modifier.name) {
    case 'CHANGEDSINCE':
      return writer.word(`CHANGEDSINCE ${modifier.modseq}`)
    case 'PARTIAL':
      return writer.word(`PARTIAL ${modifier.range}`)
    case 'unknown':
      return writeUnknownParameter(writer, modifier)
    default:
      return writer.word(modifier.name)
  }
}
