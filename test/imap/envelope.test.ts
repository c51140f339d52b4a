import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readMessage, strict } from '../../src/imap/cursor.ts'
import { readEnvelope, writeEnvelope, type Address, type Envelope } from '../../src/imap/envelope.ts'
import { Writer } from '../../src/imap/writer.ts'
import { envelope as anyEnvelope } from './support/values/fetch.ts'
import { rawMessage, server, textOf } from './support/wire.ts'

const read = (line: string): Envelope => {
  const envelope = readMessage(server(line), readEnvelope)
  if (!envelope.ok) throw new Error(envelope.fault.rule)
  return envelope.value
}
const ann: Address = { name: 'Ann', route: null, mailbox: 'ann', host: 'example.org' }
const from = (addresses: string): readonly Address[] =>
  read(`(NIL NIL ${addresses} NIL NIL NIL NIL NIL NIL NIL)`).from

test('an envelope has ten fields', () => {
  expect(
    read(
      '("Mon, 3 Mar 2025" "lunch" (("Ann" NIL "ann" "example.org")) NIL NIL ((NIL NIL "bo" "example.org")) NIL NIL NIL "<1@example.org>")',
    ),
  ).toEqual({
    date: 'Mon, 3 Mar 2025',
    subject: 'lunch',
    from: [ann],
    sender: [],
    replyTo: [],
    to: [{ name: null, route: null, mailbox: 'bo', host: 'example.org' }],
    cc: [],
    bcc: [],
    inReplyTo: null,
    messageId: '<1@example.org>',
  })
})

test('fields may be literals, with octets of any kind', () => {
  expect(read('(NIL {4}\r\na\u00ff"b NIL NIL NIL NIL NIL NIL NIL NIL)').subject).toBe('a\udcff"b')
})

describe('what servers are seen to send', () => {
  test.each([
    [
      'spaces between addresses',
      '(("Ann" NIL "ann" "example.org") ("Ann" NIL "ann" "example.org"))',
      [ann, ann],
    ],
    ['an empty list', '()', []],
    ['NIL among the addresses', '(NIL ("Ann" NIL "ann" "example.org"))', [ann]],
    ['a fifth part', '(("Ann" NIL "ann" "example.org" "x"))', [ann]],
    ['a missing part', '(("Ann" NIL "ann"))', [{ ...ann, host: null }]],
    [
      'an open group',
      '((NIL NIL "team" NIL)("Ann" NIL "ann" "example.org"))',
      [{ name: null, route: null, mailbox: 'team', host: null }, ann],
    ],
  ])('%s', (_name, written, addresses) => {
    expect(from(written)).toEqual(addresses)
  })

  test('a second pair of parentheses around it', () => {
    expect(read('(("d" "s" NIL NIL NIL NIL NIL NIL NIL "m"))')).toMatchObject({
      date: 'd',
      subject: 's',
      messageId: 'm',
    })
  })

  test('the last fields missing', () => {
    expect(read('("d" "s" NIL NIL NIL NIL NIL NIL)')).toMatchObject({
      subject: 's',
      inReplyTo: null,
      messageId: null,
    })
  })

  test('quotes inside a string, and a subject without quotes', () => {
    expect(read('(NIL "a "b"c" NIL NIL NIL NIL NIL NIL NIL NIL)').subject).toBe('a "b"c')
    expect(read('(NIL """" NIL NIL NIL NIL NIL NIL NIL NIL)').subject).toBe('""')
    expect(read('(NIL lunch NIL NIL NIL NIL NIL NIL NIL NIL)').subject).toBe('lunch')
  })

  test('an escape that is none keeps its backslash', () => {
    expect(read('(NIL "C:\\mail \\"x\\"" NIL NIL NIL NIL NIL NIL NIL NIL)').subject).toBe('C:\\mail "x"')
  })
})

test('the string NIL and the word NIL are two things', () => {
  expect(read('("NIL" nil NIL NIL NIL NIL NIL NIL NIL NIL)')).toMatchObject({ date: 'NIL', subject: null })
})

test('what is written is the grammar', () => {
  fc.assert(
    fc.property(anyEnvelope, (envelope) => {
      const writer = new Writer('server')
      writeEnvelope(writer, envelope)
      const raw = rawMessage('server', textOf(writer.finish()))
      expect(readMessage(raw, readEnvelope, strict)).toEqual({ ok: true, value: envelope, quirks: [] })
    }),
  )
})
