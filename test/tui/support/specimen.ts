/** Messages for tests of what shows them: wire text in, a specimen out. */

import { Message, type MessageKind } from '../../../src/imap/message.ts'
import { octetsOf } from '../../../src/imap/octets.ts'
import type { RawPart, Side } from '../../../src/imap/raw-message.ts'
import { encodeText } from '../../../src/imap/utf8.ts'
import type { Range, Specimen } from '../../../src/tui/tree/node.ts'

/** `{n}` at the end of a line announces as many octets. */
export function specimenOf(text: string, side: Side = 'server', hidden: readonly Range[] = []): Specimen {
  const kind: MessageKind = side === 'client' ? 'command' : 'response'
  return { message: messageOf(text, side, kind), hidden }
}

export function messageOf(text: string, side: Side, kind: MessageKind): Message {
  const wire = encodeText(text)
  const parts: RawPart[] = []
  for (let at = 0; at < wire.length;) {
    const lineEnd = wire.indexOf('\n', at) + 1 || wire.length
    const line = wire.slice(at, lineEnd)
    parts.push({ kind: 'line', octets: octetsOf(line) })
    at = lineEnd
    const size = /\{(\d+)\}\r\n$/.exec(line)?.[1]
    if (size === undefined) continue
    const announced = { size: Number(size), isSynchronizing: true, isBinary: false }
    parts.push({ kind: 'literal', announced, octets: octetsOf(wire.slice(at, at + Number(size))) })
    at += Number(size)
  }
  return new Message({ from: side, parts, octets: wire.length }, kind)
}
