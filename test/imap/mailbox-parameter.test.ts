import { expect, test } from 'vitest'
import { Cursor } from '../../src/imap/cursor.ts'
import { readCreateParameters, readSelectParameters } from '../../src/imap/mailbox-parameter.ts'
import { client } from './support/wire.ts'

const select = (text: string): unknown => readSelectParameters(new Cursor(client(text)))

test('none is another thing than an empty list', () => {
  expect(select('')).toBeUndefined()
  expect(select(' ()')).toEqual([])
})

test.each([
  [' (QRESYNC (1 2))', { uidValidity: 1, modseq: 2n }],
  [' (QRESYNC (1 2 3:4))', { uidValidity: 1, modseq: 2n, uids: '3:4' }],
  [' (QRESYNC (1 2 (5 6)))', { uidValidity: 1, modseq: 2n, match: { messages: '5', uids: '6' } }],
  [
    ' (QRESYNC (1 2 3:4 (5 6)))',
    { uidValidity: 1, modseq: 2n, uids: '3:4', match: { messages: '5', uids: '6' } },
  ],
])('%s', (text, expected) => {
  expect(select(text)).toEqual([{ name: 'QRESYNC', ...expected }])
})

test.each([' (QRESYNC (1))', ' (QRESYNC (1 2 3 (4)))', ' (QRESYNC (1 2 3 (4 5) 6))', ' (QRESYNC (a 2))'])(
  '%s is kept, unread',
  (text) => {
    expect(select(text)).toMatchObject([{ name: 'unknown', word: 'QRESYNC', value: { kind: 'list' } }])
  },
)

test('values belong to the name before them, names do not', () => {
  expect(select(' (X-A X-B 1:* X-C (d) X-E)')).toMatchObject([
    { word: 'X-A' },
    { word: 'X-B', value: { text: '1:*' } },
    { word: 'X-C', value: { kind: 'list' } },
    { word: 'X-E' },
  ])
})

test('CREATE says what the mailbox is for', () => {
  const cursor = new Cursor(client(' (USE (\\Drafts \\Sent))'))
  expect(readCreateParameters(cursor)).toEqual([{ name: 'USE', attributes: ['\\Drafts', '\\Sent'] }])
})
