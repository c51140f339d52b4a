import { describe, expect, test } from 'vitest'
import { readMessage, strict, type Cursor } from '../../src/imap/cursor.ts'
import {
  readAtom,
  readCount,
  readLargeNumber,
  readNumber,
  readNumber64,
  readNzNumber,
  readOptionalNumber,
  readWord,
  skipWord,
} from '../../src/imap/words.ts'
import { server } from './support/wire.ts'

const first = (line: string, read: (cursor: Cursor) => unknown, reading = strict): unknown => {
  const read1 = readMessage(server(line), read, reading)
  return read1.ok ? read1.value : read1.fault.rule
}

describe('atoms', () => {
  test.each(['a', 'A-1', '[x', '+FLAGS', "it's"])('%j is one', (line) => {
    expect(first(line, readAtom)).toBe(line)
  })
  test.each(['a]', 'a"', 'a\\', 'a{', 'a%', 'a*', 'a\x01', 'a\u00e9'])('%j is none', (line) => {
    expect(first(line, readAtom)).toBe('odd-atom')
    expect(readMessage(server(line), readAtom)).toMatchObject({ ok: true, quirks: [{ rule: 'odd-atom' }] })
  })
  test('a word ends before a space, a parenthesis and the end', () => {
    expect(first('a b', readWord)).toBe('a')
    expect(first('a)', readWord)).toBe('a')
    expect(first('', readWord)).toBe('missing-word')
  })
  test('a word is taken whole or not at all', () => {
    expect(first('nil)', (cursor) => skipWord(cursor, 'NIL'))).toBe(true)
    expect(first('nile', (cursor) => skipWord(cursor, 'NIL'))).toBe(false)
    expect(first('ni', (cursor) => skipWord(cursor, 'NIL'))).toBe(false)
  })
})

describe('numbers', () => {
  test.each([
    ['0', 0],
    ['012', 12],
    ['4294967295]', 2 ** 32 - 1],
    ['4294967296', 'number-too-large'],
    ['9007199254740992', 'number-too-large'],
    ['x', 'missing-number'],
    ['1x', 'odd-number'],
    ['1e400', 'odd-number'],
    ['1.5e0', 'odd-number'],
    ['9.3736e+06', 'odd-number'],
  ])('%j', (line, value) => {
    expect(first(line, readNumber)).toBe(value)
  })
  test('of more than 32 bits they are read where they are exact', () => {
    const rule = 'number-too-large'
    const read = (line: string): unknown => readMessage(server(line), readNumber)
    expect(read('9007199254740991')).toMatchObject({ value: Number.MAX_SAFE_INTEGER, quirks: [{ rule }] })
    expect(read('9007199254740992')).toMatchObject({ ok: false, fault: { rule } })
  })
  test.each([
    ['5', 5],
    ['0', 'zero-number'],
    ['05', 'leading-zero'],
    ['4294967296', 'number-too-large'],
  ])('from 1: %j', (line, value) => {
    expect(first(line, readNzNumber)).toBe(value)
  })
  test.each([
    ['05', 5],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['9007199254740992', 2n ** 53n],
    ['9223372036854775807', 2n ** 63n - 1n],
    ['9223372036854775808', 'number-too-large'],
    ['123456789012345678901', 'number-too-large'],
    ['1x', 'odd-number'],
  ])('of any size: %j', (line, value) => {
    expect(first(line, readLargeNumber)).toBe(value)
  })
  test('an exponent is read where the number is a whole one', () => {
    expect(readMessage(server('9.3736e+06 x'), readNumber)).toMatchObject({ value: 9_373_600 })
    expect(readMessage(server('1.23e1'), readNumber)).toMatchObject({ ok: false })
  })
  test('counts below zero are a quirk', () => {
    expect(readMessage(server('-1'), readCount)).toMatchObject({
      value: -1,
      quirks: [{ rule: 'negative-number' }],
    })
    expect(first('-1', readCount)).toBe('negative-number')
  })
  test.each([
    ['18446744073709551615', 18_446_744_073_709_551_615n],
    ['18446744073709551616', 'number-too-large'],
    ['123456789012345678901', 'missing-number'],
    ['1x', 'odd-number'],
    ['9.3e+06', 'odd-number'],
    ['-1', 'negative-number'],
    ['', 'missing-number'],
  ])('64 bits: %j', (line, value) => {
    expect(first(line, readNumber64)).toBe(value)
  })
  test('where none stands there is none', () => {
    expect(first('x', readOptionalNumber)).toBeUndefined()
  })
})
