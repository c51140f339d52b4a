import { expect, test } from 'vitest'
import { octetsOf } from '../../src/imap/octets.ts'
import { readItems, readPlainItems } from './support/fetch.ts'

test('items of a whole message are written as they were read', () => {
  const line =
    'FLAGS (\\Seen) UID 7 INTERNALDATE "17-Jul-1996 02:44:25 -0700" RFC822.SIZE 44 RFC822.TEXT {1}\r\na'
  expect(readPlainItems(line)).toEqual([
    { name: 'FLAGS', flags: ['\\Seen'] },
    { name: 'UID', uid: 7 },
    { name: 'INTERNALDATE', date: '17-Jul-1996 02:44:25 -0700' },
    { name: 'RFC822.SIZE', octets: 44 },
    { name: 'RFC822.TEXT', data: octetsOf('a') },
  ])
})

test('no UID is zero', () => {
  expect(readItems('UID 0')).toEqual({ items: [{ name: 'UID', uid: 0 }], rules: ['zero-number'] })
})

test('RFC822 with brackets is RFC822', () => {
  expect(readItems('RFC822[] "x"')).toEqual({
    items: [{ name: 'RFC822', data: octetsOf('x') }],
    rules: ['odd-brackets'],
  })
})
