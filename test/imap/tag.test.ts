import { expect, test } from 'vitest'
import { Cursor } from '../../src/imap/cursor.ts'
import { readTag } from '../../src/imap/tag.ts'
import { client } from './support/wire.ts'

const read = (text: string): { tag: string; rules: string[] } => {
  const cursor = new Cursor(client(text))
  return { tag: readTag(cursor), rules: cursor.quirks.map(({ rule }) => rule) }
}

test.each(['a1', '.', ']', '123', 'x'.repeat(1024), "!#$&',-/:;<=>?@[^_`|}~"])('%j may be a tag', (tag) => {
  expect(read(`${tag} NOOP`)).toEqual({ tag, rules: [] })
})

test.each([
  ['+++++', 'odd-tag'],
  ['a%b', 'odd-atom'],
  ['a"b', 'odd-atom'],
  ['a\\b', 'odd-atom'],
  ['a{b', 'odd-atom'],
])('%j may not, and is read all the same', (tag, rule) => {
  expect(read(`${tag} NOOP`)).toEqual({ tag, rules: [rule] })
})
