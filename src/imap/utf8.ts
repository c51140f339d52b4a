/** Octet strings to text and back without loss: what is UTF-8 is decoded, any other octet is kept; knows no grammar. */

// Both directions work on octet strings (one UTF-16 unit per octet, see `latin1`). An octet that is part of
// no UTF-8 sequence becomes the lone surrogate U+DC00 + octet, which no valid UTF-8 decodes to. So every
// octet string has one text, every such text has its octet string back, and the trees hold plain strings.

const ESCAPE = 0xdc00
const REPLACEMENT = 0xfffd

/** The text of an octet string. */
export function decodeText(octets: string): string {
  const first = firstEightBit(octets)
  if (first === octets.length) return octets
  let text = octets.slice(0, first)
  for (let at = first; at < octets.length;) {
    const lead = octets.charCodeAt(at)
    const length = lead < 0x80 ? 1 : sequenceLength(octets, at, lead)
    if (length === 0) text += String.fromCharCode(ESCAPE + lead)
    else
      text += length === 1 ? String.fromCharCode(lead) : String.fromCodePoint(codePoint(octets, at, length))
    at += length === 0 ? 1 : length
  }
  return text
}

/** The octet string of a text: UTF-8, except where `decodeText` had kept an octet. */
export function encodeText(text: string): string {
  const first = firstEightBit(text)
  if (first === text.length) return text
  let octets = text.slice(0, first)
  for (let at = first; at < text.length;) {
    const point = text.codePointAt(at) ?? 0
    octets += encodePoint(point)
    at += point > 0xffff ? 2 : 1
  }
  return octets
}

/** The octet that this UTF-16 unit stands for, when `decodeText` put it there. */
export function keptOctet(unit: number): number | undefined {
  return unit >= ESCAPE + 0x80 && unit <= ESCAPE + 0xff ? unit - ESCAPE : undefined
}

/** Whether the text holds octets that were no UTF-8. */
export const hasKeptOctet = (text: string): boolean => /[\udc80-\udcff]/u.test(text)

export function isAscii(text: string): boolean {
  return firstEightBit(text) === text.length
}

function firstEightBit(text: string): number {
  let at = 0
  while (at < text.length && text.charCodeAt(at) < 0x80) at++
  return at
}

/** Octets of the well-formed sequence at `at` (RFC 3629 section 4), or 0. */
function sequenceLength(octets: string, at: number, lead: number): number {
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2
  if (lead < 0xc2 || lead > 0xf4 || at + length > octets.length) return 0
  const second = octets.charCodeAt(at + 1)
  if (second < lowestSecond(lead) || second > highestSecond(lead)) return 0
  for (let i = 2; i < length; i++) {
    if ((octets.charCodeAt(at + i) & 0xc0) !== 0x80) return 0
  }
  return length
}

const lowestSecond = (lead: number): number => (lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80)
const highestSecond = (lead: number): number => (lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf)

function codePoint(octets: string, at: number, length: number): number {
  let point = octets.charCodeAt(at) & (0x7f >> length)
  for (let i = 1; i < length; i++) point = (point << 6) | (octets.charCodeAt(at + i) & 0x3f)
  return point
}

function encodePoint(point: number): string {
  if (point < 0x80) return String.fromCharCode(point)
  if (point < 0x800) return String.fromCharCode(0xc0 | (point >> 6), tail(point))
  const kept = keptOctet(point)
  if (kept !== undefined) return String.fromCharCode(kept)
  if (point >= 0xd800 && point <= 0xdfff) return encodePoint(REPLACEMENT)
  if (point < 0x10000) return String.fromCharCode(0xe0 | (point >> 12), tail(point >> 6), tail(point))
  return String.fromCharCode(0xf0 | (point >> 18), tail(point >> 12), tail(point >> 6), tail(point))
}

const tail = (bits: number): number => 0x80 | (bits & 0x3f)
