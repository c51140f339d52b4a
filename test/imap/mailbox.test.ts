import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalMailbox, decodeMailboxName, encodeMailboxName, isInbox } from '../../src/imap/mailbox.ts'

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
