import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Cursor, strictUtf8, tolerant, type Reading } from '../../src/imap/cursor.ts'
import {
  canonicalMailbox,
  decodeMailboxName,
  encodeMailboxName,
  isInbox,
  readMailbox,
} from '../../src/imap/mailbox.ts'
import { server } from './support/wire.ts'

test('INBOX is one mailbox in every case; no other name is', () => {
  expect(canonicalMailbox('iNbOx')).toBe('INBOX')
  expect(canonicalMailbox('inbox/Work')).toBe('inbox/Work')
  expect(isInbox('INBOX ')).toBe(false)
})

test.each([
  ['~peter/mail/&U,BTFw-/&ZeVnLIqe-', '~peter/mail/\u53f0\u5317/\u65e5\u672c\u8a9e'],
  ['Entw&APw-rfe', 'Entw\u00fcrfe'],
  ['a&-b', 'a&b'],
  ['&2D3eAA-', '\u{1f600}'],
  ['inbox', 'INBOX'],
])('%s reads %s', (name, text) => {
  expect(decodeMailboxName(name)).toBe(text)
})

test.each(['a&b', 'a&APw', '&A-', '&AP!-', '&AGF-'])('%s is malformed and stays as it is', (name) => {
  expect(decodeMailboxName(name)).toBe(name)
})

test('what is encoded is decoded to the same text, in ASCII in between', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      fc.pre(!isInbox(text))
      const name = encodeMailboxName(text)
      expect(name).toMatch(/^[ -~]*$/u)
      expect(decodeMailboxName(name)).toBe(text)
    }),
  )
})

test('once UTF-8 is enabled a name is what it says', () => {
  expect(decodeMailboxName('Entw&APw-rfe', true)).toBe('Entw&APw-rfe')
  expect(decodeMailboxName('R&D \u53f0', true)).toBe('R&D \u53f0')
  expect(decodeMailboxName('inbox', true)).toBe('INBOX')
})

const rules = (text: string, reading: Reading): string[] => {
  const cursor = new Cursor(server(text), reading)
  readMailbox(cursor)
  return cursor.quirks.map(({ rule }) => rule)
}

test.each([
  ['Entw&APw-rfe', []],
  ['a&-b', []],
  ['R&D', ['bad-utf7']],
  ['"R&D"', ['bad-utf7']],
  ['&AGE-b', ['bad-utf7']],
  ['&APw-&APw-', ['bad-utf7']],
  ['{2}\r\n\u00c3\u00bc', ['eight-bit-mailbox']],
  ['"\u00c3\u00bc"', ['eight-bit-quoted']],
])('%j is told of as %j, and is no matter once UTF-8 is enabled', (text, expected) => {
  expect(rules(text, tolerant)).toEqual(expected)
  expect(rules(text, strictUtf8)).toEqual([])
})
