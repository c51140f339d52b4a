import { expect, test } from 'vitest'
import { Writer } from '../../src/imap/writer.ts'
import { textOf } from './support/wire.ts'

const written = (write: (writer: Writer) => void): string => {
  const writer = new Writer('server')
  write(writer)
  return textOf(writer.finish())
}

test.each([
  ['INBOX', 'INBOX'],
  ['Sent Items', '"Sent Items"'],
  ['', '""'],
  ['nil', '"nil"'],
  ['a"b\\c', '"a\\"b\\\\c"'],
  ['a]b', '"a]b"'],
  ['50%', '"50%"'],
  ['caf\u00e9', '{5}\r\ncaf\u00c3\u00a9'],
  ['a\r\nb', '{4}\r\na\r\nb'],
  ['a\0', '~{2}\r\na\0'],
])('the string %j goes as %j', (text, wire) => {
  expect(written((writer) => writer.astring(text))).toBe(`${wire}\r\n`)
})

test('patterns keep their wildcards bare', () => {
  expect(written((writer) => writer.listMailbox('INBOX/%'))).toBe('INBOX/%\r\n')
})

test('a long string goes as a literal', () => {
  expect(written((writer) => writer.string('x'.repeat(2000)))).toMatch(/^\{2000\}\r\nx+\r\n$/u)
})

test('nothing quoted can break the line', () => {
  expect(written((writer) => writer.quoted('a\r\nb NOOP'))).toBe('{9}\r\na\r\nb NOOP\r\n')
})

test('what streamed past cannot be written', () => {
  expect(() => written((writer) => writer.streamed())).toThrow(/streamed past/u)
})
