import { describe, expect, it } from 'vitest'

import { Assembler, type Digester } from '../../src/imap/assembler.ts'
import { Framer } from '../../src/imap/framer.ts'
import { limits } from '../../src/imap/limits.ts'
import { latin1, octetsOf } from '../../src/imap/octets.ts'
import type { RawMessage } from '../../src/imap/raw-message.ts'

interface Assembled {
  readonly raw: RawMessage
  readonly isIncomplete: boolean
}

function assemble(text: string, chunk = text.length, makeDigester?: () => Digester | undefined): Assembled[] {
  const framer = new Framer('server')
  const assembler = new Assembler('server', makeDigester)
  const messages: Assembled[] = []
  for (let at = 0; at < text.length; at += chunk) {
    framer.push(octetsOf(text.slice(at, at + chunk)))
    while (framer.next('response')) {
      assembler.add(framer)
      const { isIncomplete } = assembler
      if (framer.isLast) messages.push({ raw: assembler.take(), isIncomplete })
    }
  }
  return messages
}

const partsOf = ({ raw }: Assembled): unknown[] =>
  raw.parts.map((part) => (part.octets ? latin1(part.octets) : part))

describe('the assembler', () => {
  it.each([1, 3, 1_000])('puts lines and literals together in chunks of %i', (chunk) => {
    const [fetch, exists] = assemble('* 1 FETCH (A {3}\r\nx\r\n B {0}\r\n)\r\n* 2 EXISTS\r\n', chunk)
    expect(fetch && partsOf(fetch)).toEqual(['* 1 FETCH (A {3}\r\n', 'x\r\n', ' B {0}\r\n', '', ')\r\n'])
    expect(exists && partsOf(exists)).toEqual(['* 2 EXISTS\r\n'])
    expect(fetch?.raw).toMatchObject({ from: 'server', octets: 32 })
    expect(fetch?.raw.parts[1]).toMatchObject({
      announced: { size: 3, isSynchronizing: true, isBinary: false },
    })
    expect(fetch?.isIncomplete).toBe(false)
  })

  it('lets a literal that is too large stream past, which leaves nothing out that a reader needs', () => {
    const size = limits.literalKept + 1
    const text = `* 1 FETCH (BODY[] {${size}}\r\n${'x'.repeat(size)})\r\n`
    const [message] = assemble(text, 10_000)
    expect(message?.raw.parts[1]).toEqual({
      kind: 'literal',
      announced: { size, isSynchronizing: true, isBinary: false },
    })
    expect(message?.isIncomplete).toBe(false)
    expect(message?.raw.octets).toBe(text.length)
  })

  it('takes the digest of each literal, kept or not, whatever the chunks', () => {
    const sizes = [3, limits.literalKept + 1]
    const text = `* 1 FETCH (${sizes.map((size) => `A {${size}}\r\n${'x'.repeat(size)}`).join(' ')})\r\n`
    const count = (): Digester => {
      let octets = 0
      return { update: (piece) => (octets += piece.length), hex: () => `${octets}` }
    }
    const [message] = assemble(text, 777, count)
    const digests = message?.raw.parts.flatMap((part) => (part.kind === 'literal' ? [part.digest] : []))
    expect(digests).toEqual(sizes.map(String))
  })

  it('asks for a digest anew for each literal, and does without', () => {
    const [message] = assemble('* X {1}\r\na\r\n', 99, () => undefined)
    expect(message?.raw.parts[1]).not.toHaveProperty('digest')
  })

  it('keeps no more literals of a message than the limit, and says so', () => {
    const count = limits.literalsKept + 5
    const [message] = assemble(`* X${' {1}\r\na'.repeat(count)}\r\n`)
    expect(message?.isIncomplete).toBe(true)
    expect(message?.raw.parts.length).toBeLessThanOrEqual(2 * limits.literalsKept + 2)
    expect(message?.raw.octets).toBe(3 + 7 * count + 2)
  })

  it('keeps no more octets of a message than the limit, and says so', () => {
    const [message] = assemble(
      `* X${` {60000}\r\n${'a'.repeat(60_000)}`.repeat(50)}${'x'.repeat(2_000_000)}\r\n`,
    )
    expect(message?.isIncomplete).toBe(true)
    const kept = message?.raw.parts.reduce((sum, part) => sum + (part.octets?.length ?? 0), 0)
    expect(kept).toBeLessThanOrEqual(limits.messageOctets)
  })

  it('says of a cut line that something is left out', () => {
    const [message] = assemble(`* X ${'x'.repeat(limits.lineOctets)}\r\n`, 65_536)
    expect(message?.isIncomplete).toBe(true)
    expect(message?.raw.octets).toBe(limits.lineOctets + 6)
  })

  it('is empty again once its message was taken', () => {
    const messages = assemble(`* X ${'x'.repeat(limits.lineOctets)}\r\n* 1 EXISTS\r\n`, 65_536)
    expect(messages.map(({ isIncomplete }) => isIncomplete)).toEqual([true, false])
    expect(messages[1]?.raw.octets).toBe(12)
  })

  it('copies lines that wait for their literals: their chunk may be used again', () => {
    const framer = new Framer('server')
    const assembler = new Assembler('server')
    const chunk = octetsOf('* X {2}\r\n')
    framer.push(chunk)
    framer.next('response')
    assembler.add(framer)
    chunk.fill(0)
    framer.push(octetsOf('ab\r\n'))
    while (framer.next('response')) assembler.add(framer)
    const [line] = assembler.take().parts
    expect(line?.octets && latin1(line.octets)).toBe('* X {2}\r\n')
  })
})

describe('a message that is taken in whole before any of it goes on', () => {
  /** What the assembler says behind each fragment. */
  function watch(text: string): [boolean, string, string][] {
    const framer = new Framer('client')
    const assembler = new Assembler('client')
    const seen: [boolean, string, string][] = []
    const textOf = (isWithinLiteral: boolean): string =>
      assembler
        .soFar(isWithinLiteral)
        .map(({ octets }) => (octets ? latin1(octets) : '?'))
        .join('|')
    framer.push(octetsOf(text))
    while (framer.next('command')) {
      assembler.add(framer)
      seen.push([assembler.keepsAll, textOf(false), textOf(true)])
    }
    return seen
  }

  it('is told piece by piece, as far as it has come', () => {
    expect(watch('a X {3}\r\nab')).toEqual([
      [true, 'a X {3}\r\n', 'a X {3}\r\n|'],
      [true, 'a X {3}\r\n', 'a X {3}\r\n|ab'],
    ])
  })

  it('is not, when one literal or all of it together is too large', () => {
    expect(watch(`a X {${limits.literalKept + 1}}\r\n`).map(([keepsAll]) => keepsAll)).toEqual([false])
    const large = `{${limits.literalKept}}\r\n${'x'.repeat(limits.literalKept)}`
    const many = Array.from({ length: limits.heldOctets / limits.literalKept }, () => large)
    const keeps = watch(`a X ${many.join(' ')}\r\n`).map(([keepsAll]) => keepsAll)
    expect(keeps.indexOf(false)).toBe(2 * (many.length - 1))
  })
})
