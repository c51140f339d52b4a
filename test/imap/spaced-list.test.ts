import { expect, test } from 'vitest'
import { readMessage } from '../../src/imap/cursor.ts'
import { readSpacedList } from '../../src/imap/spaced-list.ts'
import { readAString } from '../../src/imap/strings.ts'
import { client } from './support/wire.ts'

const read = (text: string): unknown => {
  const list = readMessage(client(text), (cursor) => readSpacedList(cursor, readAString))
  return list.ok ? { items: list.value, quirks: list.quirks.map(({ rule }) => rule) } : list.fault.rule
}

test.each([
  ['(a)', ['a'], []],
  ['(a "b c" {1}\r\nd e)', ['a', 'b c', 'd', 'e'], []],
  ['(a "b"c)', ['a', 'b', 'c'], ['missing-space']],
  ['({1}\r\na{1}\r\nb)', ['a', 'b'], ['missing-space']],
  ['( a  b )', ['a', 'b'], ['space-in-list', 'space-in-list', 'space-in-list']],
  ['()', [], ['empty-list']],
])('%j is a list of %j, with the quirks %j', (text, items, quirks) => {
  expect(read(text)).toEqual({ items, quirks })
})

test('a list that does not end is unreadable', () => {
  expect(read('(a b')).toBe('unclosed-parenthesis')
})
