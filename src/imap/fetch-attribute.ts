/** What a FETCH asks for (RFC 9051 section 6.4.5): macros, attributes and sections; unknown ones are kept. */

import type { Cursor } from './cursor.ts'
import { LBRACKET, LPAREN } from './octets.ts'
import {
  readPart,
  readPartial,
  readSection,
  writePart,
  writePartial,
  writeSection,
  type Partial,
  type PartNumber,
  type Section,
} from './section.ts'
import { readList, readParameters, writeParameters, type Syntax } from './syntax.ts'
import { readRun, SPECIAL, CLOSING_BRACKET, WILDCARD } from './words.ts'
import { decodeText } from './utf8.ts'
import type { Writer } from './writer.ts'

const plainNames = [
  'ALL',
  'FULL',
  'FAST',
  'ENVELOPE',
  'FLAGS',
  'INTERNALDATE',
  'UID',
  'MODSEQ',
  'BODY',
  'BODYSTRUCTURE',
  'RFC822',
  'RFC822.HEADER',
  'RFC822.SIZE',
  'RFC822.TEXT',
] as const

type PlainName = (typeof plainNames)[number]

export type FetchAttribute =
  /** `BODY` here is the structure without extension data. */
  | { readonly name: PlainName }
  | {
      readonly name: 'BODY[]'
      readonly isPeek: boolean
      readonly section: Section
      readonly partial?: Partial
    }
  | {
      readonly name: 'BINARY[]'
      readonly isPeek: boolean
      readonly part: PartNumber
      readonly partial?: Partial
    }
  | { readonly name: 'BINARY.SIZE[]'; readonly part: PartNumber }
  /** Upper case, with its parameters where it has any, such as `PREVIEW (LAZY)`. */
  | { readonly name: 'unknown'; readonly word: string; readonly parameters?: readonly Syntax[] }

const plain = new Map<string, FetchAttribute>(plainNames.map((name) => [name, { name }]))

/** Attributes with a bracket behind them: word to reader. */
const bracketed = new Map<string, (cursor: Cursor) => FetchAttribute>([
  ['BODY', (cursor) => readBody(cursor, false)],
  ['BODY.PEEK', (cursor) => readBody(cursor, true)],
  ['BINARY', (cursor) => readBinary(cursor, false)],
  ['BINARY.PEEK', (cursor) => readBinary(cursor, true)],
  ['BINARY.SIZE', (cursor) => ({ name: 'BINARY.SIZE[]', part: readPart(cursor) })],
])

/** One attribute or macro, or a list of them. */
export function readFetchAttributes(cursor: Cursor): FetchAttribute[] {
  return cursor.peek() === LPAREN ? readList(cursor, readFetchAttribute) : [readFetchAttribute(cursor)]
}

/** One goes bare, as macros must; any other number in parentheses. */
export function writeFetchAttributes(writer: Writer, attributes: readonly FetchAttribute[]): void {
  const [only] = attributes
  if (attributes.length !== 1 || !only) return writer.list(attributes, writeFetchAttribute)
  // A list behind a bare attribute that nobody knows would read as its parameters, not as the command's modifiers.
  if (only.name === 'unknown') return writer.list(attributes, writeFetchAttribute)
  writeFetchAttribute(writer, only)
}

function readFetchAttribute(cursor: Cursor): FetchAttribute {
  const word = readWordBeforeBracket(cursor)
  if (cursor.peek() === LBRACKET) {
    const read = bracketed.get(word)
    return read ? read(cursor) : readUnknown(cursor, word)
  }
  return plain.get(word) ?? readUnknown(cursor, word)
}

function readWordBeforeBracket(cursor: Cursor): string {
  const { text, end, at } = cursor
  const word = readRun(cursor, SPECIAL | CLOSING_BRACKET | WILDCARD)
  const bracket = text.indexOf('[', at)
  if (bracket < 0 || bracket >= cursor.at || bracket >= end) return word.toUpperCase()
  cursor.at = bracket
  return decodeText(text.slice(at, bracket)).toUpperCase()
}

function readBody(cursor: Cursor, isPeek: boolean): FetchAttribute {
  const section = readSection(cursor)
  const partial = readPartial(cursor)
  return { name: 'BODY[]', isPeek, section, ...(partial && { partial }) }
}

function readBinary(cursor: Cursor, isPeek: boolean): FetchAttribute {
  const part = readPart(cursor)
  const partial = readPartial(cursor)
  return { name: 'BINARY[]', isPeek, part, ...(partial && { partial }) }
}

function readUnknown(cursor: Cursor, head: string): FetchAttribute {
  const word = cursor.peek() === LBRACKET ? head + readRun(cursor, 0xff).toUpperCase() : head
  const parameters = readParameters(cursor)
  return parameters ? { name: 'unknown', word, parameters } : { name: 'unknown', word }
}

function writeFetchAttribute(writer: Writer, attribute: FetchAttribute): void {
  switch (attribute.name) {
    case 'BODY[]':
      writer.word(attribute.isPeek ? 'BODY.PEEK' : 'BODY')
      writeSection(writer, attribute.section)
      return writePartial(writer, attribute.partial)
    case 'BINARY[]':
      writer.word(attribute.isPeek ? 'BINARY.PEEK' : 'BINARY')
      writePart(writer, attribute.part)
      return writePartial(writer, attribute.partial)
    case 'BINARY.SIZE[]':
      writer.word('BINARY.SIZE')
      return writePart(writer, attribute.part)
    case 'unknown':
      writer.word(attribute.word)
      return writeParameters(writer, attribute.parameters)
    default:
      return writer.word(attribute.name)
  }
}
