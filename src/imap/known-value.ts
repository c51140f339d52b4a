/** What stands behind a word that is known: read as what it should be, or kept as it stands; knows no word. */

import type { Cursor } from './cursor.ts'
import { DQUOTE, isDigit, LPAREN, MINUS, SP, STAR } from './octets.ts'
import { readSyntax, writeSyntax, type Syntax } from './syntax.ts'
import type { Writer } from './writer.ts'

/** A name that nobody here knows, or whose value cannot be read, with its value where one stood there. */
export interface UnknownParameter {
  readonly name: 'unknown'
  /** As written. */
  readonly word: string
  readonly value?: Syntax
}

/**
 * What `read` makes of what comes next. Where it fails, that is a quirk, the cursor stands where it stood, and the answer
 * is undefined.
 */
export function readKnownValue<T>(cursor: Cursor, read: (cursor: Cursor) => T): T | undefined {
  const value = cursor.attempt(read)
  if (value === undefined) cursor.quirk('odd-value', 'a value that its word does not allow')
  return value
}

/** Behind the word: the value, where one stands there (RFC 4466 `tagged-ext-val`). */
export function readUnknownParameter(cursor: Cursor, word: string): UnknownParameter {
  if (!isBeforeValue(cursor)) return { name: 'unknown', word }
  cursor.readSpace()
  const value = readSyntax(cursor)
  if (value.kind === 'quoted' || value.kind === 'literal')
    cursor.quirk('odd-value', 'a string where only numbers, sets and lists may stand')
  return { name: 'unknown', word, value }
}

export function writeUnknownParameter(writer: Writer, { word, value }: UnknownParameter): void {
  writer.word(word)
  if (!value) return
  writer.space()
  writeSyntax(writer, value)
}

/** Values are numbers, sets, lists or strings; any other word is the next name. */
function isBeforeValue(cursor: Cursor): boolean {
  const { text, at, end } = cursor
  let next = at
  while (next < end && text.charCodeAt(next) === SP) next++
  if (next === at) return false
  const octet = text.charCodeAt(next)
  return next < end
    ? octet === LPAREN || octet === DQUOTE || octet === STAR || octet === MINUS || isDigit(octet)
    : cursor.hasMore()
}
