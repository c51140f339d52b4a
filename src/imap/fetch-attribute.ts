/** What a FETCH asks for (RFC 9051 section 6.4.5): macros, attributes and sections; unknown ones are kept. */

import { readAnnotationAttribute, writeAnnotationAttribute, type AnnotationAttribute } from './annotation.ts'
import type { Cursor } from './cursor.ts'
import { LBRACKET, LPAREN } from './octets.ts'
import { readPreviewAttribute, writePreviewAttribute, type PreviewAttribute } from './preview.ts'
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
import { readAString } from './strings.ts'
import { readList, readParameters, writeParameters, type Syntax } from './syntax.ts'
import { CLOSING_BRACKET, readRun, SPECIAL, WILDCARD } from './words.ts'
import type { Writer } from './writer.ts'

/** Each stands alone, and for several attributes. */
const macros = ['ALL', 'FULL', 'FAST'] as const
const plainNames = [
  'ENVELOPE',
  'FLAGS',
  'INTERNALDATE',
  'UID',
  'BODY',
  'BODYSTRUCTURE',
  'RFC822',
  'RFC822.HEADER',
  'RFC822.SIZE',
  'RFC822.TEXT',
  // RFC 1730.
  'RFC822.PEEK',
  'RFC822.TEXT.PEEK',
  // RFC 7162, RFC 8474 and its successor, RFC 8514.
  'MODSEQ',
  'EMAILID',
  'THREADID',
  'OBJECTID',
  'SAVEDATE',
  // Gmail.
  'X-GM-MSGID',
  'X-GM-THRID',
  'X-GM-LABELS',
  // Dovecot.
  'X-GUID',
  'X-MAILBOX',
  'X-REAL-UID',
  'X-SAVEDATE',
  // Cyrus.
  'DIGEST.SHA1',
  'CID',
  'BASECID',
  'CREATEDMODSEQ',
  'FOLDER',
  'UIDVALIDITY',
  'RFC822.FILESIZE',
  'RFC822.SHA1',
  'LASTUPDATED',
] as const
const linesNames = ['RFC822.HEADER.LINES', 'RFC822.HEADER.LINES.NOT'] as const
const partNames = ['BINARY.SIZE[]', 'BODYPARTSTRUCTURE[]', 'AVAILABLECONVERSIONS[]'] as const

export type FetchAttribute =
  /** `BODY` here is the structure without extension data. */
  | { readonly name: (typeof plainNames)[number] | (typeof macros)[number] }
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
  | { readonly name: (typeof partNames)[number]; readonly part: PartNumber }
  /** Header fields as RFC 1730 asked for them. */
  | { readonly name: (typeof linesNames)[number]; readonly fields: readonly string[] }
  | PreviewAttribute
  | AnnotationAttribute
  /** As written, with its parameters where it has any. */
  | { readonly name: 'unknown'; readonly word: string; readonly parameters?: readonly Syntax[] }

type Reader = (cursor: Cursor) => FetchAttribute

/** To add an attribute: a word in one of the lists above, or a line here and one in `writeFetchAttribute`. */
const readers = new Map<string, Reader>([
  ...[...macros, ...plainNames].map((name): [string, Reader] => [name, () => ({ name })]),
  ...linesNames.map((name): [string, Reader] => [name, (cursor) => readLines(cursor, name)]),
  ['PREVIEW', (cursor) => readPreviewAttribute(cursor, 'PREVIEW')],
  ['SNIPPET', (cursor) => readPreviewAttribute(cursor, 'SNIPPET')],
  ['ANNOTATION', readAnnotationAttribute],
])

/** With a bracket behind them. */
const bracketed = new Map<string, Reader>([
  ['BODY', (cursor) => readBody(cursor, false)],
  ['BODY.PEEK', (cursor) => readBody(cursor, true)],
  ['BINARY', (cursor) => readBinary(cursor, false)],
  ['BINARY.PEEK', (cursor) => readBinary(cursor, true)],
  ...partNames.map((name): [string, Reader] => [
    name.slice(0, -2),
    (cursor) => ({ name, part: readPart(cursor) }),
  ]),
])

export const fetchAttributeNames: ReadonlySet<string> = new Set([
  ...readers.keys(),
  ...[...bracketed.keys()].map((word) => `${word}[]`),
])

/** One attribute or macro, or a list of attributes. */
export function readFetchAttributes(cursor: Cursor): FetchAttribute[] {
  if (cursor.peek() !== LPAREN) return [readFetchAttribute(cursor)]
  const attributes = readList(cursor, readFetchAttribute)
  if (attributes.length === 0) cursor.quirk('empty-list', 'parentheses with nothing in them')
  if (attributes.some(isMacro)) cursor.quirk('macro-in-list', 'a macro of FETCH within a list')
  return attributes
}

/** One goes bare, as macros must; any other number in parentheses. */
export function writeFetchAttributes(writer: Writer, attributes: readonly FetchAttribute[]): void {
  const [only] = attributes
  if (attributes.length === 1 && only && !takesParameters(only)) writeFetchAttribute(writer, only)
  else writer.list(attributes, writeFetchAttribute)
}

const isMacro = ({ name }: FetchAttribute): boolean => macros.some((macro) => macro === name)

/** A list behind such an attribute would read as its own, not as the modifiers of the command. */
const takesParameters = ({ name }: FetchAttribute): boolean =>
  name === 'unknown' || name === 'PREVIEW' || name === 'SNIPPET'

function readFetchAttribute(cursor: Cursor): FetchAttribute {
  const from = cursor.at
  const word = readWordBeforeBracket(cursor)
  const read = (cursor.peek() === LBRACKET ? bracketed : readers).get(word)
  if (!read) cursor.at = from
  if (!read && (readers.has(word) || bracketed.has(word)))
    cursor.quirk('odd-attribute', 'an attribute with brackets that it has not, or without those that it has')
  return read ? read(cursor) : readUnknown(cursor)
}

function readWordBeforeBracket(cursor: Cursor): string {
  const { text, at: from, end } = cursor
  let at = from
  while (at < end && !' ()['.includes(text.charAt(at))) at++
  if (at === from) cursor.fail('missing-word', 'expected the name of an attribute')
  cursor.at = at
  return text.slice(from, at).toUpperCase()
}

function readBody(cursor: Cursor, isPeek: boolean): FetchAttribute {
  const section = readSection(cursor)
  const partial = readAskedPartial(cursor)
  return { name: 'BODY[]', isPeek, section, ...(partial && { partial }) }
}

function readBinary(cursor: Cursor, isPeek: boolean): FetchAttribute {
  const part = readPart(cursor)
  const partial = readAskedPartial(cursor)
  return { name: 'BINARY[]', isPeek, part, ...(partial && { partial }) }
}

/** `<0.1024>`: a client must say how many octets it wants, and one at least. */
function readAskedPartial(cursor: Cursor): Partial | undefined {
  const partial = readPartial(cursor)
  if (partial && partial.count === undefined) cursor.quirk('missing-count', 'a partial without a count')
  return partial
}

function readLines(cursor: Cursor, name: (typeof linesNames)[number]): FetchAttribute {
  cursor.readSpace()
  const fields = readList(cursor, readAString)
  if (fields.length === 0) cursor.quirk('empty-list', 'parentheses with nothing in them')
  return { name, fields }
}

/** What stands in brackets is part of the word; the run ends at the first space, even there. */
function readUnknown(cursor: Cursor): FetchAttribute {
  const { text, at } = cursor
  const word = readRun(cursor, SPECIAL | CLOSING_BRACKET | WILDCARD)
  if (/[{"\\%*]|^\]/u.test(text.slice(at, cursor.at)))
    cursor.quirk('odd-atom', 'an atom with octets that atoms may not hold')
  const parameters = readParameters(cursor)
  return parameters ? { name: 'unknown', word, parameters } : { name: 'unknown', word }
}

export function writeFetchAttribute(writer: Writer, attribute: FetchAttribute): void {
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
    case 'BODYPARTSTRUCTURE[]':
    case 'AVAILABLECONVERSIONS[]':
      writer.word(attribute.name.slice(0, -2))
      return writePart(writer, attribute.part)
    case 'RFC822.HEADER.LINES':
    case 'RFC822.HEADER.LINES.NOT':
      writer.word(`${attribute.name} `)
      return writer.list(attribute.fields, (to, field) => to.astring(field))
    case 'PREVIEW':
    case 'SNIPPET':
      return writePreviewAttribute(writer, attribute)
    case 'ANNOTATION':
      return writeAnnotationAttribute(writer, attribute)
    case 'unknown':
      writer.word(attribute.word)
      return writeParameters(writer, attribute.parameters)
    default:
      return writer.word(attribute.name)
  }
}
