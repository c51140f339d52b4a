import { describe, expect, it } from 'vitest'

import { octetsOf } from '../../src/imap/octets.ts'
import { headOfResponse, isPlainData } from '../../src/imap/response-head.ts'

const head = (text: string): string => {
  const octets = octetsOf(`* OK before\r\n${text}\r\n`)
  return headOfResponse(octets, 13, octets.length)
}

describe('a response begins as', () => {
  it.each([
    ['tagged', ['a OK', 'a no x', 'A.1 BAD', 'a  OK x', '* OK'.replace('*', 'x')]],
    ['continuation', ['+', '+ go', '+go']],
    ['status', ['* OK', '* ok hi', '* NO', '* BAD x', '* BYE', '* PREAUTH x', '*  OK', '*OK']],
    [
      'state',
      [
        '* CAPABILITY X',
        '* 3 EXISTS',
        '* 3  exists',
        '* 1 RECENT',
        '* 1 EXPUNGE',
        '* ENABLED',
        '* ID NIL',
        '* 3 EXISTS* 1 RECENT',
      ],
    ],
    [
      'data',
      ['* 1 FETCH (', '* FLAGS ()', '* LIST', '* SEARCH 1', '* OKAY', '* IDX', '* 1', '*', '* ', '* X-OK'],
    ],
    ['noise', ['', ' OK', 'a', 'a OKAY', 'hello there', 'a b OK', 'OK', '\0']],
  ])('%s', (kind, texts) => {
    expect(texts.map((text) => [text, head(text)])).toEqual(texts.map((text) => [text, kind]))
  })
})

describe('the beginning of a line', () => {
  it.each(['* 1 FETCH (', '* LIST ', '* SEARCH 1 2', '* 12345678901 FETCH ', '* X '])(
    '%j shows plain data',
    (text) => {
      expect(isPlainData(octetsOf(text))).toBe(true)
    },
  )

  it.each([
    '',
    '*',
    '* ',
    '* 1',
    '* 1 ',
    '* 1 FETCH',
    '* OK ',
    '* CAPABILITY ',
    '* 3 EXISTS',
    'a OK ',
    '+ ',
    'x y ',
  ])('%j does not, or not yet', (text) => {
    expect(isPlainData(octetsOf(text))).toBe(false)
  })

  it('is looked at no further than any honest word goes', () => {
    expect(isPlainData(octetsOf(`* ${'x'.repeat(10_000)} `))).toBe(false)
    expect(isPlainData(octetsOf(`* ${' '.repeat(10_000)}x `))).toBe(false)
  })
})
