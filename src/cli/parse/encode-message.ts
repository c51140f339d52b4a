/** Writes one message from its JSON and reads it back to be sure; it does not know where the JSON comes from. */

import { isMap } from '../../config/settings.ts'
import { readCommand, writeCommand, type Command } from '../../imap/commands/index.ts'
import { tolerant } from '../../imap/cursor.ts'
import { concat, octetsOf } from '../../imap/octets.ts'
import type { Side } from '../../imap/raw-message.ts'
import { readResponse, writeResponse, type Response } from '../../imap/responses/index.ts'
import { Secret } from '../../imap/secret.ts'
import { encodeText } from '../../imap/utf8.ts'
import type { LiteralStyle } from '../../imap/writer.ts'
import { WireLane, type Taken } from '../../session/wire-lane.ts'
import { findDifference } from './difference.ts'
import { toJson } from './message-json.ts'
import { NoValue, valueOfJson } from './value-of-json.ts'

type JsonObject = Readonly<Record<string, unknown>>

/** The octets; throws NoValue, saying why there are none. */
export function encodeMessage(json: unknown, literals: LiteralStyle): Uint8Array {
  if (!isMap(json)) throw new NoValue('a message is an object: {"kind":...,"value":...}')
  const { kind, value } = json
  if (typeof kind !== 'string') throw new NoValue('kind is missing')
  if (kind === 'incomplete')
    throw new NoValue('an incomplete message cannot be written: its octets are not here')
  if (!isMap(value)) throw new NoValue('value is missing, or no object')
  if (value['kind'] === 'opaque') return opaqueOctets(value)
  switch (kind) {
    case 'command':
      return encodeCommand(json, value, literals)
    case 'data':
      return encodeData(value)
    case 'greeting':
    case 'untagged':
      return encodeResponse(untaggedOf(value))
    case 'tagged':
      return encodeResponse({ kind, tag: wantTag(json), ...wantMap(valueOfJson(value)) })
    case 'continuation':
      return encodeResponse({ kind, ...wantMap(valueOfJson(value)) })
    default:
      throw new NoValue(`unknown kind ${JSON.stringify(kind)}`)
  }
}

/** A second response of the same line stands within the value of the first. */
function untaggedOf({ glued, ...data }: JsonObject): JsonObject {
  const response = { kind: 'untagged', data: valueOfJson(data) }
  return isMap(glued) ? { ...response, glued: untaggedOf(glued) } : response
}

function opaqueOctets(value: JsonObject): Uint8Array {
  if (value['redacted'] !== undefined) throw new NoValue('value is hidden: parse with --reveal')
  if (value['streamed'] !== undefined)
    throw new NoValue('value was too large to be kept: its octets are not here')
  const octets = valueOfJson(value['octets'], 'value.octets')
  if (octets instanceof Uint8Array) return octets
  throw new NoValue('value.octets is neither {"utf8":...} nor {"base64":...}')
}

function encodeCommand(json: JsonObject, value: JsonObject, literals: LiteralStyle): Uint8Array {
  const tag = value['tag'] ?? wantTag(json)
  const command = { ...wantMap(valueOfJson(value)), tag }
  // What has another shape either cannot be written or does not read back as it was.
  const octets = attempt(command, () => writeCommand(command as unknown as Command, literals))
  const taken = takeBack('client', octets)
  // Each of these is read as tolerantly as it was when the JSON was made.
  compare(command, readCommand(taken.raw, utf8))
  return octets
}

function encodeResponse(response: JsonObject): Uint8Array {
  // As above.
  const octets = attempt(response, () => writeResponse(response as unknown as Response))
  const taken = takeBack('server', octets)
  compare(response, readResponse(taken.raw, utf8))
  return octets
}

const utf8 = { ...tolerant, isUtf8: true }

function encodeData(value: JsonObject): Uint8Array {
  const line = valueOfJson(value['line'], 'value.line')
  const text = line instanceof Secret ? String(line.reveal()) : line
  if (typeof text !== 'string') throw new NoValue('value.line is missing, or no text')
  if (/[\r\n]/u.test(text)) throw new NoValue('value.line is more than one line')
  return octetsOf(`${encodeText(text)}\r\n`)
}

/** A value of another shape makes the writers stumble anywhere. */
function attempt(value: JsonObject, write: () => readonly Uint8Array[]): Uint8Array {
  try {
    return concat(write())
  } catch {
    const name = isMap(value['data']) ? value['data']['name'] : (value['name'] ?? value['kind'])
    throw new NoValue(`value has not the shape of ${String(name)}: imaptap parse prints one that has`)
  }
}

/** What was written must be one message, whatever stands in its texts. */
function takeBack(from: Side, octets: Uint8Array): Taken {
  const lane = new WireLane(from)
  lane.push(octets)
  for (;;) {
    const step = lane.next(from === 'client' ? 'command' : 'response')
    if (step === undefined) throw new NoValue('value would not be written as a whole message')
    if (step !== 'message') continue
    const taken = lane.take()
    if (taken.raw.octets !== octets.length)
      throw new NoValue('value would be written as more than one message')
    if (taken.raw.parts.some((part) => part.octets === undefined))
      throw new NoValue('value holds a literal too large to be checked')
    return taken
  }
}

function compare(wanted: JsonObject, read: ReturnType<typeof readCommand | typeof readResponse>): void {
  if (!read.ok) throw new NoValue(`value would be written as what cannot be read: ${read.fault.text}`)
  const difference = findDifference(plain(wanted), plain(read.value), 'value')
  if (difference !== undefined) throw new NoValue(`value would read differently: ${difference}`)
}

/** As it would be printed, without what is undefined. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(toJson(value, true)))

function wantTag(json: JsonObject): string {
  const { tag } = json
  if (typeof tag !== 'string' || tag === '') throw new NoValue('tag is missing')
  return tag
}

function wantMap(value: unknown): JsonObject {
  if (isMap(value)) return value
  throw new NoValue('value is no object')
}
