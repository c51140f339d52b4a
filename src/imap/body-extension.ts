/** Parameters and extension data of body parts (RFC 9051 section 7.5.2), in the shapes that servers give them. */

import type { Cursor } from './cursor.ts'
import { LPAREN, RPAREN } from './octets.ts'
import { readNString, readStringOrNil, skipNil } from './strings.ts'
import { readSyntax, writeSyntaxRest, type Syntax } from './syntax.ts'
import type { Writer } from './writer.ts'

export interface Parameter {
  readonly name: string
  readonly value: string | null
}

export interface Disposition {
  readonly type: string | null
  readonly parameters: readonly Parameter[]
}

/** What the server left out at the end reads like NIL. */
export interface BodyExtension {
  readonly disposition: Disposition | null
  readonly languages: readonly string[]
  readonly location: string | null
  /** What later standards put behind these, as it came. */
  readonly others: readonly Syntax[]
}

// One for all: most parts have no parameters but one, and no languages.
const noParameters: readonly Parameter[] = []
const noLanguages: readonly string[] = []
const noOthers: readonly Syntax[] = []

/** `("CHARSET" "UTF-8")` or NIL. */
export function readParameterList(cursor: Cursor): readonly Parameter[] {
  if (cursor.octets[cursor.at] !== LPAREN) {
    if (!skipNil(cursor)) readOddParameters(cursor)
    return noParameters
  }
  cursor.open()
  if (cursor.close()) {
    cursor.quirk('empty-list', 'a list of no parameters where NIL belongs')
    return noParameters
  }
  // An array literal is as large as its items; one that grows from nothing has room for seventeen.
  const parameters = [readParameter(cursor)]
  while (!cursor.close()) parameters.push(readParameter(cursor))
  return parameters
}

function readOddParameters(cursor: Cursor): void {
  if (cursor.isAtEnd()) cursor.quirk('missing-field', 'a body that ends before its fields')
  else if (readNString(cursor) !== null) cursor.quirk('string-for-list', 'a string where parameters belong')
}

function readParameter(cursor: Cursor): Parameter {
  const name = readStringOrNil(cursor)
  cursor.separate()
  if (cursor.peek() === RPAREN || cursor.isAtEnd()) {
    cursor.quirk('missing-value', 'a parameter without a value')
    return { name, value: null }
  }
  const value = readNString(cursor)
  if (value === null) cursor.quirk('nil-for-string', 'NIL where a string belongs')
  return { name, value }
}

export function writeParameterList(writer: Writer, parameters: readonly Parameter[]): void {
  if (parameters.length === 0) return writer.word('NIL')
  writer.list(parameters, (to, { name, value }) => {
    to.string(name)
    to.space()
    to.nstring(value)
  })
}

/** What is left of a part, and its closing parenthesis; null when nothing is. */
export function readBodyExtension(cursor: Cursor): BodyExtension | null {
  if (cursor.close()) return null
  const disposition = readDisposition(cursor)
  if (cursor.close()) return { disposition, languages: noLanguages, location: null, others: noOthers }
  if (isAtDisposition(cursor)) return readSwapped(cursor, disposition)
  return readRest(cursor, disposition, readLanguages(cursor))
}

/** Behind the languages: the location, and whatever stands behind it. */
function readRest(
  cursor: Cursor,
  disposition: Disposition | null,
  languages: readonly string[],
): BodyExtension {
  if (cursor.close()) return { disposition, languages, location: null, others: noOthers }
  const location = readLocation(cursor)
  if (cursor.close()) return { disposition, languages, location, others: noOthers }
  const others = [readOther(cursor)]
  while (!cursor.close()) others.push(readOther(cursor))
  return { disposition, languages, location, others }
}

/** Strings, numbers, NIL, and lists of them. */
function readOther(cursor: Cursor): Syntax {
  const other = readSyntax(cursor)
  if (other.kind === 'atom' && !/^(\d+|NIL)$/iu.test(other.text))
    cursor.quirk('atom-for-string', 'a bare word where a string belongs')
  return other
}

/** `("attachment" ("filename" "x"))`, told from a list of languages by the list within. */
export function isAtDisposition(cursor: Cursor): boolean {
  return cursor.octets[cursor.at] === LPAREN && cursor.wouldRead(readPlainDisposition)
}

function readPlainDisposition(cursor: Cursor): Disposition {
  cursor.open()
  const type = readStringOrNil(cursor)
  cursor.readSpace()
  const isNil = skipNil(cursor)
  // Two words are a list of languages, and so are one and NIL, unless the word is one that dispositions have.
  if (isNil ? !/^(inline|attachment)$/iu.test(type) : cursor.peek() !== LPAREN)
    cursor.fail('odd-disposition', 'no type and parameters')
  const parameters = isNil ? noParameters : readParameterList(cursor)
  if (!cursor.close()) cursor.fail('odd-disposition', 'more than a type and its parameters')
  return { type, parameters }
}

/** The languages came first; they were read as if they were a disposition. */
function readSwapped(cursor: Cursor, languages: Disposition | null): BodyExtension {
  cursor.quirk('swapped-fields', 'a disposition where languages belong')
  const disposition = readPlainDisposition(cursor)
  const language = languages?.type
  return readRest(cursor, disposition, typeof language === 'string' ? [language] : noLanguages)
}

export function writeBodyExtension(writer: Writer, extension: BodyExtension | null): void {
  if (!extension) return
  writer.space()
  writeDisposition(writer, extension.disposition)
  writer.space()
  writeLanguages(writer, extension.languages)
  writer.space()
  writer.nstring(extension.location)
  writeSyntaxRest(writer, extension.others)
}

/** A list of type and parameters; NIL; or, against the grammar, the bare type. */
function readDisposition(cursor: Cursor): Disposition | null {
  if (cursor.octets[cursor.at] !== LPAREN) {
    const type = readNString(cursor)
    if (type === null) return null
    cursor.quirk('bare-disposition', 'a disposition without its list')
    return { type, parameters: noParameters }
  }
  cursor.open()
  const type = readDispositionType(cursor)
  cursor.separate()
  if (cursor.peek() === RPAREN || cursor.isAtEnd()) {
    cursor.quirk('missing-field', 'a disposition without its parameters')
    cursor.close()
    return { type, parameters: noParameters }
  }
  const parameters = readParameterList(cursor)
  while (!cursor.close()) {
    cursor.quirk('extra-field', 'a disposition with more than a type and its parameters')
    readSyntax(cursor)
  }
  return { type, parameters }
}

function readDispositionType(cursor: Cursor): string | null {
  if (cursor.peek() === RPAREN || cursor.isAtEnd()) return null
  const type = readNString(cursor)
  if (type === null) cursor.quirk('nil-for-string', 'NIL where a string belongs')
  return type
}

function readLanguages(cursor: Cursor): readonly string[] {
  if (cursor.octets[cursor.at] !== LPAREN) {
    const language = readNString(cursor)
    return language === null ? noLanguages : [language]
  }
  const languages: string[] = []
  cursor.open()
  if (cursor.peek() === RPAREN) cursor.quirk('empty-list', 'a list of no languages where NIL belongs')
  while (!cursor.close()) {
    const language = readNString(cursor)
    if (language === null) cursor.quirk('nil-in-list', 'NIL among the languages')
    else languages.push(language)
  }
  return languages
}

/** Some servers put a list of languages or parameters here. */
function readLocation(cursor: Cursor): string | null {
  if (cursor.peek() !== LPAREN) return readNString(cursor)
  cursor.quirk('list-for-string', 'a list where a location belongs')
  readSyntax(cursor)
  return null
}

function writeDisposition(writer: Writer, disposition: Disposition | null): void {
  if (!disposition) return writer.word('NIL')
  writer.word('(')
  writer.nstring(disposition.type)
  writer.space()
  writeParameterList(writer, disposition.parameters)
  writer.word(')')
}

function writeLanguages(writer: Writer, languages: readonly string[]): void {
  if (languages.length === 0) writer.word('NIL')
  else writer.list(languages, (to, language) => to.string(language))
}
