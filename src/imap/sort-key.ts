/** Sort criteria (RFC 5256, 5957, 6203, 5257, and those of Cyrus): by what, and whether backwards. */

import type { Cursor } from './cursor.ts'
import type { Flag } from './flag.ts'
import { readSearchedAttribute } from './search-keys/extended.ts'
import { readSpacedFlag, writeSpacedFlag } from './search-keys/form.ts'
import { readAString } from './strings.ts'
import { readNameAsWritten } from './words.ts'
import type { Writer } from './writer.ts'

const bareKeys = [
  'ARRIVAL',
  'CC',
  'DATE',
  'FROM',
  'SIZE',
  'SUBJECT',
  'TO',
  'DISPLAYFROM',
  'DISPLAYTO',
  'RELEVANCY',
  'CONVEXISTS',
  'CONVMODSEQ',
  'CONVSIZE',
  'FOLDER',
  'MODSEQ',
  'SPAMSCORE',
  'UID',
] as const
const flagKeys = ['HASFLAG', 'HASCONVFLAG'] as const

export type SortCriterion = { readonly isReverse: boolean } & (
  | { readonly key: (typeof bareKeys)[number] }
  | { readonly key: (typeof flagKeys)[number]; readonly flag: Flag }
  /** `ANNOTATION /comment value.shared`. */
  | { readonly key: 'ANNOTATION'; readonly entry: string; readonly attribute: string }
  /** As written. */
  | { readonly key: 'unknown'; readonly word: string }
)

/** Each key that is typed. */
export const sortKeyNames: ReadonlySet<string> = new Set([...bareKeys, ...flagKeys, 'ANNOTATION', 'REVERSE'])

export function readSortCriterion(cursor: Cursor): SortCriterion {
  const word = readNameAsWritten(cursor)
  if (word.toUpperCase() !== 'REVERSE') return readSortKey(cursor, word, false)
  cursor.readSpace()
  return readSortKey(cursor, readNameAsWritten(cursor), true)
}

export function writeSortCriterion(writer: Writer, criterion: SortCriterion): void {
  if (criterion.isReverse) writer.word('REVERSE ')
  writer.word(criterion.key === 'unknown' ? criterion.word : criterion.key)
  if (criterion.key === 'ANNOTATION') {
    writer.space()
    writer.astring(criterion.entry)
    writer.word(` ${criterion.attribute}`)
  } else if ('flag' in criterion) writeSpacedFlag(writer, criterion.flag)
}

function readSortKey(cursor: Cursor, written: string, isReverse: boolean): SortCriterion {
  const word = written.toUpperCase()
  const key = bareKeys.find((candidate) => candidate === word)
  if (key) return { isReverse, key }
  if (word === 'ANNOTATION') return readAnnotation(cursor, isReverse)
  const flagKey = flagKeys.find((candidate) => candidate === word)
  if (flagKey) return { isReverse, key: flagKey, flag: readSpacedFlag(cursor) }
  if (word === 'REVERSE') cursor.quirk('double-reverse', 'REVERSE stands before REVERSE')
  return { isReverse, key: 'unknown', word: written }
}

function readAnnotation(cursor: Cursor, isReverse: boolean): SortCriterion {
  cursor.readSpace()
  const entry = readAString(cursor)
  cursor.readSpace()
  return { isReverse, key: 'ANNOTATION', entry, attribute: readSearchedAttribute(cursor) }
}
