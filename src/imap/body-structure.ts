/** BODY and BODYSTRUCTURE (RFC 9051 section 7.5.2): the tree of a message's parts, and what servers bend in it. */

import {
  isAtDisposition,
  readBodyExtension,
  writeBodyExtension,
  type BodyExtension,
} from './body-extension.ts'
import { readParameterList, writeParameterList, type Parameter } from './body-extension.ts'
import type { Cursor } from './cursor.ts'
import { readEnvelope, writeEnvelope, type Envelope } from './envelope.ts'
import { DQUOTE, isDigit, LPAREN, MINUS, RPAREN } from './octets.ts'
import { readNString, readQuoted } from './strings.ts'
import { readCount, type LargeNumber } from './words.ts'
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
  readonly octets: LargeNumber
  /** Of MESSAGE/RFC822 and MESSAGE/GLOBAL: the message within. */
  readonly message: InnerMessage | null
  /** Of TEXT, and of messages within. */
  readonly lines: LargeNumber | null
  readonly md5: string | null
  /** Null in BODY. */
  readonly extension: BodyExtension | null
}

export interface InnerMessage {
  readonly envelope: Envelope
  readonly body: BodyStructure
}

// Where a subtype is missing, a list follows the first word; a type is then told from a multipart's subtype by name.
const types: ReadonlySet<string> = new Set([
  'TEXT',
  'IMAGE',
  'AUDIO',
  'VIDEO',
  'APPLICATION',
  'MESSAGE',
  'MODEL',
  'FONT',
])

const emptyPart: BodyPart = {
  kind: 'part',
  type: null,
  subtype: null,
  parameters: [],
  id: null,
  description: null,
  encoding: null,
  octets: 0,
  message: null,
  lines: null,
  md5: null,
  extension: null,
}

export function readBodyStructure(cursor: Cursor): BodyStructure {
  cursor.open()
  if (cursor.octets[cursor.at] === LPAREN) return readMultipart(cursor)
  if (cursor.peek() === RPAREN) return readEmptyBody(cursor)
  const type = readText(cursor)
  if (cursor.octets[cursor.at] !== LPAREN) return readTyped(cursor, type, readText(cursor))
  if (type !== null && !types.has(type.toUpperCase())) return readEmptyMultipart(cursor, type)
  return readPart(cursor, type, null)
}

/** Domino sends `()` for the body of a message within; it reads like a part of nothing but NIL. */
function readEmptyBody(cursor: Cursor): BodyPart {
  cursor.quirk('empty-body', 'a body in which nothing stands')
  cursor.close()
  return emptyPart
}

function readTyped(cursor: Cursor, type: string | null, subtype: string | null): BodyStructure {
  // Dovecot's form of a multipart without parts, told from a part without type by what follows.
  if (type === null && subtype !== null) {
    const part = cursor.attempt((from) => readPart(from, type, subtype))
    return part ?? readEmptyMultipart(cursor, subtype)
  }
  if (subtype === null && cursor.wouldRead(readFieldsOfShortPart)) {
    missingSubtype(cursor)
    return readFields(cursor, { type, subtype, parameters: [] })
  }
  return readPart(cursor, type, subtype)
}

/** A NIL behind the type was its parameters and no subtype when the size comes one field early. */
function readFieldsOfShortPart(cursor: Cursor): true {
  for (let field = 0; field < 3; field++) readText(cursor)
  return isAtNumber(cursor) || cursor.fail('missing-number', 'expected a size')
}

function readMultipart(cursor: Cursor): Multipart {
  // An array literal is as large as its items; one that grows from nothing has room for seventeen.
  const parts = [readBodyStructure(cursor)]
  for (;;) {
    if (cursor.octets[cursor.at] === LPAREN) parts.push(readBodyStructure(cursor))
    else if (cursor.isAtSpaceThen(LPAREN)) {
      cursor.skipSpaces()
      cursor.quirk('space-in-list', 'a space beside a parenthesis')
    } else break
  }
  cursor.separate()
  const isMissing = cursor.peek() === RPAREN || isCutOff(cursor)
  const subtype = isMissing ? missingSubtype(cursor) : readSubtype(cursor)
  return readMultipartRest(cursor, parts, subtype)
}

function readSubtype(cursor: Cursor): string | null {
  const subtype = readNString(cursor)
  if (subtype === null) missingSubtype(cursor)
  return subtype
}

function readEmptyMultipart(cursor: Cursor, subtype: string): Multipart {
  cursor.quirk('empty-multipart', 'a multipart without parts')
  return readMultipartRest(cursor, [], subtype)
}

function readMultipartRest(
  cursor: Cursor,
  parts: readonly BodyStructure[],
  subtype: string | null,
): Multipart {
  if (cursor.close()) return { kind: 'multipart', parts, subtype, parameters: null, extension: null }
  const parameters = readParameterList(cursor)
  skipDescription(cursor)
  return { kind: 'multipart', parts, subtype, parameters, extension: readBodyExtension(cursor) }
}

/** Some servers put the Content-Description before the disposition, as if the multipart were a part. */
function skipDescription(cursor: Cursor): void {
  if (!cursor.isAtSpaceThen(DQUOTE) || !cursor.wouldRead(readDescriptionAndDisposition)) return
  cursor.separate()
  cursor.quirk('extra-field', 'a multipart with a description')
  readNString(cursor)
}

function readDescriptionAndDisposition(cursor: Cursor): boolean {
  cursor.separate()
  readNString(cursor)
  cursor.separate()
  return isAtDisposition(cursor) || cursor.fail('odd-disposition', 'no disposition behind it')
}

function readPart(cursor: Cursor, type: string | null, subtype: string | null): BodyPart {
  if (type === null) cursor.quirk('missing-type', 'a part without its type')
  else if (subtype === null) missingSubtype(cursor)
  const parameters = readParameterList(cursor)
  cursor.separate()
  return readFields(cursor, { type, subtype, parameters })
}

/** What stands behind the parameters. */
function readFields(
  cursor: Cursor,
  { type, subtype, parameters }: Pick<BodyPart, 'type' | 'subtype' | 'parameters'>,
): BodyPart {
  const id = readText(cursor)
  const description = readText(cursor)
  const encoding = readEncoding(cursor)
  const octets = readSize(cursor)
  let isOpen = !cursor.close()
  const message = isOpen && cursor.octets[cursor.at] === LPAREN ? readInnerMessage(cursor) : null
  if (message) isOpen = !cursor.close()
  const lines = isOpen && isAtNumber(cursor) ? readCount(cursor) : null
  if (lines !== null) isOpen = !cursor.close()
  if (type !== null) checkPart(cursor, { type, subtype, message, lines })
  const md5 = isOpen && cursor.octets[cursor.at] !== LPAREN ? readNString(cursor) : null
  const extension = isOpen ? readBodyExtension(cursor) : null
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

/** A text has lines, a message within has all that it needs, and other parts have neither. */
function checkPart(
  cursor: Cursor,
  { type, subtype, message, lines }: Pick<BodyPart, 'type' | 'subtype' | 'message' | 'lines'>,
): void {
  const isText = type === 'text' || type === 'TEXT' || type?.toUpperCase() === 'TEXT'
  if (isText && lines !== null && message === null) return
  if (isMessage(type, subtype)) {
    // Gmail and Domino report a message without what is within it, as if it were opaque.
    if (message === null) cursor.quirk('opaque-message', 'a message without its envelope and body')
    else if (lines === null) cursor.quirk('missing-lines', 'a message without its count of lines')
  } else if (message !== null) cursor.quirk('odd-message', 'an envelope in a part that is no message')
  else if (isText) cursor.quirk('missing-lines', 'a text without its count of lines')
  else if (lines !== null) cursor.quirk('extra-field', 'a count of lines in a part that has none')
}

function isMessage(type: string | null, subtype: string | null): boolean {
  if (type === null || type.length !== 7 || type.toUpperCase() !== 'MESSAGE') return false
  return /^(rfc822|global)$/iu.test(subtype ?? '')
}

function readInnerMessage(cursor: Cursor): InnerMessage {
  const envelope = readEnvelope(cursor)
  cursor.separate()
  return { envelope, body: isCutOff(cursor) ? emptyPart : readBodyStructure(cursor) }
}

function isAtNumber(cursor: Cursor): boolean {
  const next = cursor.peek()
  return isDigit(next) || next === MINUS
}

/** The size of a part; NIL is seen in its place. */
function readSize(cursor: Cursor): LargeNumber {
  if (isAtNumber(cursor)) return readCount(cursor)
  if (isCutOff(cursor)) return 0
  if (readNString(cursor) !== null) return cursor.fail('missing-number', 'expected a size')
  cursor.quirk('nil-for-number', 'NIL where a size belongs')
  return 0
}

/** A string where NIL is seen too, and the space behind it. */
function readText(cursor: Cursor): string | null {
  let text = null
  if (cursor.octets[cursor.at] === DQUOTE) text = readQuoted(cursor)
  else if (!isCutOff(cursor)) text = readNString(cursor)
  cursor.separate()
  return text
}

/** The line ends within the structure, as where a header field was folded into a quoted string. */
function isCutOff(cursor: Cursor): boolean {
  if (!cursor.isAtEnd()) return false
  cursor.quirk('missing-field', 'a body that ends before its fields')
  return true
}

function readEncoding(cursor: Cursor): string | null {
  const encoding = readText(cursor)
  if (encoding === null && !cursor.isAtEnd()) cursor.quirk('nil-for-string', 'NIL where a string belongs')
  return encoding
}

function missingSubtype(cursor: Cursor): null {
  cursor.quirk('missing-subtype', 'a body without its subtype')
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
