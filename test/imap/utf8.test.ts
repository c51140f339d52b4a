import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeText, encodeText, keptOctet } from '../../src/imap/utf8.ts'

const utf8 = (text: string): string => String.fromCharCode(...new TextEncoder().encode(text))

test('text is decoded and encoded as UTF-8', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(decodeText(utf8(text))).toBe(text)
      expect(encodeText(text)).toBe(utf8(text))
    }),
  )
})

test('any octets come back as they were', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (octets) => {
      const text = String.fromCharCode(...octets)
      expect(encodeText(decodeText(text))).toBe(text)
    }),
    { numRuns: 2000 },
  )
})

test.each(['\u00c0\u00af', '\u00ed\u00a0\u0080', '\u00f4\u0090\u0080\u0080', '\u00e2\u0082', '\u00ff'])(
  '%j is no UTF-8: its octets are kept apart',
  (octets) => {
    const text = decodeText(octets)
    expect(text).toHaveLength(octets.length)
    expect(text.split('').map((unit) => keptOctet(unit.charCodeAt(0)))).toEqual(
      octets.split('').map((unit) => unit.charCodeAt(0)),
    )
  },
)

test('a lone surrogate that no octet made is written as a replacement character', () => {
  expect(encodeText('\ud800')).toBe(utf8('\ufffd'))
})
