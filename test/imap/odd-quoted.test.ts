import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  readMessage,
  strict,
  strictUtf8,
  tolerant,
  type Cursor,
  type Reading,
} from '../../src/imap/cursor.ts'
import type { Parsed } from '../../src/imap/fault.ts'
import type { RawMessage } from '../../src/imap/raw-message.ts'
import { readQuoted } from '../../src/imap/strings.ts'
import { client, server } from './support/wire.ts'

/** Strings up to the end, in parentheses or without. */
const readAll = (cursor: Cursor): string[] => {
  const texts = [readQuoted(cursor)]
  for (cursor.skipSpaces(); cursor.peek() === 0x22; cursor.skipSpaces()) texts.push(readQuoted(cursor))
  return texts
}
const read = (raw: RawMessage, reading: Reading = tolerant): Parsed<string[]> =>
  readMessage(raw, readAll, reading)
const rulesOf = ({ quirks }: Parsed<unknown>): string[] => quirks.map(({ rule }) => rule)

describe('by the grammar', () => {
  test.each([
    ['"" "a"', ['', 'a']],
    ['"a \\"b\\" \\\\" "c"', ['a "b" \\', 'c']],
    ['"(\\")" "{5}"', ['(")', '{5}']],
  ])('%j', (line, texts) => {
    for (const raw of [server(line), client(line)]) {
      expect(read(raw)).toEqual({ ok: true, value: texts, quirks: [] })
      expect(read(raw, strict)).toEqual({ ok: true, value: texts, quirks: [] })
    }
  })
})

describe('by what servers are seen to send', () => {
  test.each([
    ['"a "b" c"', ['a "b" c'], 'inner-quote'],
    ['"a "b"', ['a "b'], 'inner-quote'],
    ['"a "b" NIL', ['a "b'], 'inner-quote'],
    ['""""', ['""'], 'inner-quote'],
    ['"x\\"', ['x\\'], 'eaten-quote'],
    ['"x\\" "y"', ['x\\', 'y'], 'eaten-quote'],
    ['"x', ['x'], 'unterminated-quoted'],
    ['"C:\\x"', ['C:\\x'], 'odd-escape'],
    ['"a\rb"', ['a\rb'], 'control-in-quoted'],
    ['"a\0b"', ['a\0b'], 'control-in-quoted'],
    ['"caf\u00e9"', ['caf\udce9'], 'eight-bit-quoted'],
  ])('%j', (line, texts, rule) => {
    const seen = read(server(line))
    expect(seen).toMatchObject({ ok: true, value: texts })
    expect(rulesOf(seen)).toEqual([rule])
    expect(read(server(line), strict)).toMatchObject({ ok: false, fault: { rule } })
  })
})

test("a client's quote closes wherever it stands, as servers read it", () => {
  expect(read(client('"p"w"'))).toMatchObject({ ok: true, value: ['p'] })
})

test('UTF-8 is the grammar once it was enabled, other octets never are', () => {
  expect(read(server('"caf\u00c3\u00a9" "x"'), strictUtf8)).toMatchObject({ ok: true, value: ['café', 'x'] })
  expect(read(server('"caf\u00e9"'), strictUtf8)).toMatchObject({ ok: false, fault: { rule: 'bad-utf8' } })
})

test('any text that is escaped as the grammar wants it reads without a quirk', () => {
  const text = fc.string({ unit: fc.constantFrom('"', '\\', ' ', '(', ')', 'a', '{'), maxLength: 12 })
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (texts) => {
      const line = texts.map((one) => `"${one.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join(' ')
      expect(read(client(line), strict)).toEqual({ ok: true, value: texts, quirks: [] })
    }),
  )
})

test('lines made to be read again and again still take linear time', () => {
  for (const piece of ['"\\', '"\\\\"', '"a"b', '"\\")', ' "', '\\" ', '"\u00ff" ']) {
    const begun = performance.now()
    read(server(`"${piece.repeat(200_000)}`))
    expect(performance.now() - begun).toBeLessThan(2000)
  }
})
