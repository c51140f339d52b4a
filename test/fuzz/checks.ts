/** What must hold for any octets whatever: each check throws a sentence that says what did not. */

import { isDeepStrictEqual } from 'node:util'
import { readCommand, writeCommand, type Command } from '../../src/imap/commands/index.ts'
import { strict, tolerant, type Reading } from '../../src/imap/cursor.ts'
import { Assembler } from '../../src/imap/assembler.ts'
import type { Parsed } from '../../src/imap/fault.ts'
import { Framer } from '../../src/imap/framer.ts'
import { Message } from '../../src/imap/message.ts'
import { concat } from '../../src/imap/octets.ts'
import type { RawMessage, Side } from '../../src/imap/raw-message.ts'
import { describeMessage } from '../../src/imap/redact.ts'
import { readResponse, writeResponse, type Response } from '../../src/imap/responses/index.ts'
import { makeRules } from '../../src/policy/rules.ts'
import type { Effect } from '../../src/relay/effect.ts'
import type { Input as RelayInput } from '../../src/relay/input.ts'
import { Relay } from '../../src/relay/relay.ts'
import type { Random } from '../support/random.ts'
import type { Input } from './inputs.ts'

/** Milliseconds that no input of a few kilobytes may take: something in it costs more than its length. */
const SLOW = 1_000

export class Violation extends Error {}

export function check(input: Input, random: Random): void {
  if (timeOf(input, random) <= SLOW) return
  // Once may be the machine's doing.
  const again = timeOf(input, random)
  if (again > SLOW) throw new Violation(`took ${Math.round(again)} ms`)
}

/** Milliseconds. */
function timeOf(input: Input, random: Random): number {
  const began = performance.now()
  const messages = frame(input, [input.octets])
  checkFraming(input, messages, random)
  for (const raw of messages) checkMessage(raw)
  checkRelay(input, random)
  return performance.now() - began
}

/** The messages, whole; the tail that is none yet is left out. */
function frame({ from }: Input, chunks: readonly Uint8Array[]): RawMessage[] {
  const framer = new Framer(from)
  const assembler = new Assembler(from)
  const messages: RawMessage[] = []
  for (const chunk of chunks) {
    framer.push(chunk)
    while (framer.next(from === 'client' ? 'command' : 'response')) {
      assembler.add(framer)
      if (framer.isLast) messages.push(assembler.take())
    }
  }
  const framed = messages.reduce((sum, { octets }) => sum + octets, 0)
  if (framed + framer.pending + assembler.octets !== concat(chunks).length)
    throw new Violation('the octets do not add up')
  return messages
}

function checkFraming(input: Input, messages: readonly RawMessage[], random: Random): void {
  const again = frame(input, split(input.octets, random))
  if (again.length !== messages.length) throw new Violation('the splits change the number of messages')
  for (const [index, raw] of messages.entries()) {
    if (!isDeepStrictEqual(plainly(raw), plainly(again[index])))
      throw new Violation(`the splits change message ${index + 1}`)
  }
}

/** Octets compare by value, whatever buffer they lie in. */
const plainly = (raw: RawMessage | undefined): unknown =>
  raw?.parts.map((part) => ({ ...part, octets: part.octets && Array.from(part.octets) }))

function split(octets: Uint8Array, random: Random): Uint8Array[] {
  const longest = 1 + random.below(random.below(2) === 0 ? 3 : 200)
  const chunks: Uint8Array[] = []
  for (let at = 0; at < octets.length;) {
    const size = 1 + random.below(longest)
    chunks.push(octets.slice(at, at + size))
    at += size
  }
  return chunks
}

interface Language<T> {
  readonly read: (raw: RawMessage, reading: Reading) => Parsed<T>
  readonly write: (value: T) => Uint8Array[]
}

const commands: Language<Command> = { read: readCommand, write: (command) => writeCommand(command) }
const responses: Language<Response> = { read: readResponse, write: writeResponse }

function checkMessage(raw: RawMessage): void {
  if (raw.from === 'client') checkReadings(raw, commands)
  else checkReadings(raw, responses)
  const message = new Message(raw, raw.from === 'client' ? 'command' : 'response')
  const shown = describeMessage(message, { hidesAll: false, limit: 500 }).join('\n')
  // oxlint-disable-next-line no-control-regex -- controls are what must not be there
  if (/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/u.test(shown))
    throw new Violation('a control octet is shown')
}

/** The two readings agree as they must, and what was read can be written. */
export function checkReadings<T>(raw: RawMessage, language: Language<T>): void {
  const kindly = language.read(raw, tolerant)
  const strictly = language.read(raw, strict)
  if (strictly.ok && strictly.quirks.length > 0) throw new Violation('a strict reading has quirks')
  if (strictly.ok && (!kindly.ok || kindly.quirks.length > 0))
    throw new Violation('what is strictly sound is not tolerantly so')
  if (strictly.ok && kindly.ok && !isDeepStrictEqual(strictly.value, kindly.value))
    throw new Violation('the two readings of a sound message differ')
  if (!strictly.ok && kindly.ok && kindly.quirks.length === 0)
    throw new Violation(`tolerant reading does not tell of ${strictly.fault.rule}`)
  if (isStreamed(raw)) return
  if (strictly.ok) checkWriting(raw.from, strictly.value, language)
  // What bends the grammar is never written for a peer, but may be asked for: writing it must end.
  else if (kindly.ok) language.write(kindly.value)
}

/** What was read strictly is written so that it reads strictly, as the same. */
function checkWriting<T>(from: Side, value: T, { read, write }: Language<T>): void {
  const again = read(frameOne(from, concat(write(value))), strict)
  if (!again.ok) throw new Violation(`what was written cannot be read: ${again.fault.rule}`)
  if (!isDeepStrictEqual(again.value, value)) throw new Violation('written, it reads differently')
}

/** No message may become two by being written. */
function frameOne(from: Side, octets: Uint8Array): RawMessage {
  const [raw, ...more] = frame({ from, octets }, [octets])
  if (!raw || more.length > 0) throw new Violation('what was written is not one message')
  return raw
}

const isStreamed = (raw: RawMessage): boolean =>
  raw.parts.some((part) => part.kind === 'literal' && part.octets === undefined)

/** The engine takes it from either side, in any splits, without an exception; what it passes on is the input. */
function checkRelay(input: Input, random: Random): void {
  const other: Side = input.from === 'client' ? 'server' : 'client'
  const passed = new Passed(other)
  passed.take({ at: 0, kind: 'connected' })
  passed.take({ at: 0, kind: 'received', from: 'server', octets: greeting })
  passed.begin()
  for (const octets of split(input.octets, random)) {
    passed.take({ at: 1, kind: 'received', from: input.from, octets })
    if (random.below(8) === 0) passed.take({ at: 1, kind: 'received', from: other, octets: aside[other] })
  }
  passed.take({ at: 2, kind: 'ended', side: input.from })
  const { isUntouched } = passed
  // What waited for an answer goes on as it is once none can come.
  passed.take({ at: 2, kind: 'ended', side: other })
  if (isUntouched && !isDeepStrictEqual(Array.from(passed.octets), Array.from(input.octets)))
    throw new Violation('the engine passes on other octets than it was given')
}

/** Drives an engine and gathers what it sends to one side. */
class Passed {
  isUntouched = true
  readonly #to: Side
  #pieces: Uint8Array[] = []
  readonly #relay = new Relay({
    session: 'S1',
    decider: makeRules({ hideCapabilities: [] }),
    interests: { messages: true },
    isClientSecure: true,
    startsUpstreamTls: false,
    makeTag: () => 'Tsecret',
    digesters: { client: () => undefined, server: () => undefined },
  })

  constructor(to: Side) {
    this.#to = to
  }

  get octets(): Uint8Array {
    return concat(this.#pieces)
  }

  begin(): void {
    this.#pieces = []
  }

  take(input: RelayInput): void {
    for (const effect of this.#relay.handle(input)) {
      if (effect.kind === 'send' && effect.to === this.#to) this.#pieces.push(effect.octets.slice())
      if (!isPlain(effect)) this.isUntouched = false
    }
  }
}

/** Neither an answer of our own nor a change of the stream. */
function isPlain(effect: Effect): boolean {
  if (effect.kind !== 'emit') return effect.kind === 'send' || effect.kind === 'end'
  const { event } = effect
  return event.kind !== 'rewritten' && event.kind !== 'closed' && !(event.kind === 'message' && event.isOurs)
}

const line = (text: string): Uint8Array => Uint8Array.from(text, (unit) => unit.charCodeAt(0))
const greeting = line('* PREAUTH ready\r\n')
const aside = { client: line('z9 NOOP\r\n'), server: line('+ go ahead\r\na OK done\r\n') }
