import { expect, test } from 'vitest'
import { readMessage } from '../../src/imap/cursor.ts'
import { readSearchCorrelator, writeSearchCorrelator } from '../../src/imap/search-correlator.ts'
import { Writer } from '../../src/imap/writer.ts'
import { server, textOf } from './support/wire.ts'

test.each([
  ['', {}],
  [' (TAG "a1")', { tag: 'a1' }],
  [' (TAG "a1" MAILBOX INBOX UIDVALIDITY 7)', { tag: 'a1', mailbox: 'INBOX', uidValidity: 7 }],
  [' (X-NEW (b))', { others: [{ word: 'X-NEW', value: { kind: 'list' } }] }],
])('%j says whose search it is, and is written as it was read', (text, correlator) => {
  const read = readMessage(server(text), readSearchCorrelator)
  if (!read.ok) throw new Error(read.fault.rule)
  expect(read).toMatchObject({ value: correlator, quirks: [] })
  const writer = new Writer('server')
  writeSearchCorrelator(writer, read.value)
  expect(textOf(writer.finish())).toBe(`${text}\r\n`)
})

test('its parts come in any order, and the last of two counts', () => {
  expect(readMessage(server(' (UIDVALIDITY 7 TAG a MAILBOX x TAG b)'), readSearchCorrelator)).toMatchObject({
    value: { tag: 'b', mailbox: 'x', uidValidity: 7 },
    quirks: [{ rule: 'repeated-item' }],
  })
})
