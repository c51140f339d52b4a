import { describe, expect, test } from 'vitest'
import { Cursor, readMessage, strict, tolerant } from '../../src/imap/cursor.ts'
import { limits } from '../../src/imap/limits.ts'
import { readAString, readLiteral } from '../../src/imap/strings.ts'
import { readAtom, readNumber, readWord } from '../../src/imap/words.ts'
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

test('what a failed attempt noted is forgotten, in strict mode too', () => {
  const read = (cursor: Cursor): string => {
    const tried = cursor.attempt((at) => {
      readWord(at)
      at.readSpace()
      return at.fail('test', 'on purpose')
    })
    return tried ?? readWord(cursor)
  }
  for (const reading of [tolerant, strict])
    expect(readMessage(server('a  b'), read, reading)).toEqual({ ok: true, value: 'a', quirks: [] })
})

test('a strict reading and a tolerant one agree on what is wrong first', () => {
  const read = (cursor: Cursor): string => {
    readWord(cursor)
    const tried = cursor.attempt((at) => {
      at.readSpace()
      return readAtom(at)
    })
    return tried ?? cursor.fail('test', 'no atom')
  }
  const [first] = readMessage(server('a  b"'), read).quirks
  expect(first?.rule).toBe('extra-space')
  expect(readMessage(server('a  b"'), read, strict)).toEqual({ ok: false, fault: first, quirks: [] })
  expect(readMessage(server('a ('), read, strict)).toMatchObject({ ok: false, fault: { rule: 'test' } })
})

test('the same of one place is told once', () => {
  const cursor = new Cursor(server('x y'))
  cursor.quirk('test', 'here')
  cursor.quirk('test', 'here')
  readWord(cursor)
  cursor.quirk('test', 'there')
  expect(cursor.quirks.map(({ at }) => at)).toEqual([0, 1])
})

describe('lists', () => {
  const readList = (cursor: Cursor): string[] => {
    const words: string[] = []
    cursor.open()
    while (!cursor.close())
      words.push(cursor.peek() === 0x28 ? readList(cursor).join('') : readAString(cursor))
    return words
  }
  test.each([
    ['(a (b) "c")', []],
    ['( a)', ['space-in-list']],
    ['(a )', ['space-in-list']],
    ['("a""b")', ['missing-space']],
    ['((a)(b))', ['missing-space']],
    ['(a (b', ['unclosed-parenthesis']],
    ['({1}\r\na"b")', ['missing-space']],
  ])('%j', (line, rules) => {
    const text = line.replaceAll('\\r\\n', '\r\n')
    const read = readMessage(server(text), readList)
    expect(read.quirks.map(({ rule }) => rule)).toEqual(rules)
    expect(read.ok).toBe(true)
  })
  test("a client's is not closed for it", () => {
    expect(readMessage(client('(a'), readList)).toMatchObject({ fault: { rule: 'unclosed-parenthesis' } })
  })
  test('that stand side by side want no space between them', () => {
    const readSideBySide = (cursor: Cursor): number => {
      let count = 0
      cursor.open()
      for (; !cursor.closeUnspaced(); count++) readList(cursor)
      return count
    }
    expect(readMessage(server('((a)(b))'), readSideBySide, strict)).toMatchObject({ value: 2 })
    expect(readMessage(server('((a) (b))'), readSideBySide)).toMatchObject({
      value: 2,
      quirks: [{ rule: 'space-in-list' }],
    })
  })
})

test('no more quirks are kept than the limit', () => {
  const cursor = new Cursor(server('x'))
  for (let i = 0; i < 100; i++) cursor.quirk(`test-${i}`, 'again')
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
