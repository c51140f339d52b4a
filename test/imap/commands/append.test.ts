import { expect, test } from 'vitest'
import { readCommand, writeCommand, type Command } from '../../../src/imap/commands/index.ts'
import { octetsOf } from '../../../src/imap/octets.ts'
import { client, textOf } from '../support/wire.ts'

const read = (line: string): Command => {
  const command = readCommand(client(line))
  if (!command.ok) throw new Error(command.fault.rule)
  return command.value
}

test('a message comes with flags and a date, or without', () => {
  expect(read('a APPEND Sent (\\Seen) " 7-Feb-1994 21:52:25 -0800" {2}\r\nhi')).toEqual({
    tag: 'a',
    name: 'APPEND',
    mailbox: 'Sent',
    messages: [
      {
        flags: ['\\Seen'],
        date: ' 7-Feb-1994 21:52:25 -0800',
        data: { kind: 'literal', octets: octetsOf('hi'), isBinary: false },
      },
    ],
  })
  expect(read('a APPEND Sent {2}\r\nhi')).toMatchObject({ messages: [{ data: { kind: 'literal' } }] })
})

test.each([
  'a APPEND Sent {1}\r\na {1}\r\nb () ~{1}\r\nc',
  'a APPEND Sent UTF8 (~{2}\r\nhi)',
  'a APPEND Sent (\\Seen) CATENATE (URL "/INBOX/;UID=20" TEXT {2}\r\nhi)',
])('%j is written as it was read', (line) => {
  expect(textOf(writeCommand(read(line)))).toBe(`${line}\r\n`)
})

test('a message that streamed past is known by its size', () => {
  const raw = client('a APPEND Sent {2}\r\nhi')
  const parts = raw.parts.map((part) =>
    part.kind === 'literal' ? { kind: 'literal' as const, announced: part.announced } : part,
  )
  expect(readCommand({ ...raw, parts })).toMatchObject({
    ok: true,
    value: { messages: [{ data: { kind: 'streamed', size: 2 } }] },
  })
})
