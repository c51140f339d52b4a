/** The text of a status response or continuation: an optional response code and words for people (RFC 9051 section 7.1). */

import type { Cursor } from './cursor.ts'
import { LBRACKET, SP } from './octets.ts'
import { readResponseCode, writeResponseCode, type ResponseCode } from './response-code.ts'
import { decodeText, hasKeptOctet } from './utf8.ts'
import type { Writer } from './writer.ts'

export interface ResponseText {
  readonly code?: ResponseCode
  /** May be empty. */
  readonly text: string
}

/** The rest of the line, with the space before it. */
export function readResponseText(cursor: Cursor): ResponseText {
  // Text may be empty since RFC 9051; the space before it may not be missing.
  if (cursor.isAtEnd()) return missText(cursor)
  cursor.readSpace()
  return cursor.peek() === LBRACKET ? readCodeAndText(cursor) : { text: readRest(cursor) }
}

/** From the bracket on. */
export function readCodeAndText(cursor: Cursor): ResponseText {
  const code = cursor.reading.isStrict ? readResponseCode(cursor) : cursor.attempt(readResponseCode)
  // What looks like a code and is none is text, as it stands.
  if (!code) {
    cursor.quirk('odd-code', 'a response code that cannot be read')
    return { text: readRest(cursor) }
  }
  if (cursor.isAtEnd()) return { code, ...missText(cursor) }
  if (!cursor.skip(SP)) cursor.quirk('missing-space', 'no space between two words')
  return { code, text: readRest(cursor) }
}

/** Writes the space as well. */
export function writeResponseText(writer: Writer, { code, text }: ResponseText): void {
  writer.space()
  if (code) {
    writeResponseCode(writer, code)
    writer.space()
  }
  // Rules and addons may have written this text: it must stay one line. What was read holds no LF.
  writer.text(text.includes('\n') ? text.replace(/[\r\n]+/gu, ' ').trim() : text)
}

function missText(cursor: Cursor): { readonly text: string } {
  cursor.quirk('missing-text', 'no space, and so no text')
  return { text: '' }
}

function readRest(cursor: Cursor): string {
  const rest = cursor.text.slice(cursor.at, cursor.end)
  cursor.at = cursor.end
  // In free text braces announce nothing; if the framer saw a literal all the same, its octets are no text.
  if (cursor.isAtLiteral()) cursor.fail('literal-in-text', 'a literal stands where text belongs')
  const text = decodeText(rest)
  if (hasKeptOctet(text)) cursor.quirk('bad-utf8', 'octets that are not UTF-8 in a text')
  if (/[\0\r]/u.test(rest)) cursor.quirk('control-in-text', 'a NUL or CR in a text')
  return text
}
