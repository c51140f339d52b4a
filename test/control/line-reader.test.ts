/** Octets to lines: any cuts, any size up to the limit, and no more work for many small pieces than for few. */

import { describe, expect, it } from 'vitest'
import { LineReader } from '../../src/control/line-reader.ts'

const readIn = (text: string, size: number): string[] => {
  const reader = new LineReader(100)
  const octets = Buffer.from(text)
  const lines: string[] = []
  for (let at = 0; at < octets.length; at += size)
    lines.push(...(reader.push(octets.subarray(at, at + size)) ?? ['too long']))
  return lines
}

describe('lines', () => {
  it.each([1, 2, 3, 7, 100])('are the same in pieces of %d octets, also within a character', (size) => {
    expect(readIn('eins\nzwölf 🦔\n\nrest', size)).toEqual(['eins', 'zwölf 🦔', ''])
  })

  it('may be as long as the limit, and no octet longer, with or without their end', () => {
    expect(new LineReader(4).push(Buffer.from('1234\n'))).toEqual(['1234'])
    expect(new LineReader(4).push(Buffer.from('12345\n'))).toBeUndefined()
    expect(new LineReader(4).push(Buffer.from('12345'))).toBeUndefined()
    const reader = new LineReader(4)
    expect(reader.push(Buffer.from('123'))).toEqual([])
    expect(reader.push(Buffer.from('45\n'))).toBeUndefined()
  })

  it('of a million single octets take no quadratic time', () => {
    const reader = new LineReader(2_000_000)
    const octet = Buffer.from('x')
    for (let count = 0; count < 1_000_000; count++) reader.push(octet)
    expect(reader.push(Buffer.from('\n'))?.[0]).toHaveLength(1_000_000)
  })
})
