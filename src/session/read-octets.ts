/** Octets to messages in one call, for programs that have one side of a session; knows no files and no sockets. */

import { tolerant, type Reading } from '../imap/cursor.ts'
import type { Side } from '../imap/raw-message.ts'
import type { ClientMessage, IncompleteTail, ServerMessage, WireMessage } from './wire-message.ts'
import { WireReader } from './wire-reader.ts'

/** All of it, or pieces of it in any splits. */
export type Octets = Uint8Array | Iterable<Uint8Array>

/**
 * Reads what a server sent, message by message (RFC 9051 section 7): greeting, untagged responses, completions and
 * continuation requests, in order. The octets may begin anywhere between two messages.
 *
 *     for (const message of readResponses(octets))
 *       if (message.kind === 'untagged' && message.value?.name === 'EXISTS') console.log(message.value.count)
 *
 * Nothing that a server may send throws. A message that cannot be read has `ok: false`, no `value`, and says in
 * `faults` what is wrong and where; one that can be read although it bends the grammar is `ok` and has `faults` all the
 * same. With `{ isStrict: true }` every fault is `ok: false`. What has no end comes last, as `kind: 'incomplete'`.
 *
 * Lines longer than `limits.lineOctets` are not read, literals larger than `limits.literalKept` are known by their size
 * (`kind: 'streamed'`), so that memory stays bounded whatever is sent.
 */
export function* readResponses(
  octets: Octets,
  reading: Partial<Reading> = {},
): Generator<ServerMessage | IncompleteTail, void> {
  for (const message of readSide('server', octets, reading)) if (isServerMessage(message)) yield message
}

/**
 * Reads what a client sent (RFC 9051 section 6), as `readResponses` does for a server. What the server answered is not
 * known here: the lines behind AUTHENTICATE that are no commands, and DONE behind IDLE, are told by how they look, as
 * `kind: 'data'`. Passwords, SASL data and tokens are a `Secret`, which prints as its size; `reveal()` opens it.
 */
export function* readCommands(
  octets: Octets,
  reading: Partial<Reading> = {},
): Generator<ClientMessage | IncompleteTail, void> {
  for (const message of readSide('client', octets, reading)) if (isClientMessage(message)) yield message
}

/** `readResponses` for a stream, such as a socket or a file of Node. The stream's own errors are thrown. */
export async function* readResponseStream(
  stream: AsyncIterable<Uint8Array>,
  reading: Partial<Reading> = {},
): AsyncGenerator<ServerMessage | IncompleteTail, void> {
  for await (const message of readStream('server', stream, reading))
    if (isServerMessage(message)) yield message
}

/** `readCommands` for a stream. */
export async function* readCommandStream(
  stream: AsyncIterable<Uint8Array>,
  reading: Partial<Reading> = {},
): AsyncGenerator<ClientMessage | IncompleteTail, void> {
  for await (const message of readStream('client', stream, reading))
    if (isClientMessage(message)) yield message
}

function* readSide(
  from: Side,
  octets: Octets,
  reading: Partial<Reading>,
): Generator<WireMessage | IncompleteTail, void> {
  const reader = new WireReader(from, { ...tolerant, ...reading })
  for (const piece of octets instanceof Uint8Array ? [octets] : octets) yield* reader.push(from, piece)
  yield* reader.finish()
}

async function* readStream(
  from: Side,
  stream: AsyncIterable<Uint8Array>,
  reading: Partial<Reading>,
): AsyncGenerator<WireMessage | IncompleteTail, void> {
  const reader = new WireReader(from, { ...tolerant, ...reading })
  for await (const piece of stream) yield* reader.push(from, piece)
  yield* reader.finish()
}

// A reader of one side gives that side's messages only, which its type cannot say.
const isServerMessage = (message: WireMessage | IncompleteTail): message is ServerMessage | IncompleteTail =>
  message.from === 'server'
const isClientMessage = (message: WireMessage | IncompleteTail): message is ClientMessage | IncompleteTail =>
  message.from === 'client'
