import { expect, test } from 'vitest'
import { readItems, readPlainItems } from './support/fetch.ts'

test.each(['17-Jul-1996 02:44:25 -0700', ' 1-feb-2025 23:59:60 +0000'])('%j is a date', (date) => {
  expect(readPlainItems(`INTERNALDATE "${date}"`)).toEqual([{ name: 'INTERNALDATE', date }])
})

test.each([
  '00-Jan-0000 00:00:00 +0000',
  '1-Feb-2025 00:00:00 +0000',
  '17-Jul-96 02:44:25 -0700',
  '17-Jul-1996 02:44:25',
  '32-Jul-1996 02:44:25 -0700',
  '17-Jux-1996 02:44:25 -0700',
  '17-Jul-1996 62:44:25 -0700',
  '',
])('%j is kept, and told of', (date) => {
  const { items, rules } = readItems(`INTERNALDATE "${date}" UID 7`)
  expect(items).toEqual([
    { name: 'INTERNALDATE', date },
    { name: 'UID', uid: 7 },
  ])
  expect(rules).toEqual(['odd-date'])
})

test('NIL is a date where the server may have none', () => {
  expect(readPlainItems('SAVEDATE NIL X-SAVEDATE NIL')).toEqual([
    { name: 'SAVEDATE', date: null },
    { name: 'X-SAVEDATE', date: null },
  ])
  expect(readItems('INTERNALDATE NIL').rules).toEqual(['nil-for-string'])
})
