import { expect, test } from 'vitest'
import { clip, printable } from '../../src/imap/printable.ts'

test.each([
  ['plain text', 'plain text'],
  ['\u65e5\u672c \u00e9', '\u65e5\u672c \u00e9'],
  ['a\r\nb', 'a\\x0d\\x0ab'],
  ['\u001b[2J', '\\x1b[2J'],
  ['\u202egnp', '\\u{202e}gnp'],
  ['a\u200bb', 'a\\u{200b}b'],
  ['\udcff', '\\xff'],
  ['\ud83d', '\\u{d83d}'],
])('%j prints as %s', (text, shown) => {
  expect(printable(text)).toBe(shown)
})

test('what is too long is cut, and no pair of surrogates with it', () => {
  expect(printable('abcdef', 4)).toBe('abc…')
  expect(clip('a\u{1f600}bcd', 3)).toBe('a…')
  expect(printable('abcd', 4)).toBe('abcd')
})
