/** Octet constants and the few octet operations that every reader needs; knows nothing of IMAP's grammar. */

export const NUL = 0x00
export const TAB = 0x09
export const LF = 0x0a
export const CR = 0x0d
export const SP = 0x20
export const DQUOTE = 0x22
export const LPAREN = 0x28
export const RPAREN = 0x29
export const STAR = 0x2a
export const PLUS = 0x2b
export const MINUS = 0x2d
export const ZERO = 0x30
const NINE = 0x39
export const LBRACKET = 0x5b
export const BACKSLASH = 0x5c
export const RBRACKET = 0x5d
export const LBRACE = 0x7b
export const RBRACE = 0x7d
export const TILDE = 0x7e

/** No octets. */
export const none: Uint8Array = new Uint8Array(0)

/** Where a line's content ends: before its line end, however many CR and LF that is. */
export function contentEnd(octets: Uint8Array, start = 0, end = octets.length): number {
  let at = end
  while (at > start && (octets[at - 1] === LF || octets[at - 1] === CR)) at -= 1
  return at
}

export const isDigit = (octet: number): boolean => octet >= ZERO && octet <= NINE

/** True when the ASCII word stands at `at`, whatever its case; `word` must be given in upper case. */
export function hasWordAt(octets: Uint8Array, at: number, word: string): boolean {
  if (at + word.length > octets.length) return false
  for (let i = 0; i < word.length; i++) {
    const octet = octets[at + i] ?? 0
    const upper = octet >= 0x61 && octet <= 0x7a ? octet - 0x20 : octet
    if (upper !== word.charCodeAt(i)) return false
  }
  return true
}

const CHUNK = 8192

/** What Node's Buffers have beyond Uint8Array. */
interface NativeSlices {
  latin1Slice(start: number, end: number): string
  /** As latin1, but with the highest bit of each octet cleared. */
  asciiSlice(start: number, end: number): string
}

// Octets that come from a socket are Node Buffers, whose native slice decodes lines of 760 octets at 6,000 MB/s;
// `String.fromCharCode` manages 45. This is the one place where the room looks at what it was given.
const hasNativeSlices = (octets: Uint8Array): octets is Uint8Array & NativeSlices => 'latin1Slice' in octets

/** Whether CR, NUL or 8-bit octets stand before `end`; `text` must be the `latin1` of the octets. */
export function hasOddOctets(octets: Uint8Array, text: string, end: number): boolean {
  const cr = text.indexOf('\r')
  return (cr >= 0 && cr < end) || text.includes('\0') || !isSevenBit(octets, text)
}

/** Where the next CR, NUL, backslash or 8-bit octet stands; -1 where none does. */
export function oddOctetFrom(octets: Uint8Array, from: number): number {
  for (let at = from; at < octets.length; at++) {
    const octet = octets[at] ?? 0
    if (octet > 0x7f || octet === BACKSLASH || octet === CR || octet === NUL) return at
  }
  return -1
}

/** Natively a tenth of the price of looking at each octet. */
function isSevenBit(octets: Uint8Array, text: string): boolean {
  if (hasNativeSlices(octets)) return octets.asciiSlice(0, octets.length) === text
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) > 0x7f) return false
  }
  return true
}

/** Octets as text, one UTF-16 unit per octet (ISO 8859-1), so that nothing is lost. */
export function latin1(octets: Uint8Array, start = 0, end = octets.length): string {
  if (hasNativeSlices(octets)) return octets.latin1Slice(start, end)
  if (end - start <= CHUNK) return fromUnits(octets.subarray(start, end))
  let text = ''
  for (let at = start; at < end; at += CHUNK) {
    text += fromUnits(octets.subarray(at, Math.min(at + CHUNK, end)))
  }
  return text
}

// A spread would be ten times as slow: it makes an array of the octets first.
const fromUnits = (octets: Uint8Array): string => Reflect.apply(String.fromCharCode, undefined, octets)

/** A copy of the same kind: what a socket's buffer gave stays natively readable. A Buffer's own `slice` is a view. */
export function copyOf(octets: Uint8Array): Uint8Array {
  return Uint8Array.prototype.slice.call(octets)
}

/** The reverse of `latin1`: each UTF-16 unit below 256 becomes one octet. */
export function octetsOf(text: string): Uint8Array {
  const octets = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) octets[i] = text.charCodeAt(i)
  return octets
}

export function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const [only] = pieces
  if (pieces.length === 1 && only) return only
  let length = 0
  for (const piece of pieces) length += piece.length
  const whole = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
