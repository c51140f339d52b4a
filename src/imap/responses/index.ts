/** The registry of responses: one line each; reads and writes whole responses, and keeps what nobody here knows. */

import { readMessage, tolerant, type Cursor, type Reading } from '../cursor.ts'
import { unreachable, type Parsed } from '../fault.ts'
import { isDigit, PLUS, SP, STAR } from '../octets.ts'
import type { RawMessage } from '../raw-message.ts'
import { readResponseText, writeResponseText, type ResponseText } from '../response-text.ts'
import { readSyntaxRest, writeSyntaxRest, type Syntax } from '../syntax.ts'
import { readNumber, readWord } from '../words.ts'
import { Writer } from '../writer.ts'
import { capability } from './capability.ts'
import { count } from './count.ts'
import { esearch } from './esearch.ts'
import { fetch } from './fetch.ts'
import { flags } from './flags.ts'
import type { UntaggedForm } from './form.ts'
import { id } from './id.ts'
import { list } from './list.ts'
import { mailboxStatus } from './mailbox-status.ts'
import { namespace } from './namespace.ts'
import { search } from './search.ts'
import { status } from './status.ts'

/** To add an untagged response: one file beside this one, and one word here. */
const forms = [
  capability,
  count,
  esearch,
  fetch,
  flags,
  id,
  list,
  mailboxStatus,
  namespace,
  search,
  status,
] as const

export interface UnknownUntagged {
  readonly name: 'unknown'
  /** The number before the word, where there is one. */
  readonly number?: number
  /** As it was written. */
  readonly word: string
  readonly arguments: readonly Syntax[]
}

export type KnownUntagged = ReturnType<(typeof forms)[number]['read']>
export type UntaggedData = KnownUntagged | UnknownUntagged

export interface TaggedResponse {
  readonly kind: 'tagged'
  readonly tag: string
  readonly status: 'OK' | 'NO' | 'BAD'
  readonly text: ResponseText
}

export interface UntaggedResponse {
  readonly kind: 'untagged'
  readonly data: UntaggedData
}

export interface ContinuationResponse {
  readonly kind: 'continuation'
  /** In a SASL exchange this is a challenge, and a secret. */
  readonly text: ResponseText
}

export type Response = TaggedResponse | UntaggedResponse | ContinuationResponse

type AnyForm = UntaggedForm<KnownUntagged>

const numbered = new Map<string, { form: AnyForm; name: KnownUntagged['name'] }>()
const plain = new Map<string, { form: AnyForm; name: KnownUntagged['name'] }>()
// A form only ever reads and writes the names it is registered under, which the union cannot express.
for (const form of forms as unknown as readonly AnyForm[]) {
  for (const name of form.names) (form.isNumbered ? numbered : plain).set(name, { form, name })
}

const completions = ['OK', 'NO', 'BAD'] as const

export function readResponse(raw: RawMessage, reading: Reading = tolerant): Parsed<Response> {
  return readMessage(raw, readWholeResponse, reading)
}

/** The octets to send, in one piece or more. */
export function writeResponse(response: Response): Uint8Array[] {
  const writer = new Writer('server')
  switch (response.kind) {
    case 'tagged':
      writer.word(`${response.tag} ${response.status}`)
      writeResponseText(writer, response.text)
      break
    case 'untagged':
      writer.word('* ')
      writeUntagged(writer, response.data)
      break
    case 'continuation':
      writer.word('+')
      writeResponseText(writer, response.text)
      break
    default:
      return unreachable(response)
  }
  return writer.finish()
}

function readWholeResponse(cursor: Cursor): Response {
  const response = readAnyResponse(cursor)
  cursor.readEnd()
  return response
}

function readAnyResponse(cursor: Cursor): Response {
  if (cursor.skip(STAR)) return { kind: 'untagged', data: readUntagged(cursor) }
  if (cursor.skip(PLUS)) return { kind: 'continuation', text: readResponseText(cursor) }
  const tag = readWord(cursor)
  cursor.readSpace()
  const word = readWord(cursor).toUpperCase()
  const completion = completions.find((candidate) => candidate === word)
  if (!completion) return cursor.fail('unknown-status', 'a tagged response that is neither OK, NO nor BAD')
  return { kind: 'tagged', tag, status: completion, text: readResponseText(cursor) }
}

function readUntagged(cursor: Cursor): UntaggedData {
  cursor.readSpace()
  if (!isDigit(cursor.peek())) return readPlain(cursor)
  const number = readNumber(cursor)
  if (cursor.peek() !== SP) return cursor.fail('missing-space', 'a number runs into the next word')
  cursor.readSpace()
  const word = readWord(cursor)
  const known = numbered.get(word) ?? numbered.get(word.toUpperCase())
  if (known) return known.form.read(cursor, { name: known.name, number })
  return { name: 'unknown', number, word, arguments: readSyntaxRest(cursor) }
}

function readPlain(cursor: Cursor): UntaggedData {
  const word = readWord(cursor)
  const known = plain.get(word) ?? plain.get(word.toUpperCase())
  if (known) return known.form.read(cursor, { name: known.name, number: 0 })
  return { name: 'unknown', word, arguments: readSyntaxRest(cursor) }
}

function writeUntagged(writer: Writer, data: UntaggedData): void {
  if (data.name !== 'unknown')
    return (numbered.get(data.name) ?? plain.get(data.name))?.form.write(writer, data)
  writer.word(data.number === undefined ? data.word : `${data.number} ${data.word}`)
  writeSyntaxRest(writer, data.arguments)
}
