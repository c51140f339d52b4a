import { expect, test } from 'vitest'
import { Cursor } from '../../src/imap/cursor.ts'
import { readRights } from '../../src/imap/rights.ts'
import { server } from './support/wire.ts'

test.each([
  ['lrswipkxtea', []],
  ['lrcd0', []],
  ['""', []],
  ['LRS', ['odd-rights']],
  ['"l r"', ['odd-rights']],
])('%s is told of as %j', (text, expected) => {
  const cursor = new Cursor(server(text))
  readRights(cursor)
  expect(cursor.quirks.map(({ rule }) => rule)).toEqual(expected)
})
