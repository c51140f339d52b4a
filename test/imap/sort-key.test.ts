import { expect, test } from 'vitest'
import { readMessage } from '../../src/imap/cursor.ts'
import { readSortCriterion, sortKeyNames, writeSortCriterion } from '../../src/imap/sort-key.ts'
import { Writer } from '../../src/imap/writer.ts'
import { client, textOf } from './support/wire.ts'

test.each([
  ['DATE', { isReverse: false, key: 'DATE' }],
  ['REVERSE DISPLAYFROM', { isReverse: true, key: 'DISPLAYFROM' }],
  ['HASFLAG \\Seen', { isReverse: false, key: 'HASFLAG', flag: '\\Seen' }],
  ['HASFLAG "a b"', { isReverse: false, key: 'HASFLAG', flag: 'a b' }],
  [
    'REVERSE ANNOTATION /comment value.priv',
    { isReverse: true, key: 'ANNOTATION', entry: '/comment', attribute: 'value.priv' },
  ],
  ['X-NEW', { isReverse: false, key: 'unknown', word: 'X-NEW' }],
])('%j is a criterion, and written as it was read', (text, criterion) => {
  const read = readMessage(client(text), readSortCriterion)
  if (!read.ok) throw new Error(read.fault.rule)
  expect(read).toMatchObject({ value: criterion, quirks: [] })
  const writer = new Writer('server')
  writeSortCriterion(writer, read.value)
  expect(textOf(writer.finish())).toBe(`${text}\r\n`)
})

test('the registry knows what can be sorted by', () => {
  expect(sortKeyNames).toContain('RELEVANCY')
  expect(sortKeyNames).not.toContain('X-NEW')
})
