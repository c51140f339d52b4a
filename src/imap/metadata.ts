/** Entries of METADATA and their values, the same in both directions (RFC 5464 sections 3 and 5); knows no mailbox. */

import type { Cursor } from './cursor.ts'
import { latin1, RPAREN } from './octets.ts'
import { readAString, readNString, readSentLiteral } from './strings.ts'
import type { Streamed } from './syntax.ts'
import { decodeText } from './utf8.ts'
import type { Writer } from './writer.ts'

/** `/shared/comment`, `/private/vendor/...`; case says nothing. */
export type MetadataEntry = string

/** Null for NIL: there is none, or it is to be removed. Octets that are no text are kept in it as in any text. */
export type MetadataValue = string | Streamed | null

export interface MetadataPair {
  readonly entry: MetadataEntry
  readonly value: MetadataValue
}

/** Begins with a slash, has neither two in a row nor one at its end, and no wildcards, controls or 8-bit octets. */
const entryName = /^(?:\/[^/*%\0-\x1f\x7f-\uffff]+)+$/u

export function readMetadataEntry(cursor: Cursor): MetadataEntry {
  const entry = readAString(cursor)
  if (!entryName.test(entry)) cursor.quirk('odd-entry', 'an entry name that is no path')
  return entry
}

/** `/shared/comment "text"`. */
export function readMetadataPair(cursor: Cursor): MetadataPair {
  const entry = readMetadataEntry(cursor)
  if (cursor.raw.from === 'server' && cursor.peek() === RPAREN) {
    cursor.quirk('missing-value', 'an entry without its value')
    return { entry, value: null }
  }
  cursor.readSpace()
  return { entry, value: readMetadataValue(cursor) }
}

export function writeMetadataPair(writer: Writer, { entry, value }: MetadataPair): void {
  writer.astring(entry)
  writer.space()
  writeMetadataValue(writer, value)
}

/** A string, a literal8 or NIL. */
export function readMetadataValue(cursor: Cursor): MetadataValue {
  if (!cursor.isAtLiteral()) return readNString(cursor)
  const literal = readSentLiteral(cursor)
  return literal.kind === 'literal' ? decodeText(latin1(literal.octets)) : literal
}

export function writeMetadataValue(writer: Writer, value: MetadataValue): void {
  if (value === null || typeof value === 'string') writer.nstring(value)
  else writer.streamed()
}
