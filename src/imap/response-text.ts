/** The text of a status response or continuation: an optional response code and words for people (RFC 9051 section 7.1). */

import type { Cursor } from './cursor.ts'
import { LBRACKET, SP } from './octets.ts'
import { readResponseCode, writeResponseCode, type ResponseCode } from './response-code.ts'
import { decodeText } from './utf8.ts'
import type { Writer } from './writer.ts'

export interface ResponseText {
  readonly code?: ResponseCode
  /** May be empty. */
  readonly text: string
}

/** The rest of the line, with the space before it. */
export function readResponseText(cursor: Cursor): ResponseText {
  // `A1 OK` without any text is common; RFC 9051 allows it.
  if (cursor.isAtEnd()) return { text: '' }
  cursor.readSpace()
  if (cursor.peek() !== LBRACKET) return { text: readRest(cursor) }
  const code = cursor.attempt(readResponseCode)
  // What looks like a code and is none is text, as it stands.
  if (!code) {
    cursor.quirk('odd-code', 'a response code that cannot be read')
    return { text: readRest(cursor) }
  }
  if (cursor.peek() === SP) cursor.at++
  return { code, text: readRest(cursor) }
}

/** Writes the space as well. */
export function writeResponseText(writer: Writer, { code, text }: ResponseText): void {
  writer.space()
  if (code) writeResponseCode(writer, code)
  if (code && text !== '') writer.space()
  // Rules and addons may have written this text: it must stay one line.
  writer.word(/[\r\n]/u.test(text) ? text.replace(/[\r\n]+/gu, ' ').trim() : text)
}

function readRest(cursor: Cursor): string {
  const rest = cursor.text.slice(cursor.at, cursor.end)
  cursor.at = cursor.end
  // In free text braces announce nothing; if the framer saw a literal all the same, its octets are no text.
  if (cursor.isAtLiteral()) cursor.fail('literal-in-text', 'a literal stands where text belongs')
  return decodeText(rest)
}
