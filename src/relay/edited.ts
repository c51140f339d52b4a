/** Checks what a person made of a held message, and counts its literals anew; knows no session and sends nothing. */

import { Assembler } from '../imap/assembler.ts'
import { commandName } from '../imap/commands/index.ts'
import { tolerant, type Reading } from '../imap/cursor.ts'
import { Framer } from '../imap/framer.ts'
import { limits } from '../imap/limits.ts'
import { Message } from '../imap/message.ts'
import { CR, latin1, LF, octetsOf } from '../imap/octets.ts'
import type { RawMessage, RawPart, Side } from '../imap/raw-message.ts'
import { takesCredentials } from '../imap/redact.ts'

export type Checked =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly text: string }

/**
 * `octets` is the message as it stands on the wire, edited. The counts of its literals need not be right as long as
 * the line behind each literal was left as it was: the literal is then all that stands before it. Line ends may be
 * bare LFs, and the last may be missing.
 */
export function checkEdited(message: Message, octets: Uint8Array, reading: Reading = tolerant): Checked {
  if (octets.length > limits.heldOctets) return refuse(`longer than ${limits.heldOctets} octets`)
  const raw = frame(message.raw.from, recount(message.raw, octets) ?? endLine(octets))
  if (!raw) return refuse(shape)
  const edited = new Message(raw, message.kind, reading)
  const text = message.kind === 'command' ? refuseCommand(message, edited) : refuseResponse(message, edited)
  return text === undefined ? { ok: true, message: edited } : refuse(text)
}

const refuse = (text: string): Checked => ({ ok: false, text })

const shape =
  'this is not one whole message: leave the line behind a literal as it was, or set its count right'

/** What these do to the octets behind them was settled when the command came. */
const fixed = new Set(['AUTHENTICATE', 'COMPRESS', 'IDLE', 'LOGIN', 'LOGOUT', 'STARTTLS', 'UNAUTHENTICATE'])

function refuseCommand(message: Message, edited: Message): string | undefined {
  const was = message.command()
  const is = edited.command()
  if (!is.ok) return is.fault.text
  const name = commandName(is.value)
  if (tagOf(edited) !== tagOf(message)) return 'the tag has to stay: the client waits for it'
  const before = was.ok ? commandName(was.value) : '?'
  if (name === before) return undefined
  if (isFixed(before)) return `${before} cannot become another command`
  return isFixed(name) ? `an edited command cannot become ${name}` : undefined
}

const isFixed = (name: string): boolean => fixed.has(name) || takesCredentials(name)

function refuseResponse(message: Message, edited: Message): string | undefined {
  const is = edited.response()
  if (!is.ok) return is.fault.text
  const tag = tagOf(message)
  if (tagOf(edited) === tag) return undefined
  return tag === '*' ? 'an untagged response has to stay one' : 'the tag has to stay: the client waits for it'
}

/** The octets up to the first space. */
function tagOf({ raw }: Message): string {
  const [line] = raw.parts
  return line?.kind === 'line' ? (latin1(line.octets).trimStart().split(' ', 1)[0] ?? '') : ''
}

/** The message that these octets are, if they are one and nothing more. */
function frame(from: Side, octets: Uint8Array): RawMessage | undefined {
  const framer = new Framer(from)
  const assembler = new Assembler(from)
  framer.push(octets)
  while (framer.next(from === 'client' ? 'command' : 'response')) {
    assembler.add(framer)
    if (!assembler.keepsAll) return undefined
    if (framer.isLast) return framer.pending > 0 ? undefined : assembler.take()
  }
  return undefined
}

/** The octets with the counts that their literals have, where the lines behind them are the original's. */
function recount({ parts }: RawMessage, octets: Uint8Array): Uint8Array | undefined {
  if (parts.length === 1) return undefined
  const pieces: Uint8Array[] = []
  let rest = octets
  for (const [at, next] of parts.entries()) {
    if (next.kind !== 'line' || at === 0) continue
    const cut = cutLiteral(rest, next, at === parts.length - 1)
    if (!cut) return undefined
    pieces.push(cut.line, cut.literal)
    rest = cut.rest
  }
  return join([...pieces, endLine(rest)])
}

interface CutLiteral {
  readonly line: Uint8Array
  readonly literal: Uint8Array
  /** From the line behind the literal on. */
  readonly rest: Uint8Array
}

/** `next` is the line that stands behind the literal. */
function cutLiteral(octets: Uint8Array, next: RawPart, isLast: boolean): CutLiteral | undefined {
  const end = octets.indexOf(LF) + 1
  const announced = /^(.*?)\{ *\d+ *(\+?) *\} *\r?\n$/su.exec(latin1(octets, 0, end))
  if (!announced || !next.octets) return undefined
  const [, head = '', plus = ''] = announced
  const content = octets.subarray(end)
  const length = isLast ? endingAt(content, next.octets) : indexOfLine(content, next.octets)
  if (length < 0) return undefined
  const line = octetsOf(`${head}{${length}${plus}}\r\n`)
  return { line, literal: content.subarray(0, length), rest: content.subarray(length) }
}

/** Where the last line begins, whatever its end is; -1 where another line stands there. */
function endingAt(octets: Uint8Array, line: Uint8Array): number {
  const bare = line.subarray(0, withoutEnd(line))
  const start = withoutEnd(octets) - bare.length
  return start >= 0 && indexOf(octets.subarray(start, start + bare.length), bare) === 0 ? start : -1
}

/** An editor may have made a bare LF of the line's end. */
function indexOfLine(octets: Uint8Array, line: Uint8Array): number {
  const at = indexOf(octets, line)
  return at >= 0 ? at : indexOf(octets, join([line.subarray(0, withoutEnd(line)), octetsOf('\n')]))
}

const indexOf = (octets: Uint8Array, wanted: Uint8Array): number => latin1(octets).indexOf(latin1(wanted))

/** Length without one line end. */
function withoutEnd(octets: Uint8Array): number {
  let { length } = octets
  if (octets[length - 1] === LF) length -= 1
  if (octets[length - 1] === CR) length -= 1
  return length
}

/** Line by line a text can be ended; within literals no octet is touched. */
function endLine(octets: Uint8Array): Uint8Array {
  return join([octets.subarray(0, withoutEnd(octets)), octetsOf('\r\n')])
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
