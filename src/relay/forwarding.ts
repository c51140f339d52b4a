/** Writes an approved command from its tree and sends it as upstream takes it, piece by piece; decides nothing. */

import { commandName, writeCommand, type Command } from '../imap/commands/index.ts'
import type { Reading } from '../imap/cursor.ts'
import { Message } from '../imap/message.ts'
import { concat, LBRACE, octetsOf } from '../imap/octets.ts'
import type { LiteralAnnouncement, RawPart } from '../imap/raw-message.ts'
import type { OpenExchange } from '../session/exchanges.ts'
import type { Conversation } from './conversation.ts'
import { isHarmless } from './harmless.ts'
import { streamedBy, writeStreamedHead } from './streamed-append.ts'
import { partsOfPieces } from './strict-line.ts'

/** A command that was read whole, but for a message that streams past. */
export interface ReadCommand {
  readonly exchange: OpenExchange
  readonly message: Message
  readonly command: Command
  readonly reading: Reading
  /** The message's announcement, where it is to stream. */
  readonly streams: LiteralAnnouncement | undefined
}

/** What only the client's lane can do about it. */
export interface ForwardingPort {
  /** Octets to upstream. */
  put(octets: Uint8Array): void
  /** The client may send its message. */
  askForLiteral(exchange: OpenExchange): void
  /** It goes upstream as a command of this name. */
  raise(exchange: OpenExchange, name: string): void
  /** It is upstream whole, as this command. */
  noteForwarded(exchange: OpenExchange, sent: Command): void
}

export class Forwarding {
  /** `sending`: a part of it is upstream, and `+` is due. `streaming`: its message passes by. */
  phase: 'sending' | 'streaming' | 'done' = 'sending'
  readonly #read: ReadCommand
  readonly #command: Command
  readonly #pieces: Uint8Array[]
  readonly #talk: Conversation
  readonly #port: ForwardingPort
  /** What stands on the wire, where that is not what the client sent. */
  readonly sent: Message | undefined

  private constructor(read: ReadCommand, written: Written, talk: Conversation, port: ForwardingPort) {
    this.#read = read
    this.#command = written.command
    this.#pieces = written.pieces
    this.#talk = talk
    this.#port = port
    this.sent = this.#differs() ? messageOf(read, written.pieces) : undefined
  }

  /** Undefined where what was approved cannot be written such that every reader reads it alike: nothing is sent. */
  static prepare(
    read: ReadCommand,
    command: Command,
    { talk, port }: { readonly talk: Conversation; readonly port: ForwardingPort },
  ): Forwarding | undefined {
    const pieces = write(read, command)
    return pieces && new Forwarding(read, { command, pieces }, talk, port)
  }

  begin(): void {
    const name = commandName(this.#command)
    if (!isHarmless(name, this.#read.message)) this.#talk.hasActed = true
    this.#port.raise(this.#read.exchange, name)
    this.continue()
  }

  /** The server's `+` came. */
  continue(): void {
    const { exchange, streams } = this.#read
    const piece = this.#pieces.shift()
    if (piece) this.#port.put(piece)
    const isAnswerDue = this.#pieces.length > 0 || (piece !== undefined && streams !== undefined)
    if (isAnswerDue) return this.#talk.continuations.await('literal', exchange)
    if (!streams) return this.complete()
    this.phase = 'streaming'
    if (streams.isSynchronizing) this.#port.askForLiteral(exchange)
  }

  /** What the server is to say `+` for is a message: refused, it is not waited for by any server. */
  get isAtMessage(): boolean {
    return this.#pieces.length <= (this.#read.streams ? 0 : messagesOf(this.#command))
  }

  /** All of it is upstream. */
  complete(): void {
    this.phase = 'done'
    this.#talk.noteCommand(this.sent ?? this.#read.message)
    this.#port.noteForwarded(this.#read.exchange, this.#command)
  }

  /** Of the same tree only those who see messages want to know how it was written. */
  #differs(): boolean {
    if (this.#command !== this.#read.command) return true
    return this.#talk.wantsMessages && !equals(this.#read.message, this.#pieces)
  }
}

/** What upstream would get of another command than the one that was read; undefined where both are written alike. */
export function writtenInstead(read: ReadCommand, command: Command): Message | undefined {
  if (command === read.command) return undefined
  const pieces = write(read, command)
  if (!pieces) return undefined
  const before = write(read, read.command)
  return before && isSame(concat(pieces), concat(before)) ? undefined : messageOf(read, pieces)
}

function messageOf({ streams, reading }: ReadCommand, pieces: readonly Uint8Array[]): Message {
  const parts = streams ? partsOfStreamed(pieces, streams) : (partsOfPieces(pieces) ?? [])
  const octets = pieces.reduce((sum, { length }) => sum + length, streams?.size ?? 0)
  return new Message({ from: 'client', parts, octets }, 'command', { ...reading, isStrict: false })
}

/** Literals at its end that are messages, and nothing else. */
function messagesOf(command: Command): number {
  if (command.name !== 'APPEND' && command.name !== 'REPLACE') return 0
  const messages = command.name === 'APPEND' ? command.messages : [command.message]
  const isPlain = messages.every(({ options, data }) => options === undefined && data.kind === 'literal')
  return isPlain ? messages.length : 0
}

interface Written {
  readonly command: Command
  readonly pieces: Uint8Array[]
}

function write({ exchange, streams }: ReadCommand, command: Command): Uint8Array[] | undefined {
  const isStreaming = streams !== undefined
  const streamed = streamedBy(command)
  if (command.tag !== exchange.wireTag || isStreaming !== (streamed !== undefined)) return undefined
  if (streamed && (streamed.size !== streams?.size || streamed.isBinary !== streams.isBinary))
    return undefined
  const pieces = isStreaming ? writeStreamedHead(command) : writeCommand(command)
  if (!pieces || !partsOfPieces(isStreaming ? withoutMessage(pieces) : pieces)) return undefined
  return pieces
}

/** A head as a command of no message, so that it can be checked like any other. */
function withoutMessage(pieces: readonly Uint8Array[]): Uint8Array[] {
  const head = pieces.at(-1)
  if (!head) return []
  const brace = head.lastIndexOf(LBRACE)
  return [...pieces.slice(0, -1), concat([head.subarray(0, brace), head.subarray(head.length - 2)])]
}

/** As it will stand on the wire once the message has passed by. */
function partsOfStreamed(pieces: readonly Uint8Array[], announced: LiteralAnnouncement): RawPart[] {
  const head = pieces.at(-1)
  const bare = withoutMessage(pieces)
  const parts = partsOfPieces(bare) ?? []
  const last = parts.at(-1)
  if (!head || last?.kind !== 'line') return []
  const start = (bare.at(-1)?.length ?? 0) - last.octets.length
  return [
    ...parts.slice(0, -1),
    { kind: 'line', octets: head.subarray(start) },
    { kind: 'literal', announced: { ...announced, isSynchronizing: true } },
    { kind: 'line', octets: octetsOf('\r\n') },
  ]
}

function equals({ raw }: Message, pieces: readonly Uint8Array[]): boolean {
  if (raw.parts.some(({ octets }) => octets === undefined)) return true
  return isSame(concat(raw.parts.flatMap((part) => part.octets ?? [])), concat(pieces))
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false
  return true
}
