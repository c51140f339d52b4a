import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { findAnnouncement, hasClosingBrace } from '../../src/imap/literal.ts'
import { octetsOf } from '../../src/imap/octets.ts'
import type { LiteralAnnouncement, Side } from '../../src/imap/raw-message.ts'

function find(text: string, from: Side = 'client', isContinued = false): LiteralAnnouncement | undefined {
  // Something before the line: positions are within the chunk, not within the line.
  const octets = octetsOf(`{9}\r\n${text}`)
  return findAnnouncement({ octets, start: 5, end: octets.length }, from, isContinued)
}

describe('an announcement', () => {
  it.each([
    ['a LOGIN {5}\r\n', { size: 5, isSynchronizing: true, isBinary: false }],
    ['a LOGIN {5+}\r\n', { size: 5, isSynchronizing: false, isBinary: false }],
    ['a APPEND x ~{5}\r\n', { size: 5, isSynchronizing: true, isBinary: true }],
    ['a APPEND x ~{5+}\r\n', { size: 5, isSynchronizing: false, isBinary: true }],
    ['a APPEND x {0}\n', { size: 0, isSynchronizing: true, isBinary: false }],
    ['a LOGIN "{3}" {5}\r\n', { size: 5, isSynchronizing: true, isBinary: false }],
    // The next lower odd one is where a sum that passes 2^53 on its way would round.
    ['a X {9007199254740991}\r\n', { size: 9007199254740991, isSynchronizing: true, isBinary: false }],
    ['a X {5}\r\r\n', { size: 5, isSynchronizing: true, isBinary: false }],
    ['a X ({5}\r\n', { size: 5, isSynchronizing: true, isBinary: false }],
    ['a X y\t{5}\r\n', { size: 5, isSynchronizing: true, isBinary: false }],
  ])('stands at the end of %j', (text, announced) => {
    expect(find(text)).toEqual(announced)
  })

  it.each([
    ['a LOGIN {5}x\r\n', 'something follows'],
    ['a LOGIN {5} \r\n', 'a space follows, which no server takes from a client'],
    ['a LOGIN {5 }\r\n', 'a space stands in the braces, which no server takes from a client'],
    ['a LOGIN x{5}\r\n', 'a word goes on'],
    ['a LOGIN "x {5}\r\n', 'a quoted string is open'],
    ['a LOGIN "x\\" {5}\r\n', 'a quoted string is open behind an escaped quote'],
    ['a {5}\r\n', 'the command word stands there'],
    ['{5}\r\n', 'the tag stands there'],
    ['a LOGIN {}\r\n', 'there is no size'],
    ['a LOGIN {+}\r\n', 'there is no size but a plus'],
    ['a LOGIN {5-}\r\n', 'the sign is not known'],
    ['a LOGIN {0x5}\r\n', 'the size is no number'],
    ['a LOGIN {9007199254740992}\r\n', 'no exact number holds the size'],
    ['a LOGIN {00000000000000005}\r\n', 'the size has too many digits'],
    ['a LOGIN 5}\r\n', 'there is no opening brace'],
    ['}\r\n', 'there is nothing else'],
    ['\r\n', 'the line is empty'],
  ])('does not stand at the end of %j: %s', (text) => {
    expect(find(text)).toBeUndefined()
  })

  it('may begin a line that goes on behind a literal', () => {
    expect(find('{5}\r\n', 'client', true)?.size).toBe(5)
    expect(find(' {5}\r\n', 'client', true)?.size).toBe(5)
    expect(find(' "x {5}\r\n', 'client', true)).toBeUndefined()
  })

  it.each([
    ['* LIST () "/" {5} \r\n', 5],
    ['* LIST () "/" {5 }\r\n', 5],
    ['+ a [b {5}\r\n', undefined],
    ['+ [b {5}\r\n', 5],
    ['* LIST () "/" { 5 + } \r\n', 5],
    ['* LIST () "/" { }\r\n', undefined],
    ['* OK {5}\r\n', undefined],
    ['* OKAY {5}\r\n', 5],
    ['* ok [X {5}\r\n', 5],
    ['* NO [X] {5}\r\n', undefined],
    ['* NO [X "]" {5}\r\n', 5],
    ['* NO [X "\\"]" {5}\r\n', 5],
    ['a OK {5}\r\n', undefined],
    ['a OK [X {5}\r\n', 5],
    ['+ {5}\r\n', undefined],
    ['hello there {5}\r\n', undefined],
    // Cyrus answers DUMP so.
    ['a DUMP (100000 {12}\r\n', 12],
    ['a DUMP {5}\r\n', 5],
    ['a DUMPED {5}\r\n', undefined],
    ['a OK DUMP {5}\r\n', undefined],
    ['+ DUMP {5}\r\n', undefined],
    [' a DUMP {5}\r\n', undefined],
    ['DUMP {5}\r\n', undefined],
  ])('of a server: %j', (text, size) => {
    expect(find(text, 'server')?.size).toBe(size)
  })

  it('is never found where the cheap look sees none', () => {
    const piece = fc.constantFrom(
      '{5}',
      '{5+}',
      '}',
      '"',
      ' ',
      'a',
      '\\',
      '\r',
      '(',
      '[',
      ']',
      '~',
      '* ',
      'OK ',
    )
    fc.assert(
      fc.property(
        fc.array(piece),
        fc.constantFrom('\r\n', '\n'),
        fc.boolean(),
        (pieces, end, isContinued) => {
          const octets = octetsOf(pieces.join('') + end)
          for (const from of ['client', 'server'] as const) {
            const found = findAnnouncement({ octets, start: 0, end: octets.length }, from, isContinued)
            if (found) expect(hasClosingBrace(octets, 0, octets.length)).toBe(true)
          }
        },
      ),
      { numRuns: 2_000 },
    )
  })
})
