import { expect, test } from 'vitest'
import { readMessage, strict } from '../../src/imap/cursor.ts'
import { readPartialRange, readSequenceSet, readUidSet } from '../../src/imap/sequence-set.ts'
import { client } from './support/wire.ts'

test.each(['1', '*', '$', '1:*', '*:4', '4:2', '1,3,5:7', '5:5', '1,1', '1:4294967295'])(
  '%s is a sequence set',
  (set) => {
    expect(readMessage(client(set), readSequenceSet, strict)).toMatchObject({ ok: true, value: set })
  },
)

test.each(['', 'a', ',1', '1,', '1:', ':1', '-1'])('%j is none', (set) => {
  expect(readMessage(client(set), readSequenceSet)).toMatchObject({
    ok: false,
    fault: { rule: 'bad-sequence-set' },
  })
})

test.each([
  ['007', 'leading-zero'],
  ['0:4', 'zero-number'],
  ['1:4294967296', 'number-too-large'],
  ['1:9007199254740992', 'number-too-large'],
])('%s is one, with the quirk %s', (set, rule) => {
  expect(readMessage(client(set), readSequenceSet)).toMatchObject({ value: set, quirks: [{ rule }] })
  expect(readMessage(client(set), readSequenceSet, strict)).toMatchObject({ ok: false, fault: { rule } })
})

test('a set of a megabyte is read in one pass and kept as it is', () => {
  const set = Array.from({ length: 200_000 }, (_, index) => index + 1).join(',')
  expect(readMessage(client(set), readSequenceSet)).toMatchObject({ ok: true, value: set, quirks: [] })
})

test.each(['*', '$', '3:*'])('%s names no UIDs of a server', (set) => {
  expect(readMessage(client(set), readUidSet)).toMatchObject({
    value: set,
    quirks: [{ rule: 'open-uid-set' }],
  })
})

test.each([
  ['1:100', []],
  ['-1:-30', []],
  ['30:1', []],
  ['1:-30', ['odd-partial-range']],
  ['-7', ['odd-partial-range']],
])('%s is a partial range, with the quirks %j', (range, rules) => {
  const read = readMessage(client(range), readPartialRange)
  expect(read).toMatchObject({ ok: true, value: range })
  expect(read.quirks.map(({ rule }) => rule)).toEqual(rules)
})

test.each(['', '*', '1:', ':3', '--1:2', '1:*'])('%j is no partial range', (range) => {
  expect(readMessage(client(range), readPartialRange)).toMatchObject({
    ok: false,
    fault: { rule: 'bad-sequence-set' },
  })
})
