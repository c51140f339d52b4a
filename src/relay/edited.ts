/** Checks what a person made of a held message, and counts its literals anew; knows no session and sends nothing. */

import { Assembler } from '../imap/assembler.ts'
import { commandName } from '../imap/commands/index.ts'
import type { Reading } from '../imap/cursor.ts'
import type { Fault } from '../imap/fault.ts'
import { Framer } from '../imap/framer.ts'
import { limits } from '../imap/limits.ts'
import { Message } from '../imap/message.ts'
import { latin1, octetsOf } from '../imap/octets.ts'
import type { RawMessage, RawPart, Side } from '../imap/raw-message.ts'
import type { Response } from '../imap/responses/index.ts'
import { takesCredentials } from '../imap/redact.ts'

export type Checked =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly text: string }

/**
 * `octets` is the message as it stands on the wire, edited. The counts of its literals need not be right as long as
 * the line behind each literal was left as it was: the literal is then all that stands before it. Line ends may be
 * bare LFs, and the last may be missing.
 */
export function checkEdited(
  message: Message,
  octets: Uint8Array,
  reading: Reading = message.reading,
): Checked {
  if (octets.length > limits.heldOctets) return refuse(`longer than ${limits.heldOctets} octets`)
  const text = latin1(octets)
  const raw = frame(message.raw.from, octetsOf(recount(message.raw, text) ?? endLine(text)))
  if (!raw) return refuse(shape)
  if (raw.parts.some(hasStrayControl)) return refuse(stray)
  const edited = new Message(tidy(raw), message.kind, reading)
  const problem =
    message.kind === 'command' ? refuseCommand(message, edited) : refuseResponse(message, edited)
  return problem === undefined ? { ok: true, message: edited } : refuse(problem)
}

const refuse = (text: string): Checked => ({ ok: false, text })

/** People count from one. */
const tellFault = ({ at, text }: Fault): string => `octet ${at + 1}: ${text}`

const shape =
  'this is not one whole message: leave the line behind a literal as it was, or set its count right'
const stray = 'a line can hold neither NUL nor CR: some would take what stands behind it for another line'

/** What these do to the octets behind them was settled when the command came. */
const fixed = new Set([
  'AUTHENTICATE',
  'COMPRESS',
  'IDLE',
  'LOGIN',
  'LOGOUT',
  'STARTTLS',
  'UNAUTHENTICATE',
  'X-UNAUTHENTICATE',
  // Courier's way to another protocol.
  '\\SMAP1',
])

function refuseCommand(message: Message, edited: Message): string | undefined {
  const was = message.command()
  const is = edited.command()
  if (!is.ok) return tellFault(is.fault)
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
  if (!is.ok) return tellFault(is.fault)
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

const hasStrayControl = (part: RawPart): boolean =>
  part.kind === 'line' && /[\0\r]/u.test(withoutEnd(latin1(part.octets)))

/**
 * Every line ends in CRLF, and every literal of a command waits for the server: where literals that wait for nobody
 * are unknown, or are too large, their octets would be taken for commands (RFC 7888).
 */
function tidy({ from, parts }: RawMessage): RawMessage {
  const tidied = parts.map((part): RawPart => {
    if (part.kind === 'line') return { ...part, octets: octetsOf(tidyLine(latin1(part.octets), from)) }
    return from === 'client' ? { ...part, announced: { ...part.announced, isSynchronizing: true } } : part
  })
  return { from, parts: tidied, octets: tidied.reduce((sum, { octets }) => sum + (octets?.length ?? 0), 0) }
}

function tidyLine(line: string, from: Side): string {
  const text = withoutEnd(line)
  return `${from === 'client' ? text.replace(/\+\}$/u, '}') : text}\r\n`
}

/** The text with the counts that its literals have, where the lines behind them are the original's. */
function recount({ parts }: RawMessage, text: string): string | undefined {
  if (parts.length === 1) return undefined
  let whole = ''
  let at = 0
  for (const [index, next] of parts.entries()) {
    if (next.kind !== 'line' || index === 0) continue
    const line = latin1(next.octets)
    const cut = cutLiteral(text, at, index === parts.length - 1 ? { last: line } : { next: line })
    if (!cut) return undefined
    whole += cut.announcing + cut.literal
    at = cut.end
  }
  return whole + endLine(text.slice(at))
}

interface CutLiteral {
  /** The line that announces it. */
  readonly announcing: string
  readonly literal: string
  /** Where the line behind it begins. */
  readonly end: number
}

/** The line from `at` on and its literal, which ends where the line behind it stands, the last of all or another. */
function cutLiteral(
  text: string,
  at: number,
  behind: { readonly last: string } | { readonly next: string },
): CutLiteral | undefined {
  const start = text.indexOf('\n', at) + 1
  const announced = /^(.*?)\{ *\d+ *(?:(\+) *)?\} *$/su.exec(withoutEnd(text.slice(at, Math.max(at, start))))
  if (!announced) return undefined
  const [, head = '', plus = ''] = announced
  const end = 'last' in behind ? findLast(text, behind.last) : findLine(text, start, behind.next)
  if (end < start) return undefined
  return { announcing: `${head}{${end - start}${plus}}\r\n`, literal: text.slice(start, end), end }
}

/** Where the last line begins, whatever its end is; -1 where another line stands there. */
function findLast(text: string, line: string): number {
  const bare = withoutEnd(line)
  const start = withoutEnd(text).length - bare.length
  return start >= 0 && text.startsWith(bare, start) ? start : -1
}

/** An editor may have made a bare LF of the line's end. */
function findLine(text: string, from: number, line: string): number {
  const bare = withoutEnd(line)
  for (let at = text.indexOf(bare, from); at >= 0; at = text.indexOf(bare, at + 1)) {
    const end = at + bare.length
    if (text.startsWith('\n', end) || text.startsWith('\r\n', end)) return at
  }
  return -1
}

/** Without one line end. */
function withoutEnd(text: string): string {
  let { length } = text
  if (text[length - 1] === '\n') length -= 1
  if (text[length - 1] === '\r') length -= 1
  return text.slice(0, length)
}

/** Line by line a text can be ended; within literals no octet is touched. */
const endLine = (text: string): string => `${withoutEnd(text)}\r\n`

/** Undefined where it cannot be read. */
export function readEdited(edited: Message): Response | undefined {
  const read = edited.response()
  return read.ok ? read.value : undefined
}
