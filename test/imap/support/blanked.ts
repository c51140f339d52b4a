/** Messages made of pieces, and shown with what of them is blanked. */

import type { Span } from '../../../src/imap/blank.ts'
import { Message, type MessageKind } from '../../../src/imap/message.ts'
import { concat, latin1, octetsOf } from '../../../src/imap/octets.ts'
import type { RawPart, Side } from '../../../src/imap/raw-message.ts'

/** Lines and literals in turn, as a peer would send them: `a LOGIN {3}`, `ann`, `...`. */
export function messageOf(from: Side, pieces: readonly string[], kind?: MessageKind): Message {
  const parts = pieces.map((piece, at): RawPart => {
    if (at % 2 === 0) return { kind: 'line', octets: octetsOf(`${piece}\r\n`) }
    const announced = { size: piece.length, isSynchronizing: true, isBinary: false }
    return { kind: 'literal', announced, octets: octetsOf(piece) }
  })
  const octets = concat(parts.map((part) => part.octets ?? octetsOf(''))).length
  return new Message({ from, parts, octets }, kind ?? (from === 'client' ? 'command' : 'response'))
}

/** The message with what is blanked as `#`, its line ends left out. */
export function show({ raw }: Message, spans: readonly Span[]): string {
  return raw.parts
    .map((part, index) => {
      const octets = Uint8Array.from(part.octets ?? [])
      for (const { part: at, from, to } of spans) if (at === index) octets.fill('#'.charCodeAt(0), from, to)
      return latin1(octets).replace(/\r\n$/u, '')
    })
    .join('|')
}
