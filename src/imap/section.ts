/** Sections of a message, `[1.2.HEADER.FIELDS (SUBJECT)]`, and partials (RFC 9051 section 6.4.5.1), in both directions. */

import type { Cursor } from './cursor.ts'
import { unreachable } from './fault.ts'
import { isDigit, LBRACKET, LPAREN, RBRACKET, SP } from './octets.ts'
import { readAString } from './strings.ts'
import { readList } from './syntax.ts'
import { readOptionalNumber } from './words.ts'
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
  readonly start: number
  readonly count?: number
}

const DOT = 0x2e
const LESS = 0x3c
const GREATER = 0x3e
const simple = ['HEADER', 'TEXT', 'MIME'] as const
const withFields = ['HEADER.FIELDS', 'HEADER.FIELDS.NOT'] as const

/** From `[` to `]`. */
export function readSection(cursor: Cursor): Section {
  cursor.expect(LBRACKET)
  cursor.skipSpaces()
  const part = readPartNumber(cursor)
  const section = readSectionText(cursor, part)
  cursor.skipSpaces()
  cursor.expect(RBRACKET)
  return section
}

export function readPart(cursor: Cursor): PartNumber {
  cursor.expect(LBRACKET)
  const part = readPartNumber(cursor)
  cursor.expect(RBRACKET)
  return part
}

function readPartNumber(cursor: Cursor): number[] {
  const part: number[] = []
  while (isDigit(cursor.peek())) {
    part.push(readOptionalNumber(cursor) ?? 0)
    if (!cursor.skip(DOT)) break
  }
  return part
}

function readSectionText(cursor: Cursor, part: PartNumber): Section {
  if (cursor.peek() === RBRACKET) return { part, text: 'whole' }
  const word = readSpecifier(cursor)
  const text = simple.find((candidate) => candidate === word)
  if (text) return { part, text }
  const fieldsText = withFields.find((candidate) => candidate === word)
  if (!fieldsText) return { part, text: 'unknown', word }
  // Some servers leave the space out.
  if (cursor.peek() === SP) cursor.readSpace()
  return { part, text: fieldsText, fields: cursor.peek() === LPAREN ? readList(cursor, readAString) : [] }
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

export function readPartial(cursor: Cursor): Partial | undefined {
  if (!cursor.skip(LESS)) return undefined
  const start = readOptionalNumber(cursor) ?? cursor.fail('bad-partial', 'expected a number')
  const count = cursor.skip(DOT) ? readOptionalNumber(cursor) : undefined
  cursor.expect(GREATER)
  return count === undefined ? { start } : { start, count }
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
