import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { Expectation } from '../../src/imap/expectation.ts'
import { Framer } from '../../src/imap/framer.ts'
import { latin1, octetsOf } from '../../src/imap/octets.ts'
import type { Side } from '../../src/imap/raw-message.ts'

interface Piece {
  kind: 'line' | 'literal'
  text: string
  isLast: boolean
}

/** Frames the text in chunks of the given size; pieces of one literal are put together again. */
function frame(
  text: string,
  from: Side,
  chunk = text.length,
  expects: Expectation = expectationOf(from),
): Piece[] {
  const framer = new Framer(from)
  const pieces: Piece[] = []
  for (let at = 0; at < text.length; at += chunk) {
    framer.push(octetsOf(text.slice(at, at + chunk)))
    while (framer.next(expects)) {
      const last = pieces.at(-1)
      const piece = latin1(framer.source, framer.start, framer.end)
      if (framer.kind === 'literal' && last?.kind === 'literal') last.text += piece
      else pieces.push({ kind: framer.kind, text: piece, isLast: framer.isLast })
    }
  }
  return pieces
}

const expectationOf = (from: Side): Expectation => (from === 'client' ? 'command' : 'response')
const texts = (pieces: Piece[]): string[] => pieces.map(({ text }) => text)

describe('the framer', () => {
  it('cuts lines at their line end', () => {
    expect(texts(frame('a NOOP\r\nb NOOP\r\n', 'client'))).toEqual(['a NOOP\r\n', 'b NOOP\r\n'])
  })

  it('takes a bare LF as a line end', () => {
    expect(texts(frame('a NOOP\nb NOOP\n', 'client'))).toEqual(['a NOOP\n', 'b NOOP\n'])
  })

  it('takes the octets of a literal as they are, line ends and all', () => {
    const text = 'a LOGIN {5}\r\na\r\nb\n {3+}\r\nx{9\r\n'
    expect(frame(text, 'client')).toEqual([
      { kind: 'line', text: 'a LOGIN {5}\r\n', isLast: false },
      { kind: 'literal', text: 'a\r\nb\n', isLast: false },
      { kind: 'line', text: ' {3+}\r\n', isLast: false },
      { kind: 'literal', text: 'x{9', isLast: false },
      { kind: 'line', text: '\r\n', isLast: true },
    ])
  })

  it('takes an empty literal in the middle of a message', () => {
    const text = '* 1 FETCH (BODY[1] {0}\r\n BODY[2] {0}\r\n)\r\n'
    expect(texts(frame(text, 'server'))).toEqual(['* 1 FETCH (BODY[1] {0}\r\n', ' BODY[2] {0}\r\n', ')\r\n'])
  })

  it.each([
    ['* OK hello {5}', 'free text of a greeting'],
    ['A1 NO over quota {12}', 'free text of a completion'],
    ['* OK [ALERT] see {5}', 'text behind a response code'],
    ['+ send {5}', 'text of a continuation request'],
    ['* LIST () "/" "a {5}"', 'a closed quoted string'],
    ['* LIST () "/" "a \\" {5}', 'a quoted string that is still open'],
    ['* 1 FETCH (X{5}', 'the inside of a word'],
    ['* 1 FETCH (X {99999999999999999999}', 'a size that nobody can send'],
    ['* 1 FETCH (X {-1}', 'a negative size'],
    ['* 1 FETCH (X {}', 'no size'],
  ])('sees no announcement in %j: %s', (line) => {
    expect(texts(frame(`${line}\r\n* 2 EXISTS\r\n`, 'server'))).toEqual([`${line}\r\n`, '* 2 EXISTS\r\n'])
  })

  it.each([
    ['* NO [BADCHARSET ({5}', 'inside an open response code'],
    ['* LIST () "/" {5}', 'a mailbox name'],
    ['* 1 FETCH (BODY[] {5}', 'a body'],
    ['* 1 FETCH (BODY[]{5}', 'a body without its space'],
    ['* 1 FETCH (BODY[HEADER.FIELDS ({5}', 'a header name'],
    ['* 1 FETCH (BINARY[1] ~{5}', 'a literal8'],
    ['* 1 FETCH (RFC822.HEADER  {5}', 'two spaces before it'],
    ['* 1 FETCH (X {05}', 'a leading zero'],
    ['* 1 FETCH (X {5}  ', 'spaces behind it'],
    ['* 1 FETCH (ENVELOPE ("a "b" c" {5}', 'behind a quote that was not escaped'],
  ])('sees the announcement in %j: %s', (line) => {
    const pieces = texts(frame(`${line}\r\nabc\r\n)\r\n`, 'server'))
    expect(pieces).toEqual([`${line}\r\n`, 'abc\r\n', ')\r\n'])
  })

  it.each(['{5}', 'a {5}', '{5} x', 'a {5+}'])(
    'sees none where a tag or a command word stands: %j',
    (line) => {
      expect(texts(frame(`${line}\r\nabcde\r\n`, 'client'))).toEqual([`${line}\r\n`, 'abcde\r\n'])
    },
  )

  it('frames SASL data and DONE as lines, whatever they end in', () => {
    expect(texts(frame('abc {5}\r\nabc\r\n', 'client', 99, 'authenticate-data'))).toEqual([
      'abc {5}\r\n',
      'abc\r\n',
    ])
  })

  it('goes on with lines after a literal was refused', () => {
    const framer = new Framer('client')
    framer.push(octetsOf('a LOGIN x {5}\r\n'))
    expect(framer.next('command')).toBe(true)
    framer.cancelLiteral()
    framer.push(octetsOf('b NOOP\r\n'))
    expect(framer.next('command')).toBe(true)
    expect(latin1(framer.source, framer.start, framer.end)).toBe('b NOOP\r\n')
    expect(framer.isLast).toBe(true)
  })

  it('keeps the beginning and the end of a line that passes its limit, and counts all of it', () => {
    const long = `* LIST () "/" ${'x'.repeat(3_000_000)} {5}\r\nabcde\r\n`
    const framer = new Framer('server')
    const seen: { octets: number; isCut: boolean; kind: string }[] = []
    for (let at = 0; at < long.length; at += 65_536) {
      framer.push(octetsOf(long.slice(at, at + 65_536)))
      while (framer.next('response'))
        seen.push({ octets: framer.octets, isCut: framer.isCut, kind: framer.kind })
    }
    expect(seen.reduce((sum, { octets }) => sum + octets, 0)).toBe(long.length)
    expect(seen[0]).toMatchObject({ isCut: true, kind: 'line' })
    expect(seen[1]).toMatchObject({ kind: 'literal', octets: 5 })
  })

  it('finds the same fragments whatever the splits', () => {
    const word = fc.constantFrom(
      'a NOOP\r\n',
      'b LOGIN {3}\r\nx\r\n y\r\n',
      '\r\n',
      'c X "{3}" {2+}\r\n\r\n\r\n',
      'd\n',
      '"\r\n',
    )
    const property = fc.property(
      fc.array(word, { maxLength: 6 }),
      fc.integer({ min: 1, max: 9 }),
      (words, chunk) => {
        const text = words.join('')
        const pieces = frame(text, 'client', chunk)
        expect(texts(pieces).join('')).toBe(text)
        expect(pieces).toEqual(frame(text, 'client'))
      },
    )
    fc.assert(property)
  })
})
