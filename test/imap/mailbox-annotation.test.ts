import { expect, test } from 'vitest'
import { Cursor } from '../../src/imap/cursor.ts'
import { readAnnotationEntry } from '../../src/imap/mailbox-annotation.ts'
import { server } from './support/wire.ts'

test('an entry has attributes, and NIL is a value', () => {
  const cursor = new Cursor(server('"/comment" ("value.priv" "mine" "value.shared" NIL)'))
  expect(readAnnotationEntry(cursor)).toEqual({
    entry: '/comment',
    attributes: [
      { attribute: 'value.priv', value: 'mine' },
      { attribute: 'value.shared', value: null },
    ],
  })
  expect(cursor.quirks).toEqual([])
})

test('an entry without attributes is told of', () => {
  const cursor = new Cursor(server('/comment ()'))
  expect(readAnnotationEntry(cursor)).toEqual({ entry: '/comment', attributes: [] })
  expect(cursor.quirks.map(({ rule }) => rule)).toEqual(['empty-list'])
})
