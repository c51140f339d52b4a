/** The items of a FETCH response (RFC 9051 section 7.5.2): a registry, and items that nobody here knows kept. */

import { readBodyStructure, writeBodyStructure, type BodyStructure } from './body-structure.ts'
import type { Cursor } from './cursor.ts'
import { readEnvelope, writeEnvelope, type Envelope } from './envelope.ts'
import { readFlags, writeFlags, type Flag } from './flag.ts'
import { DQUOTE, LBRACKET, LPAREN, RBRACKET, RPAREN, SP } from './octets.ts'
import {
  readPart,
  readPartial,
  readSection,
  writePart,
  writePartial,
  writeSection,
  type PartNumber,
  type Section,
} from './section.ts'
import { readMessageData, readStringOrNil } from './strings.ts'
import { readSyntax, writeMessageData, writeSyntax, type MessageData, type Syntax } from './syntax.ts'
import { decodeText } from './utf8.ts'
import { readCount, readNumber, readNumber64 } from './words.ts'
import type { Writer } from './writer.ts'

export type FetchItem =
  | { readonly name: 'FLAGS'; readonly flags: readonly Flag[] }
  | { readonly name: 'UID'; readonly uid: number }
  /** As written between the quotes. */
  | { readonly name: 'INTERNALDATE'; readonly date: string }
  | { readonly name: 'RFC822.SIZE'; readonly octets: number }
  | { readonly name: 'MODSEQ'; readonly modseq: bigint }
  | { readonly name: 'ENVELOPE'; readonly envelope: Envelope }
  | { readonly name: 'BODY' | 'BODYSTRUCTURE'; readonly body: BodyStructure }
  | { readonly name: 'RFC822' | 'RFC822.HEADER' | 'RFC822.TEXT'; readonly data: MessageData }
  | {
      readonly name: 'BODY[]'
      readonly section: Section
      /** The first octet of a partial. */
      readonly origin?: number
      readonly data: MessageData
    }
  | {
      readonly name: 'BINARY[]'
      readonly part: PartNumber
      readonly origin?: number
      readonly data: MessageData
    }
  | { readonly name: 'BINARY.SIZE[]'; readonly part: PartNumber; readonly octets: number }
  /** As written, its brackets included; some servers leave the value out. */
  | { readonly name: 'unknown'; readonly word: string; readonly value?: Syntax }

type Reader = (cursor: Cursor) => FetchItem

/** To add an item: one line here and one in `writeValue`. `X[` is X with a bracket behind it. */
const readers = new Map<string, Reader>([
  ['FLAGS', (cursor) => ({ name: 'FLAGS', flags: (cursor.readSpace(), readFlags(cursor)) })],
  ['UID', (cursor) => ({ name: 'UID', uid: (cursor.readSpace(), readNumber(cursor)) })],
  [
    'INTERNALDATE',
    (cursor) => ({ name: 'INTERNALDATE', date: (cursor.readSpace(), readStringOrNil(cursor)) }),
  ],
  ['RFC822.SIZE', (cursor) => ({ name: 'RFC822.SIZE', octets: (cursor.readSpace(), readCount(cursor)) })],
  ['MODSEQ', readModseq],
  ['ENVELOPE', (cursor) => ({ name: 'ENVELOPE', envelope: (cursor.readSpace(), readEnvelope(cursor)) })],
  ['BODY', (cursor) => ({ name: 'BODY', body: (cursor.readSpace(), readBodyStructure(cursor)) })],
  [
    'BODYSTRUCTURE',
    (cursor) => ({ name: 'BODYSTRUCTURE', body: (cursor.readSpace(), readBodyStructure(cursor)) }),
  ],
  ['RFC822', (cursor) => ({ name: 'RFC822', data: readSpacedData(cursor) })],
  ['RFC822.HEADER', (cursor) => ({ name: 'RFC822.HEADER', data: readSpacedData(cursor) })],
  ['RFC822.TEXT', (cursor) => ({ name: 'RFC822.TEXT', data: readSpacedData(cursor) })],
  ['BODY[', readBodySection],
  ['BINARY[', readBinary],
  ['BINARY.SIZE[', readBinarySize],
])

export function readFetchItem(cursor: Cursor): FetchItem {
  const from = cursor.at
  const word = readItemWord(cursor)
  const read = readers.get(word) ?? readers.get(word.toUpperCase())
  if (!read) return readUnknown(cursor, from)
  const item = cursor.attempt(read)
  if (item) return item
  cursor.quirk('odd-item', `a ${word.toUpperCase()} that cannot be read`)
  return readUnknown(cursor, from)
}

export function writeFetchItem(writer: Writer, item: FetchItem): void {
  if (item.name === 'unknown') {
    writer.word(item.word)
    if (!item.value) return
    writer.space()
    return writeSyntax(writer, item.value)
  }
  writer.word(item.name.replace('[]', ''))
  writeValue(writer, item)
}

function writeValue(writer: Writer, item: Exclude<FetchItem, { name: 'unknown' }>): void {
  switch (item.name) {
    case 'BODY[]':
      writeSection(writer, item.section)
      return writeOriginAndData(writer, item.origin, item.data)
    case 'BINARY[]':
      writePart(writer, item.part)
      return writeOriginAndData(writer, item.origin, item.data, true)
    case 'BINARY.SIZE[]':
      writePart(writer, item.part)
      return writer.word(` ${item.octets}`)
    default:
      writer.space()
      return writePlainValue(writer, item)
  }
}

type PlainItem = Exclude<FetchItem, { name: 'unknown' | 'BODY[]' | 'BINARY[]' | 'BINARY.SIZE[]' }>

function writePlainValue(writer: Writer, item: PlainItem): void {
  switch (item.name) {
    case 'FLAGS':
      return writeFlags(writer, item.flags)
    case 'UID':
      return writer.number(item.uid)
    case 'INTERNALDATE':
      return writer.quoted(item.date)
    case 'RFC822.SIZE':
      return writer.number(item.octets)
    case 'MODSEQ':
      return writer.word(`(${item.modseq})`)
    case 'ENVELOPE':
      return writeEnvelope(writer, item.envelope)
    case 'BODY':
    case 'BODYSTRUCTURE':
      return writeBodyStructure(writer, item.body)
    default:
      return writeMessageData(writer, item.data)
  }
}

/** Up to a space, a parenthesis or the opening bracket, which is taken for part of the word but not passed. */
function readItemWord(cursor: Cursor): string {
  const { text, at: from, end } = cursor
  let at = from
  for (; at < end; at++) {
    const octet = text.charCodeAt(at)
    if (octet === SP || octet === LPAREN || octet === RPAREN || octet === LBRACKET) break
  }
  if (at === from) cursor.fail('missing-word', 'expected the name of an item')
  cursor.at = at
  return text.slice(from, text.charCodeAt(at) === LBRACKET && at < end ? at + 1 : at)
}

function readModseq(cursor: Cursor): FetchItem {
  cursor.readSpace()
  cursor.open()
  const modseq = readNumber64(cursor)
  if (!cursor.close()) cursor.fail('trailing-octets', 'more than one mod-sequence')
  return { name: 'MODSEQ', modseq }
}

function readBodySection(cursor: Cursor): FetchItem {
  const section = readSection(cursor)
  const origin = readPartial(cursor)?.start
  return { name: 'BODY[]', section, ...(origin !== undefined && { origin }), data: readSpacedData(cursor) }
}

function readBinary(cursor: Cursor): FetchItem {
  const part = readPart(cursor)
  const origin = readPartial(cursor)?.start
  return { name: 'BINARY[]', part, ...(origin !== undefined && { origin }), data: readSpacedData(cursor) }
}

function readBinarySize(cursor: Cursor): FetchItem {
  const part = readPart(cursor)
  cursor.readSpace()
  return { name: 'BINARY.SIZE[]', part, octets: readNumber(cursor) }
}

function readSpacedData(cursor: Cursor): MessageData {
  cursor.readSpace()
  return readMessageData(cursor)
}

function writeOriginAndData(
  writer: Writer,
  origin: number | undefined,
  data: MessageData,
  isBinary = false,
): void {
  if (origin !== undefined) writePartial(writer, { start: origin })
  writer.space()
  writeMessageData(writer, data, isBinary && data instanceof Uint8Array && data.includes(0))
}

/** The word again from `from`, now with what stands in its brackets, and a value of any shape. */
function readUnknown(cursor: Cursor, from: number): FetchItem {
  cursor.at = endOfItemWord(cursor, from)
  const word = decodeText(cursor.text.slice(from, cursor.at))
  if (cursor.peek() !== LPAREN) {
    // Yandex leaves the value out: `BODY[2] )`.
    if (!cursor.hasMore() || cursor.peek() === RPAREN || cursor.isAtSpaceThen(RPAREN))
      return { name: 'unknown', word }
    cursor.readSpace()
  }
  return { name: 'unknown', word, value: readSyntax(cursor) }
}

/** Brackets may hold spaces, parentheses and quotes: `BODY[HEADER.FIELDS ("]")]<0>`. */
function endOfItemWord(cursor: Cursor, from: number): number {
  const { text, end } = cursor
  let isBracketed = false
  let isQuoted = false
  let at = from
  for (; at < end; at++) {
    const octet = text.charCodeAt(at)
    if (octet === DQUOTE) isQuoted = isBracketed && !isQuoted
    else if (octet === LBRACKET && !isQuoted) isBracketed = true
    else if (octet === RBRACKET && !isQuoted) isBracketed = false
    else if (!isBracketed && (octet === SP || octet === LPAREN || octet === RPAREN)) break
  }
  return isBracketed ? cursor.fail('bad-section', 'a section without its closing bracket') : at
}
