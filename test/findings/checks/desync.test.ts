/** What no trace can hold of messages beyond all reason: their literals; the rest are traces. */

import { expect, it } from 'vitest'

import { FindingsEngine } from '../../../src/findings/engine.ts'
import { Message } from '../../../src/imap/message.ts'
import { octetsOf } from '../../../src/imap/octets.ts'
import type { RawMessage, Side } from '../../../src/imap/raw-message.ts'

/** A message whose literal was streamed past. */
function withLiteral(from: Side, head: string, size: number): RawMessage {
  const announced = { size, isSynchronizing: true, isBinary: false }
  const first = octetsOf(`${head} {${size}}\r\n`)
  const last = octetsOf(from === 'server' ? ')\r\n' : '\r\n')
  return {
    from,
    parts: [
      { kind: 'line', octets: first },
      { kind: 'literal', announced },
      { kind: 'line', octets: last },
    ],
    octets: first.length + size + last.length,
  }
}

function findingsOf(raw: RawMessage): string[] {
  const message = new Message(raw, raw.from === 'client' ? 'command' : 'response')
  return new FindingsEngine()
    .observe({ session: 'S1', at: 0, kind: 'message', side: raw.from, message, hidesAll: false })
    .filter(({ finding }) => finding.id === 'X11')
    .map(({ finding }) => `${finding.side}: ${finding.text}`)
}

it('tells of a literal that no mail can need, on either side', () => {
  const size = 2 ** 31
  expect(findingsOf(withLiteral('server', '* 1 FETCH (BODY[]', size))).toEqual([
    `server: the server sent a literal of ${size} octets`,
  ])
  expect(findingsOf(withLiteral('client', 'a APPEND Sent', size))).toEqual([
    `client: the client sent a literal of ${size} octets`,
  ])
})

it('tells nothing of a literal that is large and no more', () => {
  expect(findingsOf(withLiteral('server', '* 1 FETCH (BODY[]', 150 * 1024 ** 2))).toEqual([])
})
