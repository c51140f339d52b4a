/** Makes messages of what a lane has taken: reads them, names them, tells what is wrong; knows no order between them. */

import { commandName, nameOfCommandLine, readCommand, type Command } from '../imap/commands/index.ts'
import type { Reading } from '../imap/cursor.ts'
import type { Fault, Parsed } from '../imap/fault.ts'
import { Message } from '../imap/message.ts'
import { contentEnd, latin1 } from '../imap/octets.ts'
import type { RawMessage } from '../imap/raw-message.ts'
import { headOfResponse } from '../imap/response-head.ts'
import {
  readResponse,
  type Response,
  type UntaggedData,
  type UntaggedResponse,
} from '../imap/responses/index.ts'
import { Secret } from '../imap/secret.ts'
import { decodeText } from '../imap/utf8.ts'
import type { OpenExchange } from './exchanges.ts'
import type { LoneData } from './lone-dialogue.ts'
import type { Session } from './session.ts'
import type { Taken } from './wire-lane.ts'
import type {
  CommandMessage,
  DataMessage,
  ServerMessage,
  UntaggedValue,
  WireMessage,
} from './wire-message.ts'

/**
 * In a strict reading each message is read twice: what follows from it for the messages behind it does not depend on
 * how it is judged, and `seen` is what a tolerant eye makes of it.
 */
export class WireParser {
  readonly #reading: Reading
  readonly #session: Session

  constructor(reading: Reading, session: Session) {
    this.#reading = reading
    this.#session = session
  }

  readCommand(
    taken: Taken,
    exchange: OpenExchange | undefined,
  ): { seen: Command | undefined; found: CommandMessage } {
    const { seen, parsed } = this.#read(taken, readCommand)
    const value = parsed.ok ? parsed.value : undefined
    const head = headOfCommand(taken.raw)
    const found: CommandMessage = {
      ...base(taken, exchange),
      kind: 'command',
      name: value ? commandName(value) : head.name,
      tag: value ? value.tag : head.tag,
      ok: parsed.ok,
      faults: faultsOf(parsed),
      value,
    }
    return { seen, found }
  }

  readResponse(taken: Taken, mayGreet: boolean): { seen: Response | undefined; found: ServerMessage } {
    const { seen, parsed } = this.#read(taken, readResponse)
    const common = { ...base(taken, undefined), ok: parsed.ok, faults: faultsOf(parsed) }
    if (!parsed.ok) return { seen, found: { ...common, ...headOfUnread(taken.raw), value: undefined } }
    return { seen, found: { ...common, ...contentOf(parsed.value, mayGreet) } }
  }

  /** A line that is no command. */
  readData(taken: Taken, kind: LoneData, exchange: OpenExchange | undefined): DataMessage {
    const [line] = taken.raw.parts
    const octets = line?.kind === 'line' ? line.octets : new Uint8Array(0)
    const text = decodeText(latin1(octets, 0, contentEnd(octets)))
    const faults = kind === 'idle-done' && text.trim().toUpperCase() !== 'DONE' ? [idleWithoutDone] : []
    const ok = faults.length === 0 || !this.#reading.isStrict
    return {
      ...base(taken, exchange, kind),
      kind: 'data',
      name: kind === 'idle-done' ? 'IDLE' : 'AUTHENTICATE',
      tag: undefined,
      ok,
      faults,
      value: { line: kind === 'idle-done' ? text : new Secret(text) },
    }
  }

  /** A line without anything is no message, but its octets must be somebody's. */
  readBlank(taken: Taken): WireMessage {
    const side = taken.raw.from
    const fault: Fault = { rule: 'empty-line', at: 0, text: 'a line without anything in it', side }
    const common = { name: '', tag: undefined, ok: !this.#reading.isStrict, faults: [fault] }
    const shared = { ...base(taken, undefined), ...common, value: undefined }
    return side === 'client' ? { ...shared, kind: 'command' } : { ...shared, kind: 'untagged' }
  }

  /** The beginning of a command whose literal the server refused: nobody's fault, and nothing to understand. */
  readRefused(taken: Taken, exchange: OpenExchange): CommandMessage {
    const common = { kind: 'command', ok: true, faults: [], value: undefined } as const
    return { ...base(taken, exchange), ...common, ...headOfCommand(taken.raw) }
  }

  #read<T>(
    { raw, isIncomplete }: Taken,
    read: (raw: RawMessage, reading: Reading) => Parsed<T>,
  ): { seen: T | undefined; parsed: Parsed<T> } {
    if (isIncomplete) return { seen: undefined, parsed: { ok: false, fault: tooLong(raw), quirks: [] } }
    const reading = this.#readingNow()
    const seen = read(raw, reading.isStrict ? { ...reading, isStrict: false } : reading)
    const parsed = reading.isStrict ? read(raw, reading) : seen
    return { seen: seen.ok ? seen.value : undefined, parsed }
  }

  /** What was enabled decides what a quoted string may hold. */
  #readingNow(): Reading {
    if (this.#reading.isUtf8 || !this.#session.isUtf8) return this.#reading
    return { ...this.#reading, isUtf8: true }
  }
}

const idleWithoutDone: Fault = {
  rule: 'idle-without-done',
  at: 0,
  text: 'a line that is not DONE came while IDLE was open',
  side: 'client',
}

const tooLong = ({ from }: RawMessage): Fault => ({
  rule: 'message-too-long',
  at: 0,
  text: 'the message is longer than is kept for reading',
  side: from,
})

function base(
  { raw, offset }: Taken,
  exchange: OpenExchange | undefined,
  kind?: LoneData,
): Pick<WireMessage, 'from' | 'offset' | 'octets' | 'raw' | 'message' | 'exchange'> {
  const message = new Message(raw, kind ?? (raw.from === 'client' ? 'command' : 'response'))
  return { from: raw.from, offset, octets: raw.octets, raw, message, exchange }
}

/** What could be read before it went wrong is worth telling too. */
function faultsOf<T>(parsed: Parsed<T>): readonly Fault[] {
  return parsed.ok ? parsed.quirks : [...parsed.quirks, parsed.fault]
}

type Content<M> = M extends WireMessage ? Pick<M, 'kind' | 'name' | 'tag' | 'value'> : never

function contentOf(response: Response, mayGreet: boolean): Content<ServerMessage> {
  if (response.kind === 'untagged') {
    const { data } = response
    const kind = mayGreet && greetings.has(data.name) ? 'greeting' : 'untagged'
    return { kind, name: untaggedName(data), tag: undefined, value: untaggedValue(response) }
  }
  if (response.kind === 'continuation')
    return { kind: 'continuation', name: '+', tag: undefined, value: { text: response.text } }
  const { tag, status, text } = response
  return { kind: 'tagged', name: status, tag, value: { status, text } }
}

const untaggedValue = ({ data, glued }: UntaggedResponse): UntaggedValue =>
  glued ? { ...data, glued: untaggedValue(glued) } : data

const greetings: ReadonlySet<string> = new Set(['OK', 'PREAUTH', 'BYE'])

function untaggedName(data: UntaggedData): string {
  return data.name === 'unknown' ? data.word.toUpperCase() : data.name
}

/** Characters of a first line that are looked at for a name. */
const HEAD = 256

function headOfCommand({ parts }: RawMessage): { name: string; tag: string | undefined } {
  const [line] = parts
  const head = line?.kind === 'line' ? nameOfCommandLine(line.octets) : undefined
  return { name: head?.word ?? '', tag: head?.tag }
}

/** What an unreadable response seems to be. */
function headOfUnread({ parts }: RawMessage): Pick<ServerMessage, 'name' | 'tag'> & {
  kind: 'tagged' | 'untagged' | 'continuation'
} {
  const [line] = parts
  const octets = line?.kind === 'line' ? line.octets : new Uint8Array(0)
  const head = headOfResponse(octets, 0, octets.length)
  if (head === 'continuation') return { kind: 'continuation', name: '+', tag: undefined }
  const words = latin1(octets, 0, Math.min(octets.length, HEAD)).match(/[^\s(]+/gu) ?? []
  const [first = '', second = '', third = ''] = words
  if (head === 'tagged') return { kind: 'tagged', name: second.toUpperCase(), tag: first }
  if (first !== '*') return { kind: 'untagged', name: '', tag: undefined }
  const name = /^\d+$/u.test(second) ? third : second
  return { kind: 'untagged', name: name.toUpperCase(), tag: undefined }
}
