import { expect, test } from 'vitest'
import { readItems, readPlainItems, rewriteItems } from './support/fetch.ts'

test('identifiers stand in parentheses; a server without threads says NIL', () => {
  expect(readPlainItems('EMAILID (M6d99_-) THREADID NIL')).toEqual([
    { name: 'EMAILID', id: 'M6d99_-' },
    { name: 'THREADID', id: null },
  ])
})

test('an identifier may be called NIL', () => {
  expect(readPlainItems('THREADID (NIL)')).toEqual([{ name: 'THREADID', id: 'NIL' }])
})

test('OBJECTID holds pairs, or none', () => {
  expect(readPlainItems('OBJECTID (EMAILID M1 THREADID T1) OBJECTID ()')).toEqual([
    {
      name: 'OBJECTID',
      ids: [
        { kind: 'EMAILID', id: 'M1' },
        { kind: 'THREADID', id: 'T1' },
      ],
    },
    { name: 'OBJECTID', ids: [] },
  ])
})

test.each([
  ['EMAILID M1', 'M1', 'missing-parenthesis'],
  ['EMAILID ("M1")', 'M1', 'odd-object-id'],
  ['EMAILID (M.1)', 'M.1', 'odd-object-id'],
  ['EMAILID NIL', null, 'nil-for-object-id'],
])('%s is read as %j, and told of: %s', (line, id, rule) => {
  expect(readItems(line)).toEqual({ items: [{ name: 'EMAILID', id }], rules: [rule] })
})

test('quotes and missing parentheses are put right in writing', () => {
  expect(rewriteItems('EMAILID M1 THREADID ("T1")')).toBe('EMAILID (M1) THREADID (T1)')
})

test('two identifiers for one are no identifier', () => {
  expect(readItems('EMAILID (M1 M2)')).toMatchObject({ items: [{ name: 'unknown' }], rules: ['odd-item'] })
})
