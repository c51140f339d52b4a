/** Which lines no two readers take for different things, and which octets of ours are such lines; knows no grammar. */

import { CR, latin1, LBRACE, LF, NUL, RBRACE, SP, TAB } from '../imap/octets.ts'
import type { LiteralAnnouncement, RawPart } from '../imap/raw-message.ts'

/** A line as a framer shows it. */
export interface FramedLine {
  readonly source: Uint8Array
  readonly start: number
  readonly end: number
  readonly isCut: boolean
  readonly announced: LiteralAnnouncement | undefined
}

/** Octets of the largest literal of either side: what some readers count with 32 bits, others must not take for more. */
const LARGEST = 0xffff_ffff
/** Octets of a line's end that are looked at for an announcement. */
const TAIL = 64

/**
 * What is wrong with a line, in words; undefined where it is sound. A peer that counts otherwise than we do has the
 * literal's octets taken for commands, so there is one form alone: digits, perhaps a plus, and CRLF behind the brace.
 */
export function faultOfLine(line: FramedLine, mayHaveText = false): string | undefined {
  const { source, start, end, announced } = line
  if (line.isCut) return 'a line is longer than is taken'
  if (!isLine(source, start, end)) return 'a line has a bare CR or LF, or a NUL'
  if (!announced) return !mayHaveText && endsInBraces(source, start, end) ? oddLiteral : undefined
  if (announced.size > LARGEST) return 'a literal is larger than can be counted safely'
  return announcement.test(tailOf(source, start, end)) ? undefined : oddLiteral
}

const oddLiteral = 'a literal is announced in a form that is not the one of the grammar'
const announcement = /~?\{\d+\+?\}\r\n$/u

/** CRLF at its end, and no NUL, CR or LF before that. */
export function isLine(octets: Uint8Array, start = 0, end = octets.length): boolean {
  const text = end - 2
  // Searched up to where it has to be found: without a view of the line for each, of which there are many.
  if (text < start || octets.indexOf(CR, start) !== text || octets.indexOf(LF, start) !== text + 1)
    return false
  return !octets.subarray(start, text).includes(NUL)
}

/** However far apart they are: a count of a hundred digits is an announcement to whoever reads as many. */
function endsInBraces(source: Uint8Array, start: number, end: number): boolean {
  let last = end - 3
  while (last >= start && (source[last] === SP || source[last] === TAB)) last -= 1
  if (source[last] !== RBRACE) return false
  const opened = source.subarray(start, last).lastIndexOf(LBRACE)
  return opened >= 0 && opened > source.subarray(start, last).lastIndexOf(RBRACE)
}

const tailOf = (source: Uint8Array, start: number, end: number): string =>
  latin1(source, Math.max(start, end - TAIL), end)

/**
 * The lines and literals of what was written for upstream, piece by piece; undefined where that is not what the
 * pieces say it is. Nothing else may be sent.
 */
export function partsOfPieces(pieces: readonly Uint8Array[]): readonly RawPart[] | undefined {
  const parts: RawPart[] = []
  let announced: LiteralAnnouncement | undefined
  for (const piece of pieces) {
    const size = announced?.size ?? 0
    if (parts.length > 0 && !announced) return undefined
    if (announced) parts.push({ kind: 'literal', announced, octets: piece.subarray(0, size) })
    const line = piece.subarray(size)
    if (piece.length < size || !isLine(line)) return undefined
    parts.push({ kind: 'line', octets: line })
    announced = announcedBy(line)
  }
  return announced || parts.length === 0 ? undefined : parts
}

function announcedBy(line: Uint8Array): LiteralAnnouncement | undefined {
  const found = /(~?)\{(\d+)\}\r\n$/u.exec(tailOf(line, 0, line.length))
  return found ? { size: Number(found[2]), isSynchronizing: true, isBinary: found[1] !== '' } : undefined
}

/** ASTRING-CHARs without a plus (RFC 9051 section 9): such a tag can be answered. Longer ones would only make our answers long. */
export const isSoundTag = (tag: string): boolean =>
  /^[!#$&',\-./0-9:;<=>?@A-Z[\]^_`a-z|}~]{1,200}$/u.test(tag)

/** Dovecot answers one of 127 octets untagged before the login. */
const LONGEST_TAG = 100

/** Of a tag of the grammar: why no command with it goes on. A server that does not take it completes nothing by it. */
export function faultOfTag(tag: string): string | undefined {
  // Dovecot for one answers `] NOOP` by an untagged BAD.
  if (tag.includes(']')) return 'a tag with a ] is not taken here: not every server reads it'
  return tag.length > LONGEST_TAG ? 'a tag this long is not taken here: not every server reads it' : undefined
}
