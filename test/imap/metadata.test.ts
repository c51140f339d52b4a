import { expect, test } from 'vitest'
import { Cursor } from '../../src/imap/cursor.ts'
import { readMetadataEntry, readMetadataValue } from '../../src/imap/metadata.ts'
import { octetsOf } from '../../src/imap/octets.ts'
import type { RawMessage } from '../../src/imap/raw-message.ts'
import { server } from './support/wire.ts'

test.each([
  ['/shared/comment', []],
  ['"/private/vendor/a b"', []],
  ['/shared//comment', ['odd-entry']],
  ['/shared/', ['odd-entry']],
  ['comment', ['odd-entry']],
  ['"/shared/*"', ['odd-entry']],
])('the entry %s is told of as %j', (text, expected) => {
  const cursor = new Cursor(server(text))
  readMetadataEntry(cursor)
  expect(cursor.quirks.map(({ rule }) => rule)).toEqual(expected)
})

test('a value may hold any octets', () => {
  expect(readMetadataValue(new Cursor(server('NIL')))).toBeNull()
  expect(readMetadataValue(new Cursor(server('~{3}\r\na\0\u00ff')))).toBe('a\0\udcff')
})

test('a value that streamed past is known by its size', () => {
  const raw: RawMessage = {
    from: 'server',
    parts: [
      { kind: 'line', octets: octetsOf('{70000}\r\n') },
      { kind: 'literal', announced: { size: 70_000, isSynchronizing: true, isBinary: false } },
      { kind: 'line', octets: octetsOf('\r\n') },
    ],
    octets: 70_011,
  }
  expect(readMetadataValue(new Cursor(raw))).toEqual({ kind: 'streamed', size: 70_000, isBinary: false })
})
