/** What a SEARCH or SORT is asked to return (RFC 9051 section 6.4.4, RFC 5267, 6203, 9394), and unknown ones kept. */

import type { Cursor } from './cursor.ts'
import {
  readKnownValue,
  readUnknownParameter,
  writeUnknownParameter,
  type UnknownParameter,
} from './known-value.ts'
import { readPartialRange, type PartialRange } from './sequence-set.ts'
import { readList } from './syntax.ts'
import { readNameAsWritten } from './words.ts'
import type { Writer } from './writer.ts'

const bareOptions = ['MIN', 'MAX', 'ALL', 'COUNT', 'SAVE', 'RELEVANCY', 'UPDATE', 'CONTEXT'] as const

export type ReturnOption =
  | { readonly name: (typeof bareOptions)[number] }
  /** A window of the result: `PARTIAL 1:100`. */
  | { readonly name: 'PARTIAL'; readonly range: PartialRange }
  | UnknownParameter

/** Each option that is typed. */
export const returnOptionNames: ReadonlySet<string> = new Set([...bareOptions, 'PARTIAL'])

/** `(MIN MAX)`; nothing in the parentheses means ALL. */
export const readReturnOptions = (cursor: Cursor): ReturnOption[] => readList(cursor, readReturnOption)

function readReturnOption(cursor: Cursor): ReturnOption {
  const written = readNameAsWritten(cursor)
  const word = written.toUpperCase()
  const name = bareOptions.find((candidate) => candidate === word)
  if (name) return { name }
  const range = word === 'PARTIAL' ? readKnownValue(cursor, readSpacedRange) : undefined
  return range === undefined ? readUnknownParameter(cursor, written) : { name: 'PARTIAL', range }
}

function readSpacedRange(cursor: Cursor): PartialRange {
  cursor.readSpace()
  return readPartialRange(cursor)
}

export function writeReturnOptions(writer: Writer, options: readonly ReturnOption[]): void {
  writer.word(' RETURN ')
  writer.list(options, writeReturnOption)
}

function writeReturnOption(writer: Writer, option: ReturnOption): void {
  if (option.name === 'unknown') return writeUnknownParameter(writer, option)
  writer.word(option.name === 'PARTIAL' ? `PARTIAL ${option.range}` : option.name)
}
