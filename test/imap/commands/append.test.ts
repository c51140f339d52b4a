import { expect, test } from 'vitest'
import { readCommand, writeCommand, type Command } from '../../../src/imap/commands/index.ts'
import { strict } from '../../../src/imap/cursor.ts'
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
  'a APPEND Sent CATENATE (TEXT {1}\r\na X-NEW (b)) CATENATE (URL "/x")',
  'a APPEND Sent (\\Seen) ANNOTATION (/comment (value.priv "x") /x (value NIL)) X-OPT (1) {2}\r\nhi',
  'a APPEND Sent X-DATA ({2}\r\nhi)',
  'a REPLACE 4 Drafts (\\Draft) {2}\r\nhi',
  'a UID REPLACE * Drafts CATENATE (TEXT ~{2}\r\nhi)',
])('%j is written as it was read', (line) => {
  expect(textOf(writeCommand(read(line)))).toBe(`${line}\r\n`)
})

test.each([
  ['a APPEND Sent "yesterday" {2}\r\nhi', 'odd-date'],
  ['a APPEND Sent UTF8 ({2}\r\nhi)', 'plain-literal'],
  ['a APPEND Sent CATENATE ()', 'empty-list'],
  ['a APPEND Sent CATENATE (TEXT "hi")', 'odd-append-data'],
  ['a APPEND Sent ANNOTATION x {2}\r\nhi', 'odd-annotation'],
  ['a REPLACE 1:2 Drafts {2}\r\nhi', 'not-one-message'],
])('%j: %s', (line, rule) => {
  expect(readCommand(client(line)).quirks.map((quirk) => quirk.rule)).toEqual([rule])
  expect(readCommand(client(line), strict)).toMatchObject({ ok: false })
})

test('a client takes a message back with a literal of no octets', () => {
  expect(read('a APPEND Sent {2}\r\nhi {0}\r\n')).toMatchObject({
    messages: [{}, { data: { kind: 'literal', octets: new Uint8Array(0) } }],
  })
})

test('annotations alone are no message', () => {
  expect(readCommand(client('a APPEND Sent ANNOTATION (/comment (value "x"))'))).toMatchObject({
    ok: false,
    fault: { rule: 'missing-literal' },
  })
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
