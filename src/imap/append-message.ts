/** A message on its way in (RFC 9051 section 9 `append-message`, RFC 3502, 4466, 4469, 5257, 6855); knows neither APPEND nor REPLACE. */

import type { Cursor } from './cursor.ts'
import { checkSettable, readFlags, writeFlags, type Flag } from './flag.ts'
import { DQUOTE, LPAREN } from './octets.ts'
import { readAString, readQuoted, readSentLiteral } from './strings.ts'
import { readList, readSyntax, writeSyntax, type Literal, type Streamed, type Syntax } from './syntax.ts'
import { readNameAsWritten } from './words.ts'
import type { Writer } from './writer.ts'

export interface AppendMessage {
  readonly flags?: readonly Flag[]
  /** As written between the quotes: ` 1-Feb-2025 10:00:00 +0100`. */
  readonly date?: string
  /** In order: ANNOTATION (RFC 5257) and what else may stand before the data (RFC 4466). */
  readonly options?: readonly AppendOption[]
  readonly data: AppendData
}

export type AppendOption =
  | { readonly name: 'ANNOTATION'; readonly entries: readonly AppendAnnotation[] }
  | { readonly name: 'unknown'; readonly word: string; readonly value: Syntax }

/** `/comment (value.priv "My comment")`. */
export interface AppendAnnotation {
  readonly entry: string
  readonly attributes: readonly { readonly attribute: string; readonly value: Syntax }[]
}

export type AppendData =
  /** Of no octets at all: the client takes the message back (RFC 3502 section 6.3.11). */
  | Literal
  | Streamed
  /** `UTF8 (~{n})`: a message with headers in UTF-8, as RFC 6855 section 4 had it. */
  | { readonly kind: 'utf8'; readonly message: Literal | Streamed }
  /** A message made of pieces (RFC 4469). */
  | { readonly kind: 'catenate'; readonly parts: readonly CatenatePart[] }
  | { readonly kind: 'extension'; readonly word: string; readonly value: Syntax }

export type CatenatePart =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'text'; readonly text: Literal | Streamed }
  | { readonly kind: 'unknown'; readonly word: string; readonly value: Syntax }

/** The words that are typed here. */
export const appendDataNames: ReadonlySet<string> = new Set(['ANNOTATION', 'CATENATE', 'UTF8'])

export function readAppendMessage(cursor: Cursor): AppendMessage {
  cursor.readSpace()
  const flags = cursor.peek() === LPAREN ? checkSettable(cursor, readFlags(cursor)) : undefined
  if (flags) cursor.readSpace()
  const date = cursor.peek() === DQUOTE ? readDate(cursor) : undefined
  if (date !== undefined) cursor.readSpace()
  const { options, data } = readOptionsAndData(cursor)
  return {
    ...(flags && { flags }),
    ...(date !== undefined && { date }),
    ...(options.length > 0 && { options }),
    data,
  }
}

export function writeAppendMessage(writer: Writer, { flags, date, options, data }: AppendMessage): void {
  writer.space()
  if (flags) {
    writeFlags(writer, flags)
    writer.space()
  }
  if (date !== undefined) {
    writer.quoted(date)
    writer.space()
  }
  for (const option of options ?? []) writeOption(writer, option)
  writeData(writer, data)
}

const dateTime =
  /^[ \d]\d-(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-\d{4} \d\d:\d\d:\d\d [+-]\d{4}$/iu

function readDate(cursor: Cursor): string {
  const date = readQuoted(cursor)
  if (!dateTime.test(date))
    cursor.quirk('odd-date', 'a date that is not of the form dd-Mon-yyyy hh:mm:ss +zzzz')
  return date
}

/** What has a word is data when it is known as such, or when nothing comes behind it; else it stands before the data. */
function readOptionsAndData(cursor: Cursor): { options: readonly AppendOption[]; data: AppendData } {
  const options: AppendOption[] = []
  for (;;) {
    if (cursor.isAtLiteral()) return { options, data: readSentLiteral(cursor) }
    const written = readNameAsWritten(cursor)
    const word = written.toUpperCase()
    cursor.readSpace()
    if (word === 'UTF8' || word === 'CATENATE') return { options, data: readKnownData(cursor, word) }
    const isOption = word === 'ANNOTATION'
    const annotations = isOption ? readOr(cursor, readAnnotations) : undefined
    if (isOption && !annotations) cursor.quirk('odd-annotation', 'annotations that cannot be read')
    const value = annotations ?? readSyntax(cursor)
    if (!cursor.hasMore()) return { options, data: lastOf(cursor, written, value) }
    cursor.readSpace()
    options.push(
      'kind' in value ? { name: 'unknown', word: written, value } : { name: 'ANNOTATION', entries: value },
    )
  }
}

/** A message may end in a word that nobody knows, but not in annotations of nothing. */
function lastOf(cursor: Cursor, word: string, value: Syntax | readonly AppendAnnotation[]): AppendData {
  if (!('kind' in value)) return cursor.fail('missing-literal', 'expected a message')
  return { kind: 'extension', word, value }
}

function readKnownData(cursor: Cursor, word: 'UTF8' | 'CATENATE'): AppendData {
  const data = readOr(cursor, word === 'UTF8' ? readUtf8 : readCatenate)
  if (data) return data
  cursor.quirk('odd-append-data', 'message data that cannot be read as what its word says')
  return { kind: 'extension', word, value: readSyntax(cursor) }
}

/** In strict mode what goes wrong is told by its own rule. */
function readOr<T>(cursor: Cursor, read: (cursor: Cursor) => T): T | undefined {
  return cursor.reading.isStrict ? read(cursor) : cursor.attempt(read)
}

function readUtf8(cursor: Cursor): AppendData {
  cursor.open()
  const message = readSentLiteral(cursor)
  if (!message.isBinary) cursor.quirk('plain-literal', 'a literal where a literal8 belongs')
  if (!cursor.close()) cursor.fail('trailing-octets', 'more than one literal')
  return { kind: 'utf8', message }
}

function readCatenate(cursor: Cursor): AppendData {
  const parts = readList(cursor, readPart)
  if (parts.length === 0) cursor.quirk('empty-list', 'a message of no parts')
  return { kind: 'catenate', parts }
}

function readPart(cursor: Cursor): CatenatePart {
  const written = readNameAsWritten(cursor)
  const word = written.toUpperCase()
  cursor.readSpace()
  if (word === 'URL') return { kind: 'url', url: readAString(cursor) }
  if (word === 'TEXT') return { kind: 'text', text: readSentLiteral(cursor) }
  return { kind: 'unknown', word: written, value: readSyntax(cursor) }
}

function readAnnotations(cursor: Cursor): AppendAnnotation[] {
  const entries: AppendAnnotation[] = []
  cursor.open()
  while (!cursor.close()) {
    const entry = readAString(cursor)
    cursor.readSpace()
    entries.push({ entry, attributes: readList(cursor, readAttribute) })
  }
  return entries
}

function readAttribute(cursor: Cursor): AppendAnnotation['attributes'][number] {
  const attribute = readAString(cursor)
  cursor.readSpace()
  return { attribute, value: readSyntax(cursor) }
}

/** With the space behind it. */
function writeOption(writer: Writer, option: AppendOption): void {
  if (option.name === 'unknown') {
    writer.word(`${option.word} `)
    writeSyntax(writer, option.value)
  } else {
    writer.word('ANNOTATION ')
    writer.list(option.entries.flatMap(writeEntryPieces), (to, write) => write(to))
  }
  writer.space()
}

const writeEntryPieces = ({ entry, attributes }: AppendAnnotation): ((writer: Writer) => void)[] => [
  (writer) => writer.astring(entry),
  (writer) =>
    writer.list(attributes, (to, { attribute, value }) => {
      to.astring(attribute)
      to.space()
      writeSyntax(to, value)
    }),
]

function writeData(writer: Writer, data: AppendData): void {
  switch (data.kind) {
    case 'utf8':
      writer.word('UTF8 ')
      return writer.list([data.message], writeSyntax)
    case 'catenate':
      writer.word('CATENATE ')
      return writer.list(data.parts, writePart)
    case 'extension':
      writer.word(`${data.word} `)
      return writeSyntax(writer, data.value)
    default:
      return writeSyntax(writer, data)
  }
}

function writePart(writer: Writer, part: CatenatePart): void {
  if (part.kind === 'url') {
    writer.word('URL ')
    return writer.string(part.url)
  }
  writer.word(`${part.kind === 'text' ? 'TEXT' : part.word} `)
  writeSyntax(writer, part.kind === 'text' ? part.text : part.value)
}
