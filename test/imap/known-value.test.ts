import { expect, test } from 'vitest'
import { Cursor } from '../../src/imap/cursor.ts'
import { readKnownValue, readUnknownParameter } from '../../src/imap/known-value.ts'
import { readNumber } from '../../src/imap/words.ts'
import { client } from './support/wire.ts'

test('what cannot be read is told of, and still stands there', () => {
  const cursor = new Cursor(client('five'))
  expect(readKnownValue(cursor, readNumber)).toBeUndefined()
  expect(cursor.at).toBe(0)
  expect(cursor.quirks.map(({ rule }) => rule)).toEqual(['odd-value'])
})

test.each([
  [' (a b)', 'list'],
  [' "a"', 'quoted'],
  [' 1:5', 'atom'],
  [' *', 'atom'],
  [' {1}\r\na', 'literal'],
  [' NEXT', undefined],
  [' ', undefined],
  ['', undefined],
])('behind a name, %j is a value: %s', (text, kind) => {
  expect(readUnknownParameter(new Cursor(client(text)), 'X')).toMatchObject({
    word: 'X',
    ...(kind !== undefined && { value: { kind } }),
  })
})
