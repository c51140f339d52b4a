/** Parameters and extension data of body parts (RFC 9051 section 7.5.2), in the shapes that servers give them. */

import type { Cursor } from './cursor.ts'
import { LPAREN, RPAREN } from './octets.ts'
import { readNString, readStringOrNil } from './strings.ts'
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

/** `("CHARSET" "UTF-8")` or NIL, and the spaces behind it. */
export function readParameterList(cursor: Cursor): Parameter[] {
  const parameters: Parameter[] = []
  if (cursor.peek() === LPAREN) {
    cursor.open()
    while (!cursor.close()) parameters.push(readParameter(cursor))
  } else if (readNString(cursor) !== null) {
    cursor.quirk('string-for-list', 'a string where parameters belong')
  }
  return parameters
}

function readParameter(cursor: Cursor): Parameter {
  const name = readStringOrNil(cursor)
  // A name without value is seen; so is a missing space.
  if (cursor.peek() === RPAREN) return { name, value: null }
  cursor.readSpace()
  return { name, value: readNString(cursor) }
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
  if (cursor.close()) return { disposition, languages: [], location: null, others: [] }
  const languages = readLanguages(cursor)
  if (cursor.close()) return { disposition, languages, location: null, others: [] }
  const location = readLocation(cursor)
  const others: Syntax[] = []
  while (!cursor.close()) others.push(readSyntax(cursor))
  return { disposition, languages, location, others }
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
  if (cursor.peek() !== LPAREN) {
    const type = readNString(cursor)
    if (type === null) return null
    cursor.quirk('bare-disposition', 'a disposition without its list')
    return { type, parameters: [] }
  }
  cursor.open()
  if (cursor.close()) return { type: null, parameters: [] }
  const type = readNString(cursor)
  if (cursor.close()) return { type, parameters: [] }
  const parameters = readParameterList(cursor)
  // A disposition and a list of languages, swapped: what does not fit is not lost in silence.
  if (!cursor.close()) cursor.fail('odd-disposition', 'more than a type and its parameters')
  return { type, parameters }
}

function readLanguages(cursor: Cursor): string[] {
  if (cursor.peek() !== LPAREN) {
    const language = readNString(cursor)
    return language === null ? [] : [language]
  }
  const languages: string[] = []
  cursor.open()
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
