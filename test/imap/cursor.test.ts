import { expect, test } from 'vitest'
import { Cursor, readMessage, strict } from '../../src/imap/cursor.ts'
import { limits } from '../../src/imap/limits.ts'
import { readAString, readLiteral } from '../../src/imap/strings.ts'
import { readNumber, readWord } from '../../src/imap/words.ts'
import { client, rawMessage, server } from './support/wire.ts'

test('a cursor walks from line to literal to line', () => {
  const cursor = new Cursor(client('a {2}\r\nhi ~{1+}\r\n\0 end'))
  expect(readWord(cursor)).toBe('a')
  cursor.readSpace()
  expect(cursor.isAtLiteral()).toBe(true)
  expect(readAString(cursor)).toBe('hi')
  cursor.readSpace()
  expect(readLiteral(cursor)).toMatchObject({ kind: 'literal', isBinary: true })
  cursor.readSpace()
  expect(readWord(cursor)).toBe('end')
  expect(cursor.isAtEnd()).toBe(true)
})

test('an attempt that fails leaves the cursor where it stood, literals included', () => {
  const cursor = new Cursor(server('{2}\r\nhi ('))
  const tried = cursor.attempt((at) => {
    readLiteral(at)
    at.readSpace()
    at.open()
    return at.fail('test', 'on purpose')
  })
  expect(tried).toBeUndefined()
  expect(cursor.isAtLiteral()).toBe(true)
  expect(readAString(cursor)).toBe('hi')
})

test('a backslash is found again after the cursor went back over it', () => {
  const cursor = new Cursor(server('"a\\"b" "c" "d\\\\"'))
  const readAll = (at: Cursor): string[] => {
    const texts = [readAString(at)]
    for (; at.hasMore(); texts.push(readAString(at))) at.readSpace()
    return texts
  }
  expect(cursor.wouldRead(readAll)).toBe(true)
  expect(readAll(cursor)).toEqual(['a"b', 'c', 'd\\'])
})

test('looking ahead moves nothing and notes nothing', () => {
  const cursor = new Cursor(server('a  b'))
  const reads = (at: Cursor): string => {
    readWord(at)
    at.readSpace()
    return readWord(at)
  }
  expect(cursor.wouldRead(reads)).toBe(true)
  expect(cursor.quirks).toEqual([])
  expect(readWord(cursor)).toBe('a')
})

test('what bends the grammar is noted, with its place, and is a fault in strict mode', () => {
  const read = (cursor: Cursor): readonly string[] => {
    readWord(cursor)
    cursor.readSpace()
    readWord(cursor)
    return cursor.quirks.map((quirk) => `${quirk.rule} ${quirk.at}`)
  }
  expect(readMessage(server('a   b'), read)).toMatchObject({ ok: true, value: ['extra-space 4'] })
  expect(readMessage(server('a   b'), read, strict)).toMatchObject({
    ok: false,
    fault: { rule: 'extra-space' },
  })
})

test('no more quirks are kept than the limit', () => {
  const cursor = new Cursor(server('x'))
  for (let i = 0; i < 100; i++) cursor.quirk('test', 'again')
  expect(cursor.quirks).toHaveLength(limits.quirksKept)
})

test('an exception that is no wire fault is a bug and is not swallowed', () => {
  const broken = (): never => {
    throw new TypeError('a bug')
  }
  expect(() => readMessage(server('x'), broken)).toThrow(TypeError)
  expect(() => new Cursor(server('x')).attempt(broken)).toThrow(TypeError)
})

test.each(['', '\r\n', '\0', '{3}\r\n'])('the message %j has an end', (text) => {
  const cursor = new Cursor(rawMessage('server', text))
  expect(cursor.peek()).toBe(-1)
  expect(readMessage(rawMessage('server', text), readNumber)).toMatchObject({ ok: false })
})
