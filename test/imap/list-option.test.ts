import { expect, test } from 'vitest'
import { Cursor } from '../../src/imap/cursor.ts'
import { readListOption } from '../../src/imap/list-option.ts'
import { client } from './support/wire.ts'

const read = (text: string): unknown => readListOption(new Cursor(client(text)))

test.each([
  ['special-use', { name: 'SPECIAL-USE' }],
  ['STATUS (MESSAGES X-NEW)', { name: 'STATUS', items: ['MESSAGES', 'X-NEW'] }],
  [
    'METADATA (/shared/comment "/private/a b")',
    { name: 'METADATA', entries: ['/shared/comment', '/private/a b'] },
  ],
  ['STATUS', { name: 'unknown', word: 'STATUS' }],
  ['SUBSCRIBED (a)', { name: 'unknown', word: 'SUBSCRIBED' }],
  ['X-NEW', { name: 'unknown', word: 'X-NEW' }],
])('%s', (text, expected) => {
  expect(read(text)).toMatchObject(expected)
})
