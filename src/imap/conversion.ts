/** What CONVERT asks for and answers (RFC 5259): parameters of a conversion, and items that could not be converted. */

import type { Cursor } from './cursor.ts'
import { readFetchItem, writeFetchItem, type FetchItem } from './fetch-item.ts'
import { LPAREN } from './octets.ts'
import { readSection, writeSection, type Section } from './section.ts'
import { readOrigin } from './section-item.ts'
import { readAString, readNString, readStringOrNil } from './strings.ts'
import { readList, readSyntax, writeSyntaxRest, type Syntax } from './syntax.ts'
import { readName, skipWord } from './words.ts'
import type { Writer } from './writer.ts'

/** `("text/plain" ("charset" "utf-8"))`. */
export interface Conversion {
  /** Null for the default conversion: the server chooses. */
  readonly mediaType: string | null
  readonly parameters?: readonly ConversionParameter[]
}

export interface ConversionParameter {
  readonly name: string
  readonly value: string
}

export type ConvertedItem =
  | FetchItem
  /** Stands for an item that was asked for and could not be made: `BINARY[1] (ERROR "text" TEMPFAIL)`. */
  | {
      readonly name: 'ERROR'
      /** Upper case: `BINARY`, `BODYPARTSTRUCTURE`. */
      readonly item: string
      readonly section: Section
      readonly text: string
      /** `TEMPFAIL`, `BADPARAMETERS` or `MISSINGPARAMETERS`, and what belongs to it. */
      readonly reasons: readonly Syntax[]
    }

export function readConversion(cursor: Cursor): Conversion {
  cursor.open()
  const mediaType = readNString(cursor)
  if (cursor.close()) return { mediaType }
  const parameters = readList(cursor, readParameter)
  if (parameters.length === 0) cursor.quirk('empty-list', 'parentheses with nothing in them')
  if (!cursor.close()) cursor.fail('trailing-octets', 'more than one list of parameters')
  return { mediaType, parameters }
}

export function writeConversion(writer: Writer, { mediaType, parameters }: Conversion): void {
  writer.word('(')
  writer.nstring(mediaType)
  if (parameters) {
    writer.space()
    writer.list(parameters, writeParameter)
  }
  writer.word(')')
}

export function readConvertedItem(cursor: Cursor): ConvertedItem {
  return isAtError(cursor) ? readError(cursor) : readFetchItem(cursor)
}

export function writeConvertedItem(writer: Writer, item: ConvertedItem): void {
  if (item.name !== 'ERROR') return writeFetchItem(writer, item)
  writer.word(item.item)
  writeSection(writer, item.section)
  writer.word(' (ERROR ')
  writer.string(item.text)
  writeSyntaxRest(writer, item.reasons)
  writer.word(')')
}

/** As many octets as the name of an item, its section and `(ERROR` can have. */
const ERROR_LOOKAHEAD = 256

function isAtError({ text, at, end }: Cursor): boolean {
  const head = text.slice(at, Math.min(end, at + ERROR_LOOKAHEAD))
  return /^[A-Z.]+\[[^\]]*\](?:<\d+>)? *\(ERROR(?=[ ()"{]|$)/iu.test(head)
}

function readError(cursor: Cursor): ConvertedItem {
  const { text, at } = cursor
  cursor.at = text.indexOf('[', at)
  const item = text.slice(at, cursor.at).toUpperCase()
  const section = readSection(cursor)
  readOrigin(cursor)
  cursor.readSpace()
  cursor.open()
  skipWord(cursor, 'ERROR')
  cursor.readSpace()
  const description = readStringOrNil(cursor)
  const reasons: Syntax[] = []
  while (!cursor.close()) reasons.push(readSyntax(cursor))
  if (reasons.length === 0) cursor.quirk('missing-value', 'an error of a conversion without its code')
  return { name: 'ERROR', item, section, text: description, reasons }
}

function readParameter(cursor: Cursor): ConversionParameter {
  const name = readAString(cursor)
  cursor.readSpace()
  return { name, value: readAString(cursor) }
}

function writeParameter(writer: Writer, { name, value }: ConversionParameter): void {
  writer.string(name)
  writer.space()
  writer.string(value)
}

/** `(TAG "a1")`: which command the items belong to. */
export function readCorrelator(cursor: Cursor): string {
  cursor.open()
  if (readName(cursor) !== 'TAG') cursor.fail('missing-tag', 'expected TAG')
  cursor.readSpace()
  const tag = readStringOrNil(cursor)
  if (!cursor.close()) cursor.fail('trailing-octets', 'more than a tag')
  return tag
}

/** `("pix-x" "pix-y")` behind a space, where it stands. */
export function readParameterNames(cursor: Cursor): string[] | undefined {
  if (!cursor.isAtSpaceThen(LPAREN)) return undefined
  cursor.readSpace()
  return readList(cursor, readAString)
}
