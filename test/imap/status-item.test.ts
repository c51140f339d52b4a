import { expect, test } from 'vitest'
import { Cursor } from '../../src/imap/cursor.ts'
import { readStatusItem, statusItemNames, type StatusItem } from '../../src/imap/status-item.ts'
import { server } from './support/wire.ts'

const read = (text: string): { item: StatusItem; rules: string[] } => {
  const cursor = new Cursor(server(text))
  const item = readStatusItem(cursor)
  return { item, rules: cursor.quirks.map(({ rule }) => rule) }
}

test('sizes and mod-sequences are never rounded', () => {
  expect(read('SIZE 9007199254740993').item).toEqual({ name: 'SIZE', value: 9_007_199_254_740_993n })
  expect(read('highestmodseq 9223372036854775807').item).toEqual({
    name: 'HIGHESTMODSEQ',
    modseq: 9_223_372_036_854_775_807n,
  })
})

test('no limit is another thing than none told', () => {
  expect(read('APPENDLIMIT NIL').item).toEqual({ name: 'APPENDLIMIT', limit: null })
  expect(read('APPENDLIMIT 0').item).toEqual({ name: 'APPENDLIMIT', limit: 0 })
})

test.each([
  ['MESSAGES NIL', { name: 'unknown', word: 'MESSAGES', value: { kind: 'atom', text: 'NIL' } }, 'odd-value'],
  ['MAILBOXID ()', { name: 'unknown', word: 'MAILBOXID', value: { kind: 'list', items: [] } }, 'odd-value'],
  ['UIDVALIDITY 0', { name: 'UIDVALIDITY', value: 0 }, 'zero-number'],
])('%j is kept as it can be: %j, %s', (text, item, rule) => {
  expect(read(text)).toMatchObject({ item, rules: [rule] })
})

test('an item that nobody knows is kept without a word', () => {
  expect(read('X-NEW (1 "a")')).toMatchObject({ item: { name: 'unknown', word: 'X-NEW' }, rules: [] })
  expect(statusItemNames.has('X-NEW')).toBe(false)
})
