/** The head of an APPEND or REPLACE whose message is too large to be kept: how it is read before its message, and written. */

import type { AppendMessage } from '../imap/append-message.ts'
import { readCommand, writeCommand, type Command, type KnownCommand } from '../imap/commands/index.ts'
import type { Reading } from '../imap/cursor.ts'
import type { Parsed } from '../imap/fault.ts'
import { concat, none, octetsOf } from '../imap/octets.ts'
import type { LiteralAnnouncement, RawMessage, RawPart } from '../imap/raw-message.ts'
import type { Streamed } from '../imap/syntax.ts'

type Appending = Extract<KnownCommand, { readonly name: 'APPEND' | 'REPLACE' }>

/** The command as it will stand on the wire if nothing but a line end comes behind its message. */
export function foreseeStreamed(parts: readonly RawPart[], announced: LiteralAnnouncement): RawMessage {
  const whole = [...parts, { kind: 'literal', announced }, { kind: 'line', octets: lineEnd }] as const
  const octets = parts.reduce((sum, part) => sum + (part.octets?.length ?? 0), announced.size + 2)
  return { from: 'client', parts: whole, octets }
}

/** The command, if its message is the one thing of it that is not here. */
export function readStreamed(raw: RawMessage, reading: Reading): Parsed<Command> | undefined {
  const read = readCommand(raw, reading)
  return read.ok && streamedBy(read.value) === undefined ? undefined : read
}

/** The message that streams past; undefined for any other command. */
export function streamedBy(command: Command): Streamed | undefined {
  const data = isAppending(command) ? onlyMessage(command)?.data : undefined
  return data?.kind === 'streamed' ? data : undefined
}

/** Octets of the largest message that a command brings. */
export function messageOctetsOf(command: Command): number {
  if (!isAppending(command)) return 0
  const messages = command.name === 'APPEND' ? command.messages : [command.message]
  return messages.reduce((most, { data }) => Math.max(most, sizeOf(data)), 0)
}

/** What is sent before the message; upstream's `+` is due behind each piece. Undefined where no message streams. */
export function writeStreamedHead(command: Command): Uint8Array[] | undefined {
  const streamed = streamedBy(command)
  if (!streamed || !isAppending(command)) return undefined
  // Written with no octets where the message stands, of which there are more in truth.
  const pieces = writeCommand(
    withData(command, { kind: 'literal', octets: none, isBinary: streamed.isBinary }),
  )
  const head = pieces.at(-2)
  if (!head) return undefined
  const announcing = octetsOf(`{${streamed.size}}\r\n`)
  return [...pieces.slice(0, -2), concat([head.subarray(0, head.length - '{0}\r\n'.length), announcing])]
}

const lineEnd = octetsOf('\r\n')

const isAppending = (command: Command): command is Appending =>
  command.name === 'APPEND' || command.name === 'REPLACE'

function onlyMessage(command: Appending): AppendMessage | undefined {
  if (command.name === 'REPLACE') return command.message
  return command.messages.length === 1 ? command.messages[0] : undefined
}

function withData(command: Appending, data: AppendMessage['data']): Appending {
  if (command.name === 'REPLACE') return { ...command, message: { ...command.message, data } }
  return { ...command, messages: command.messages.map((message) => ({ ...message, data })) }
}

function sizeOf(data: AppendMessage['data']): number {
  switch (data.kind) {
    case 'literal':
      return data.octets.length
    case 'streamed':
      return data.size
    case 'utf8':
      return sizeOf(data.message)
    case 'catenate':
      return data.parts.reduce((sum, part) => sum + (part.kind === 'text' ? sizeOf(part.text) : 0), 0)
    case 'extension':
      return 0
  }
}

/** As they were announced, also of one that streams past. */
export const largestLiteralOf = ({ parts }: RawMessage): number =>
  parts.reduce((most, part) => (part.kind === 'literal' ? Math.max(most, part.announced.size) : most), 0)
