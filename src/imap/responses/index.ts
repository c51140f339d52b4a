/** The registry of responses: one line each; reads and writes whole responses, and keeps what nobody here knows. */

import { readMessage, tolerant, type Cursor, type Reading } from '../cursor.ts'
import { unreachable, type Parsed } from '../fault.ts'
import { isDigit, LBRACKET, PLUS, SP, STAR, ZERO } from '../octets.ts'
import type { RawMessage } from '../raw-message.ts'
import { readResponseCode, type ResponseCode } from '../response-code.ts'
import { readCodeAndText, readResponseText, writeResponseText, type ResponseText } from '../response-text.ts'
import { readSyntaxRest, writeSyntaxRest, type Syntax } from '../syntax.ts'
import { readTag } from '../tag.ts'
import { readNumber, readWord } from '../words.ts'
import { Writer } from '../writer.ts'
import { acl, listRights, myRights } from './acl.ts'
import { annotation } from './annotation.ts'
import { capability } from './capability.ts'
import { comparator } from './comparator.ts'
import { conversion, converted } from './convert.ts'
import { count } from './count.ts'
import { esearch } from './esearch.ts'
import { fetch, uidFetch } from './fetch.ts'
import { flags } from './flags.ts'
import type { UntaggedForm } from './form.ts'
import { id } from './id.ts'
import { jmapAccess } from './jmap-access.ts'
import { language } from './language.ts'
import { list } from './list.ts'
import { mailboxStatus } from './mailbox-status.ts'
import { metadata } from './metadata.ts'
import { namespace } from './namespace.ts'
import { done, found } from './obsolete.ts'
import { quota, quotaRoot } from './quota.ts'
import { search } from './search.ts'
import { status } from './status.ts'
import { thread } from './thread.ts'
import { uidBatches } from './uid-batches.ts'
import { genUrlAuth, urlFetch } from './urlauth.ts'
import { vanished } from './vanished.ts'
import { applePush, generic } from './vendor.ts'

/** To add an untagged response: one file beside this one, and one word here. */
const forms = [
  acl,
  annotation,
  applePush,
  capability,
  comparator,
  conversion,
  converted,
  count,
  done,
  esearch,
  fetch,
  flags,
  found,
  generic,
  genUrlAuth,
  id,
  jmapAccess,
  language,
  list,
  listRights,
  mailboxStatus,
  metadata,
  myRights,
  namespace,
  quota,
  quotaRoot,
  search,
  status,
  thread,
  uidBatches,
  uidFetch,
  urlFetch,
  vanished,
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
  /** A second response on the same line: `* 3 EXISTS* 3 RECENT`. */
  readonly glued?: UntaggedResponse
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

/** Upper case, with a number before them or without. */
export const untaggedNames: ReadonlySet<string> = new Set([...numbered.keys(), ...plain.keys()])

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
      for (let each: UntaggedResponse | undefined = response; each; each = each.glued) {
        writer.word('* ')
        writeUntagged(writer, each.data)
      }
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
  if (cursor.skip(STAR)) return readUntaggedLine(cursor)
  if (cursor.skip(PLUS)) return { kind: 'continuation', text: readResponseText(cursor) }
  if (cursor.peek() !== LBRACKET) return readTagged(cursor)
  return cursor.attempt(readTagged) ?? { kind: 'untagged', data: readBareCode(cursor) }
}

function readTagged(cursor: Cursor): TaggedResponse | UntaggedResponse {
  const tag = readTag(cursor)
  cursor.readSpace()
  const word = readWord(cursor).toUpperCase()
  // As Cyrus answers DUMP; the framing knows of it too.
  if (word === 'DUMP') {
    cursor.quirk('tagged-data', 'data with a tag where the star belongs')
    return { kind: 'untagged', data: generic.read(cursor, { name: word, ...withoutNumber }) }
  }
  const completion = completions.find((candidate) => candidate === word)
  if (!completion) return cursor.fail('unknown-status', 'a tagged response that is neither OK, NO nor BAD')
  return { kind: 'tagged', tag, status: completion, text: readResponseText(cursor) }
}

function readUntaggedLine(cursor: Cursor): UntaggedResponse {
  const data = readUntagged(cursor)
  const isGlued = cursor.peek() === STAR || cursor.isAtSpaceThen(STAR)
  const star = isGlued ? cursor.text.indexOf('*', cursor.at) : -1
  if (star < 0 || !isBeforeResponse(cursor, star + 1)) return { kind: 'untagged', data }
  cursor.quirk('glued-responses', 'two responses on one line')
  cursor.enter()
  cursor.at = star + 1
  return { kind: 'untagged', data, glued: readUntaggedLine(cursor) }
}

function readUntagged(cursor: Cursor): UntaggedData {
  cursor.readSpace()
  const first = cursor.peek()
  if (!isDigit(first)) return readPlain(cursor)
  const number = readNumber(cursor)
  if (cursor.peek() !== SP) return cursor.fail('missing-space', 'a number runs into the next word')
  cursor.readSpace()
  const word = readWord(cursor)
  const known = numbered.get(word) ?? findKnown(cursor, numbered, word)
  if (known) return known.form.read(cursor, { name: known.name, number, isZeroFirst: first === ZERO })
  if (plain.has(word.toUpperCase())) cursor.quirk('odd-shape', 'a number before a word that has none')
  return { name: 'unknown', number, word, arguments: readSyntaxRest(cursor) }
}

function readPlain(cursor: Cursor): UntaggedData {
  if (cursor.peek() === LBRACKET) return readBareCode(cursor)
  const word = readWord(cursor)
  const known = plain.get(word) ?? findKnown(cursor, plain, word)
  if (known) return known.form.read(cursor, { name: known.name, ...withoutNumber })
  // Written behind a space it would open a string or announce a literal, which it does not where it stands now.
  if (word.includes('"') || word.endsWith('}'))
    cursor.fail('missing-word', 'quotes or braces where the name of a response belongs')
  if (numbered.has(word.toUpperCase())) cursor.quirk('odd-shape', 'no number before a word that has one')
  if (/^-?\d+$/u.test(word)) cursor.quirk('odd-shape', 'a number where the name of a response belongs')
  return { name: 'unknown', word, arguments: readSyntaxRest(cursor) }
}

const withoutNumber = { number: 0, isZeroFirst: false } as const

type KnownForm = typeof plain extends Map<string, infer Known> ? Known : never

/** In any case, and with the star of the next response behind it; a word that stays unknown must be an atom. */
function findKnown(cursor: Cursor, among: typeof plain, word: string): KnownForm | undefined {
  const upper = word.toUpperCase()
  const known = among.get(upper) ?? findGlued(cursor, among, upper)
  if (!known && !/^[^"%*\\\]{\0-\x20\x7f-\uffff]+$/u.test(word))
    cursor.quirk('odd-atom', 'an atom with octets that atoms may not hold')
  return known
}

function findGlued(cursor: Cursor, among: typeof plain, upper: string): KnownForm | undefined {
  const known = upper.endsWith('*') ? among.get(upper.slice(0, -1)) : undefined
  if (!known || !isBeforeResponse(cursor, cursor.at)) return undefined
  cursor.at--
  return known
}

/** A space, and then a number, a word or a code. */
const isBeforeResponse = ({ text }: Cursor, at: number): boolean =>
  text.charCodeAt(at) === SP && /[A-Za-z0-9[]/u.test(text.charAt(at + 1))

/** `[COPYUID 55 31 6]` without `* OK` before it (Office 365), or without the OK (home.pl). */
function readBareCode(cursor: Cursor): UntaggedData {
  if (!cursor.wouldRead(readKnownCode)) return cursor.fail('unknown-status', 'a line that is no response')
  cursor.quirk('missing-status', 'a response code without the status before it')
  return { name: 'OK', text: readCodeAndText(cursor) }
}

function readKnownCode(cursor: Cursor): ResponseCode {
  const code = readResponseCode(cursor)
  return code.name === 'unknown' ? cursor.fail('odd-code', 'a response code that nobody knows') : code
}

function writeUntagged(writer: Writer, data: UntaggedData): void {
  if (data.name !== 'unknown')
    return (numbered.get(data.name) ?? plain.get(data.name))?.form.write(writer, data)
  writer.word(data.number === undefined ? data.word : `${data.number} ${data.word}`)
  writeSyntaxRest(writer, data.arguments)
}
