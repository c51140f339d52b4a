import { expect, test } from 'vitest'
import { octetsOf } from '../../src/imap/octets.ts'
import { readItems, readPlainItems, rewriteItems } from './support/fetch.ts'

test('parts of a message are written as they were read', () => {
  expect(readPlainItems('BODY[1.MIME]<5> {1}\r\na BINARY[1]<0> NIL BINARY.SIZE[] 5')).toEqual([
    { name: 'BODY[]', section: { part: [1], text: 'MIME' }, origin: 5, data: octetsOf('a') },
    { name: 'BINARY[]', part: [1], origin: 0, data: null },
    { name: 'BINARY.SIZE[]', part: [], octets: 5 },
  ])
})

test('literal8 is written where the data hold NUL', () => {
  expect(rewriteItems('BINARY[1] ~{2}\r\n\0a')).toBe('BINARY[1] ~{2}\r\n\0a')
  expect(rewriteItems('BINARY[1] ~{2}\r\nba')).toBe('BINARY[1] {2}\r\nba')
})

test('the items of CONVERT', () => {
  expect(readPlainItems('AVAILABLECONVERSIONS[1] ("image/png" "image/gif")')).toEqual([
    { name: 'AVAILABLECONVERSIONS[]', part: [1], mediaTypes: ['image/png', 'image/gif'] },
  ])
  expect(rewriteItems('AVAILABLECONVERSIONS[1] (("image/png"))')).toBe(
    'AVAILABLECONVERSIONS[1] ("image/png")',
  )
  expect(readPlainItems('BODYPARTSTRUCTURE[2] ("TEXT" "PLAIN" NIL NIL NIL "7BIT" 3 1)')).toMatchObject([
    { name: 'BODYPARTSTRUCTURE[]', part: [2], body: { type: 'TEXT' } },
  ])
})

test.each([
  ['BODY[]<0.5> NIL', 'count-in-origin'],
  ['BODY[2] ', 'missing-value'],
  ['RFC822', 'missing-value'],
])('%j bends the grammar: %s', (line, rule) => {
  expect(readItems(line).rules).toContain(rule)
})
