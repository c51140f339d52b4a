/** A message as its parts in JSON, credentials and bodies left out as asked, and back again; knows no event. */

import { isAscii, isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'

import { findBodies } from '../imap/blank-body.ts'
import { findCredentials, type Span } from '../imap/blank.ts'
import { tolerant, type Reading } from '../imap/cursor.ts'
import { Message, type MessageKind } from '../imap/message.ts'
import { lineMessage, type RawMessage, type RawPart, type Side } from '../imap/raw-message.ts'
import { isFields, listOf, numberOf, optionalText, type Fields } from './fields.ts'
import { writeJson } from './json-text.ts'

/** What of the octets is kept. */
export interface Keeping {
  readonly secrets: boolean
  readonly bodies: boolean
}

/** Digits of a SHA-256 that stand for a body: as many as a proxy gives them. */
const DIGEST = 12

/** What fills the place of octets that are left out, so that sizes and framing stay true. */
const FILLER = 'x'.charCodeAt(0)

/** The fields of a message, as JSON without the braces around it. */
export function writeMessage(message: Message, hidesAll: boolean, keeping: Keeping): string {
  const { raw, kind, reading } = message
  const credentials = keeping.secrets ? [] : findCredentials(message, hidesAll)
  const bodies = keeping.bodies ? [] : apart(findBodies(message), credentials)
  const parts = raw.parts.map((part, index) =>
    writePart(part, {
      credentials: credentials.filter((span) => span.part === index),
      bodies: bodies.filter((span) => span.part === index),
    }),
  )
  let json = `"parts":[${parts.join(',')}]`
  if (kind !== usualKind(raw.from)) json += `,"as":"${kind}"`
  if (reading.isUtf8) json += ',"utf8":true'
  if (raw.octets !== sizeOf(raw.parts)) json += `,"octets":${raw.octets}`
  if (credentials.length > 0)
    json += `,"redacted":${JSON.stringify(credentials.map(({ part, from, to }) => [part, from, to]))}`
  const quoted = bodies.filter(({ part }) => raw.parts[part]?.kind === 'line')
  if (quoted.length > 0) json += `,"bodies":${JSON.stringify(quoted.map((span) => digestOf(raw, span)))}`
  return json
}

const usualKind = (from: Side): MessageKind => (from === 'client' ? 'command' : 'response')

/** Bodies within credentials are no bodies: their digest would let a token be guessed. */
const apart = (bodies: readonly Span[], credentials: readonly Span[]): readonly Span[] =>
  bodies.filter(
    (body) =>
      !credentials.some(({ part, from, to }) => part === body.part && from < body.to && body.from < to),
  )

const sizeOf = (parts: readonly RawPart[]): number =>
  parts.reduce((sum, part) => sum + (part.kind === 'line' ? part.octets.length : part.announced.size), 0)

interface Holes {
  readonly credentials: readonly Span[]
  readonly bodies: readonly Span[]
}

function writePart(part: RawPart, holes: Holes): string {
  if (part.kind === 'line') return writeLine(fill(part.octets, [...holes.credentials, ...holes.bodies]))
  const { announced, digest } = part
  let json = `{"literal":${announced.size}`
  if (!announced.isSynchronizing) json += ',"plus":true'
  if (announced.isBinary) json += ',"binary":true'
  const isSecret = holes.credentials.length > 0
  // The digest of a password lets it be guessed.
  const isWhole = part.octets?.length === announced.size
  const isHashed = !isSecret && isWhole && holes.bodies.length > 0
  const hash = isSecret ? undefined : (digest ?? (isHashed ? hashOf(part.octets) : undefined))
  if (hash !== undefined) json += `,"sha256":${writeJson(hash)}`
  if (part.octets && holes.bodies.length === 0)
    json += `,${writeOctets(isSecret ? fill(part.octets, holes.credentials) : part.octets)}`
  return `${json}}`
}

function fill(octets: Uint8Array, holes: readonly Span[]): Uint8Array {
  if (holes.length === 0) return octets
  const copy = Uint8Array.from(octets)
  for (const { from, to } of holes) copy.fill(FILLER, from, to)
  return copy
}

const hashOf = (octets: Uint8Array | undefined): string | undefined =>
  octets && createHash('sha256').update(octets).digest('hex').slice(0, DIGEST)

function digestOf({ parts }: RawMessage, { part, from, to }: Span): readonly (number | string)[] {
  const octets = parts[part]?.octets?.subarray(from, to)
  // Read out of a capture that has not kept it: this is no body, and its hash would be none.
  const isFilled = octets?.every((octet) => octet === FILLER) === true
  return [part, from, to, isFilled ? '' : (hashOf(octets) ?? '')]
}

const writeLine = (octets: Uint8Array): string =>
  writeText(octets) ?? `{"base64":"${bufferOf(octets).toString('base64')}"}`

function writeOctets(octets: Uint8Array): string {
  const text = writeText(octets)
  return text === undefined ? `"base64":"${bufferOf(octets).toString('base64')}"` : `"text":${text}`
}

/** Controls take six characters each in JSON, so that base64 is shorter; and nobody reads what is full of them. */
const isOdd = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/u

/** Octets as a string of JSON, when they are UTF-8 that a person would read. */
function writeText(octets: Uint8Array): string | undefined {
  const buffer = bufferOf(octets)
  const isPlain = isAscii(buffer)
  if (!isPlain && !isUtf8(buffer)) return undefined
  const text = buffer.toString(isPlain ? 'latin1' : 'utf8')
  if (isOdd.test(text)) return undefined
  // What JSON leaves as it is of the rest of ASCII can be seen.
  return isPlain ? JSON.stringify(text) : writeJson(text)
}

const bufferOf = (octets: Uint8Array): Buffer =>
  Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength)

const utf8: Reading = { ...tolerant, isUtf8: true }

/** The message that these fields tell of; undefined when they tell of none. */
export function readMessageRecord(fields: Fields, side: Side): Message | undefined {
  // What went on in another's place may be said by the other side.
  const from = fields['from'] === 'client' || fields['from'] === 'server' ? fields['from'] : side
  const parts = listOf(fields['parts']).map(readPart)
  if (parts.some((part) => part === undefined)) return undefined
  const sound = parts.filter((part) => part !== undefined)
  const [first] = sound
  const octets = fields['octets']
  const raw: RawMessage =
    octets === undefined && sound.length === 1 && first?.kind === 'line'
      ? lineMessage(from, first.octets)
      : { from, parts: sound, octets: octets === undefined ? sizeOf(sound) : numberOf(octets) }
  return new Message(raw, readKind(fields['as'], from), fields['utf8'] === true ? utf8 : tolerant)
}

function readKind(value: unknown, side: Side): MessageKind {
  const isKind = value === 'command' || value === 'sasl-data' || value === 'idle-done' || value === 'response'
  return isKind ? value : usualKind(side)
}

function readPart(value: unknown): RawPart | undefined {
  if (typeof value === 'string') return { kind: 'line', octets: Buffer.from(value) }
  if (!isFields(value)) return undefined
  const octets = readOctets(value)
  const { literal: size } = value
  if (size === undefined) return octets && { kind: 'line', octets }
  // Of a held message part of a literal may be there, and never more than was announced.
  if (!isSize(size) || (octets && octets.length > size)) return undefined
  const digest = optionalText(value['sha256'])
  const announced = {
    size,
    isSynchronizing: value['plus'] !== true,
    isBinary: value['binary'] === true,
  }
  return { kind: 'literal', announced, ...(octets && { octets }), ...(digest !== undefined && { digest }) }
}

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0

function readOctets(value: Fields): Buffer | undefined {
  if (typeof value['text'] === 'string') return Buffer.from(value['text'])
  return typeof value['base64'] === 'string' ? Buffer.from(value['base64'], 'base64') : undefined
}
