/** BODY and BODYSTRUCTURE (RFC 9051 section 7.5.2): the tree of a message's parts, and what servers bend in it. */

import { readBodyExtension, writeBodyExtension, type BodyExtension } from './body-extension.ts'
import { readParameterList, writeParameterList, type Parameter } from './body-extension.ts'
import type { Cursor } from './cursor.ts'
import { readEnvelope, writeEnvelope, type Envelope } from './envelope.ts'
import { isDigit, LPAREN, MINUS, RPAREN } from './octets.ts'
import { readNString } from './strings.ts'
import { readCount } from './words.ts'
import type { Writer } from './writer.ts'

export type BodyStructure = Multipart | BodyPart

export interface Multipart {
  readonly kind: 'multipart'
  /** Empty where the message has none, which servers do send. */
  readonly parts: readonly BodyStructure[]
  readonly subtype: string | null
  /** Null in BODY. In BODYSTRUCTURE the boundary is among them. */
  readonly parameters: readonly Parameter[] | null
  readonly extension: BodyExtension | null
}

export interface BodyPart {
  readonly kind: 'part'
  /** As written; `TEXT`, `MESSAGE`, ... */
  readonly type: string | null
  readonly subtype: string | null
  readonly parameters: readonly Parameter[]
  readonly id: string | null
  readonly description: string | null
  readonly encoding: string | null
  /** Size in octets, as transferred. -1 from servers that do not know it. */
  readonly octets: number
  /** Of MESSAGE/RFC822 and MESSAGE/GLOBAL: the message within. */
  readonly message: InnerMessage | null
  /** Of TEXT, and of messages within. */
  readonly lines: number | null
  readonly md5: string | null
  /** Null in BODY. */
  readonly extension: BodyExtension | null
}

export interface InnerMessage {
  readonly envelope: Envelope
  readonly body: BodyStructure
}

// Where a subtype is missing, a list follows the first word; a type is then told from a multipart's subtype by name.
const types = new Set(['TEXT', 'IMAGE', 'AUDIO', 'VIDEO', 'APPLICATION', 'MESSAGE', 'MODEL', 'FONT'])

export function readBodyStructure(cursor: Cursor): BodyStructure {
  cursor.open()
  if (cursor.peek() === LPAREN) return readMultipart(cursor)
  const type = readWordOrNil(cursor)
  if (cursor.peek() === LPAREN && type !== null && !types.has(type.toUpperCase())) {
    return readEmptyMultipart(cursor, type)
  }
  const subtype = cursor.peek() === LPAREN ? missingSubtype(cursor) : readWordOrNil(cursor)
  // Dovecot's form of a multipart without parts; an all-NIL part has no subtype either.
  if (type === null && subtype !== null) return readEmptyMultipart(cursor, subtype)
  return readPart(cursor, type, subtype)
}

function readMultipart(cursor: Cursor): Multipart {
  const parts: BodyStructure[] = []
  while (cursor.peek() === LPAREN) {
    parts.push(readBodyStructure(cursor))
    // Some servers put spaces between the parts.
    cursor.skipSpaces()
  }
  const subtype = cursor.peek() === RPAREN ? missingSubtype(cursor) : readWordOrNil(cursor)
  return readMultipartRest(cursor, parts, subtype)
}

function readEmptyMultipart(cursor: Cursor, subtype: string): Multipart {
  cursor.quirk('empty-multipart', 'a multipart without parts')
  return readMultipartRest(cursor, [], subtype)
}

function readMultipartRest(cursor: Cursor, parts: BodyStructure[], subtype: string | null): Multipart {
  if (cursor.close()) return { kind: 'multipart', parts, subtype, parameters: null, extension: null }
  const parameters = readParameterList(cursor)
  return { kind: 'multipart', parts, subtype, parameters, extension: readBodyExtension(cursor) }
}

function readPart(cursor: Cursor, type: string | null, subtype: string | null): BodyPart {
  const parameters = readParameterList(cursor)
  cursor.skipSpaces()
  const id = readWordOrNil(cursor)
  const description = readWordOrNil(cursor)
  const encoding = readWordOrNil(cursor)
  const octets = readSize(cursor)
  const message = hasMessage(cursor, type) ? readInnerMessage(cursor) : null
  const lines = isAtNumber(cursor) ? readCount(cursor) : null
  const isWhole = cursor.close()
  const md5 = isWhole || cursor.peek() === LPAREN ? null : readNString(cursor)
  const extension = isWhole ? null : readBodyExtension(cursor)
  // Every part has the same shape, its absent fields null, so that whoever walks the tree meets one kind of object.
  return {
    kind: 'part',
    type,
    subtype,
    parameters,
    id,
    description,
    encoding,
    octets,
    message,
    lines,
    md5,
    extension,
  }
}

/** Gmail and Domino report a message without what is within it, as if it were opaque. */
function hasMessage(cursor: Cursor, type: string | null): boolean {
  if (type === null || type.length !== 7 || type.toUpperCase() !== 'MESSAGE') return false
  return cursor.isAtSpaceThen(LPAREN)
}

function readInnerMessage(cursor: Cursor): InnerMessage {
  cursor.readSpace()
  const envelope = readEnvelope(cursor)
  cursor.readSpace()
  return { envelope, body: readBodyStructure(cursor) }
}

function isAtNumber(cursor: Cursor): boolean {
  cursor.skipSpaces()
  return isDigit(cursor.peek()) || cursor.peek() === MINUS
}

/** The size of a part; NIL is seen in its place. */
function readSize(cursor: Cursor): number {
  if (isAtNumber(cursor)) return readCount(cursor)
  if (readNString(cursor) !== null) return cursor.fail('missing-number', 'expected a size')
  cursor.quirk('nil-for-number', 'NIL where a size belongs')
  return 0
}

function readWordOrNil(cursor: Cursor): string | null {
  const word = readNString(cursor)
  cursor.skipSpaces()
  return word
}

function missingSubtype(cursor: Cursor): null {
  cursor.quirk('missing-subtype', 'a part without its subtype')
  return null
}

export function writeBodyStructure(writer: Writer, body: BodyStructure): void {
  writer.word('(')
  if (body.kind === 'multipart') writeMultipart(writer, body)
  else writePart(writer, body)
  writer.word(')')
}

function writeMultipart(writer: Writer, { parts, subtype, parameters, extension }: Multipart): void {
  for (const part of parts) writeBodyStructure(writer, part)
  if (parts.length === 0) writer.word('NIL')
  writer.space()
  writer.nstring(subtype)
  if (!parameters) return
  writer.space()
  writeParameterList(writer, parameters)
  writeBodyExtension(writer, extension)
}

function writePart(writer: Writer, part: BodyPart): void {
  writer.nstring(part.type)
  writer.space()
  writer.nstring(part.subtype)
  writer.space()
  writeParameterList(writer, part.parameters)
  for (const text of [part.id, part.description, part.encoding]) {
    writer.space()
    writer.nstring(text)
  }
  writer.word(` ${part.octets}`)
  if (part.message) writeInnerMessage(writer, part.message)
  if (part.lines !== null) writer.word(` ${part.lines}`)
  if (part.md5 === null && !part.extension) return
  writer.space()
  writer.nstring(part.md5)
  writeBodyExtension(writer, part.extension)
}

function writeInnerMessage(writer: Writer, { envelope, body }: InnerMessage): void {
  writer.space()
  writeEnvelope(writer, envelope)
  writer.space()
  writeBodyStructure(writer, body)
}
