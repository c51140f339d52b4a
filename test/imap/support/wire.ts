/** Raw messages out of text that reads like the wire; each UTF-16 unit of the text is one octet. */

import type { RawMessage, RawPart, Side } from '../../../src/imap/raw-message.ts'
import { octetsOf } from '../../../src/imap/octets.ts'

const announcement = /(~?)\{(\d{1,9})(\+?)\}\r\n$/u

/** What the client sent; the line end is added. */
export const client = (text: string): RawMessage => rawMessage('client', `${text}\r\n`)

/** What the server sent; the line end is added. */
export const server = (text: string): RawMessage => rawMessage('server', `${text}\r\n`)

/** Cuts lines and literals by their announcements. */
export function rawMessage(from: Side, text: string): RawMessage {
  const parts: RawPart[] = []
  let at = 0
  for (;;) {
    const end = text.indexOf('\r\n', at)
    const line = end < 0 ? text.slice(at) : text.slice(at, end + 2)
    const [, tilde, digits = '0', plus] = announcement.exec(line) ?? []
    const isLast = tilde === undefined
    parts.push({ kind: 'line', octets: octetsOf(isLast ? text.slice(at) : line) })
    if (isLast) return { from, parts, octets: text.length }
    const size = Number(digits)
    at += line.length
    parts.push({
      kind: 'literal',
      announced: { size, isSynchronizing: plus === '', isBinary: tilde === '~' },
      octets: octetsOf(text.slice(at, at + size)),
    })
    at += size
  }
}

/** The pieces of a writer as one text. */
export const textOf = (pieces: readonly Uint8Array[]): string =>
  pieces.map((piece) => String.fromCharCode(...piece)).join('')
