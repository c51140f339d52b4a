import { expect, test } from 'vitest'
import { readItems, readLine, readPlainItems } from './support/fetch.ts'

test('an answer holds entries with their values', () => {
  expect(readPlainItems('ANNOTATION ("/comment" ("value.priv" "mine" "value.shared" NIL))')).toEqual([
    {
      name: 'ANNOTATION',
      entries: [
        {
          entry: '/comment',
          values: [
            { attribute: 'value.priv', value: 'mine' },
            { attribute: 'value.shared', value: null },
          ],
        },
      ],
    },
  ])
})

test('values may be literal8, with NUL in them', () => {
  expect(readItems('ANNOTATION (/x (value ~{3}\r\na\0b))')).toEqual({
    items: [
      { name: 'ANNOTATION', entries: [{ entry: '/x', values: [{ attribute: 'value', value: 'a\0b' }] }] },
    ],
    rules: [],
  })
})

test('entries alone say that something has changed', () => {
  expect(readPlainItems('ANNOTATION ("/a" "/b")')).toEqual([
    { name: 'ANNOTATION', entries: [{ entry: '/a' }, { entry: '/b' }] },
  ])
})

test.each([
  ['a FETCH 1 ANNOTATION ("/comment" "value")', ['/comment'], ['value']],
  ['a FETCH 1 ANNOTATION (("/c/*" "/a%") ("value" "size"))', ['/c/*', '/a%'], ['value', 'size']],
])('%s asks for entries and attributes', (line, entries, attributes) => {
  const { command, rules, written } = readLine(line)
  expect(command).toMatchObject({ items: [{ name: 'ANNOTATION', entries, attributes }] })
  expect(rules).toEqual([])
  expect(written).toBe(line)
})

test.each([
  ['a STORE 1 ANNOTATION ()', 'empty-list'],
  ['a STORE 1 ANNOTATION (/a ())', 'empty-list'],
  ['a STORE 1 +ANNOTATION (/a (value NIL))', 'odd-store'],
  ['a FETCH 1 ANNOTATION (() value)', 'empty-list'],
])('%s bends the grammar: %s', (line, rule) => {
  expect(readLine(line).rules).toEqual([rule])
})
