/** Sections of a message, `[1.2.HEADER.FIELDS (SUBJECT)]`, and partials (RFC 9051 section 6.4.5.1), in both directions. */

import type { Cursor } from './cursor.ts'
import { unreachable } from './fault.ts'
import { isDigit, LBRACKET, LPAREN, RBRACKET, SP, ZERO } from './octets.ts'
import { readAString } from './strings.ts'
import { readList } from './syntax.ts'
import { quirkZero, readOptionalNumber, type LargeNumber } from './words.ts'
import type { Writer } from './writer.ts'

/** `1.2` is [1, 2]; empty for the whole message. */
export type PartNumber = readonly number[]

export type Section =
  | { readonly part: PartNumber; readonly text: 'whole' | 'HEADER' | 'TEXT' | 'MIME' }
  | {
      readonly part: PartNumber
      readonly text: 'HEADER.FIELDS' | 'HEADER.FIELDS.NOT'
      readonly fields: readonly string[]
    }
  /** A specifier that nobody here knows, upper case. */
  | { readonly part: PartNumber; readonly text: 'unknown'; readonly word: string }

/** `<0.1024>` of a command; `<0>` of a response has no count. */
export interface Partial {
  readonly start: LargeNumber
  readonly count?: LargeNumber
}

const DOT = 0x2e
const LESS = 0x3c
const GREATER = 0x3e
const simple = ['HEADER', 'TEXT', 'MIME'] as const
const withFields = ['HEADER.FIELDS', 'HEADER.FIELDS.NOT'] as const

/** From `[` to `]`. */
export function readSection(cursor: Cursor): Section {
  cursor.expect(LBRACKET)
  skipOddSpaces(cursor)
  const part = readPartNumber(cursor)
  const section = readSectionText(cursor, part)
  skipOddSpaces(cursor)
  cursor.expect(RBRACKET)
  return section
}

/** `[1.2]`; `[]` for the whole message. */
export function readPart(cursor: Cursor): PartNumber {
  cursor.expect(LBRACKET)
  const part = readPartNumber(cursor)
  if (cursor.octets[cursor.at - 1] === DOT) cursor.quirk('odd-section', 'a part number that ends in a dot')
  cursor.expect(RBRACKET)
  return part
}

/** Up to the bracket or the specifier: `1.2.` before TEXT. */
function readPartNumber(cursor: Cursor): number[] {
  const part: number[] = []
  while (isDigit(cursor.peek())) {
    if (cursor.peek() === ZERO) cursor.quirk('odd-section', 'a part number that begins with 0')
    part.push(Number(readOptionalNumber(cursor) ?? 0))
    if (!cursor.skip(DOT)) break
  }
  return part
}

function readSectionText(cursor: Cursor, part: PartNumber): Section {
  const before = cursor.octets[cursor.at - 1]
  if (cursor.peek() === RBRACKET) {
    if (before === DOT) cursor.quirk('odd-section', 'a part number that ends in a dot')
    return { part, text: 'whole' }
  }
  if (part.length > 0 && before !== DOT) cursor.quirk('odd-section', 'no dot behind a part number')
  const word = readSpecifier(cursor)
  const text = simple.find((candidate) => candidate === word)
  if (text === 'MIME' && part.length === 0) cursor.quirk('odd-section', 'MIME without a part number')
  if (text) return { part, text }
  const fieldsText = withFields.find((candidate) => candidate === word)
  if (fieldsText) return { part, text: fieldsText, fields: readHeaderList(cursor) }
  cursor.quirk('odd-section', 'a section that nobody knows')
  return { part, text: 'unknown', word }
}

/** ` (DATE "SUBJECT")`. Some peers leave the space out, or the whole list. */
function readHeaderList(cursor: Cursor): readonly string[] {
  if (cursor.peek() === SP) cursor.readSpace()
  else cursor.quirk('missing-space', 'no space before the names of header fields')
  const fields = cursor.peek() === LPAREN ? readList(cursor, readAString) : []
  if (fields.length === 0) cursor.quirk('empty-list', 'no names of header fields')
  return fields
}

function skipOddSpaces(cursor: Cursor): void {
  if (cursor.peek() !== SP) return
  cursor.skipSpaces()
  cursor.quirk('extra-space', 'a space beside the brackets of a section')
}

/** Letters and dots up to the bracket, a space or a parenthesis. */
function readSpecifier(cursor: Cursor): string {
  const from = cursor.at
  while (isSpecifierOctet(cursor.peek())) cursor.at++
  if (cursor.at === from) cursor.fail('bad-section', 'expected the name of a section')
  return cursor.text.slice(from, cursor.at).toUpperCase()
}

const isSpecifierOctet = (octet: number): boolean =>
  octet > SP && octet < 0x7f && octet !== RBRACKET && octet !== LPAREN && octet !== LBRACKET

/** `<0.1024>`, or `<0>` in a response. */
export function readPartial(cursor: Cursor): Partial | undefined {
  if (!cursor.skip(LESS)) return undefined
  const start = readOptionalNumber(cursor) ?? cursor.fail('bad-partial', 'expected a number')
  const count = cursor.skip(DOT) ? readPartialCount(cursor) : undefined
  cursor.expect(GREATER)
  return count === undefined ? { start } : { start, count }
}

function readPartialCount(cursor: Cursor): LargeNumber | undefined {
  const isZeroFirst = cursor.peek() === ZERO
  const count = readOptionalNumber(cursor)
  if (isZeroFirst) quirkZero(cursor, Number(count))
  return count
}

export function writeSection(writer: Writer, section: Section): void {
  writer.word(`[${[...section.part, ...specifiers(section)].join('.')}`)
  if ('fields' in section) {
    writer.space()
    writer.list(section.fields, (to, field) => to.astring(field))
  }
  writer.word(']')
}

export function writePart(writer: Writer, part: PartNumber): void {
  writer.word(`[${part.join('.')}]`)
}

export function writePartial(writer: Writer, partial: Partial | undefined): void {
  if (!partial) return
  writer.word(partial.count === undefined ? `<${partial.start}>` : `<${partial.start}.${partial.count}>`)
}

function specifiers(section: Section): string[] {
  switch (section.text) {
    case 'whole':
      return []
    case 'HEADER':
    case 'TEXT':
    case 'MIME':
    case 'HEADER.FIELDS':
    case 'HEADER.FIELDS.NOT':
      return [section.text]
    case 'unknown':
      return [section.word]
    default:
      return unreachable(section)
  }
}
