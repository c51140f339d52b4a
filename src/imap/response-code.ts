/** Response codes in brackets (RFC 9051 section 7.1): the registry of `response-codes/`, and unknown codes kept. */

import { Cursor } from './cursor.ts'
import { concat, latin1, LBRACKET, RBRACKET, SP } from './octets.ts'
import { bare } from './response-codes/bare.ts'
import { readCodeRest, readCodeWord, type CodeForm } from './response-codes/form.ts'
import {
  annotate,
  annotations,
  appendUid,
  copyUid,
  highestModseq,
  mailboxId,
  messages,
  metadata,
  numbers,
  objectId,
  permanentFlags,
} from './response-codes/mailbox.ts'
import {
  badCharset,
  badEvent,
  capability,
  inProgress,
  messageLimit,
  newName,
  noUpdate,
  undefinedFilter,
} from './response-codes/service.ts'
import { badUrl, referral, urlMech, webAlert } from './response-codes/url.ts'
import { decodeText } from './utf8.ts'
import { Writer } from './writer.ts'

/** To add a response code: its form in a file of `response-codes/`, and one word here. */
const forms = [
  annotate,
  annotations,
  appendUid,
  badCharset,
  badEvent,
  badUrl,
  bare,
  capability,
  copyUid,
  highestModseq,
  inProgress,
  mailboxId,
  messageLimit,
  messages,
  metadata,
  newName,
  noUpdate,
  numbers,
  objectId,
  permanentFlags,
  referral,
  undefinedFilter,
  urlMech,
  webAlert,
] as const

/** A code that nobody here knows, or whose values are not what they should be: the word, and what stood behind it. */
export interface UnknownCode {
  readonly name: 'unknown'
  /** As it was written. */
  readonly word: string
  readonly text: string
}

export type KnownCode = ReturnType<(typeof forms)[number]['read']>
export type ResponseCode = KnownCode | UnknownCode

interface KnownForm {
  readonly form: CodeForm<KnownCode>
  readonly name: KnownCode['name']
}

const byName = new Map<string, KnownForm>()
// A form only ever reads and writes the names it is registered under, which the union cannot express.
for (const form of forms as unknown as readonly CodeForm<KnownCode>[]) {
  for (const name of form.names) byName.set(name, { form, name })
}

/** Upper case. */
export const codeNames: ReadonlySet<string> = new Set(byName.keys())

/** From `[` to `]`; fails when no code stands there, and the octets are then text. */
export function readResponseCode(cursor: Cursor): ResponseCode {
  cursor.expect(LBRACKET)
  const word = readCodeWord(cursor)
  const known = byName.get(word.toUpperCase())
  if (!known) return readUnknown(cursor, word)
  const code = cursor.attempt((from) => readKnown(from, known))
  if (code) return code
  if (cursor.reading.isStrict && wouldReadTolerantly(cursor, known)) return readKnown(cursor, known)
  const unknown = readUnknown(cursor, word)
  cursor.quirk('odd-code', 'a response code that cannot be read')
  return unknown
}

/** What makes a code unreadable in strict mode only is told by its own rule. A code begins on the first line. */
function wouldReadTolerantly(cursor: Cursor, known: KnownForm): boolean {
  const other = new Cursor(cursor.raw, { ...cursor.reading, isStrict: false })
  other.at = cursor.at
  return other.wouldRead((from) => readKnown(from, known))
}

function readKnown(cursor: Cursor, { form, name }: KnownForm): KnownCode {
  const code = form.read(cursor, name)
  readClose(cursor)
  return code
}

function readClose(cursor: Cursor): void {
  if (cursor.skip(SP)) {
    cursor.skipSpaces()
    cursor.quirk('trailing-space', 'a space before the closing bracket')
  }
  cursor.expect(RBRACKET)
}

function readUnknown(cursor: Cursor, word: string): UnknownCode {
  if (cursor.peek() === SP) cursor.at++
  const text = decodeText(readCodeRest(cursor))
  cursor.expect(RBRACKET)
  return { name: 'unknown', word, text }
}

export function writeResponseCode(writer: Writer, code: ResponseCode): void {
  writer.word('[')
  if (code.name === 'unknown') writer.text(code.text === '' ? code.word : `${code.word} ${code.text}`)
  else {
    writer.word(code.name)
    byName.get(code.name)?.form.write(writer, code)
  }
  writer.word(']')
}

/** What stands between the word and the bracket, as it would be written, but for secrets. */
export function codeArguments(code: ResponseCode): string {
  if (code.name === 'WEBALERT') return String(code.url)
  if (code.name === 'URLMECH')
    return code.mechanisms.map(({ name, data }) => (data ? `${name}=${String(data)}` : name)).join(' ')
  const writer = new Writer('server')
  writeResponseCode(writer, code)
  const text = decodeText(latin1(concat(writer.finish()))).trimEnd()
  return text.slice(text.indexOf(' ') < 0 ? text.length : text.indexOf(' ') + 1, -1)
}

/** Upper case: what the completion of an exchange is known by. */
export const codeWord = (code: ResponseCode): string =>
  code.name === 'unknown' ? code.word.toUpperCase() : code.name
