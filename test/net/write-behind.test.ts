import { describe, expect, it } from 'vitest'

import { GATHERED, WriteBehind } from '../../src/net/write-behind.ts'

const octets = (length: number, value: number): Buffer => Buffer.alloc(length, value)

describe('what is written behind', () => {
  it('comes out once, in the order in which it went in', () => {
    const behind = new WriteBehind()
    behind.add(Buffer.from('one '))
    behind.add(Buffer.from('two'))
    expect(behind.length).toBe(7)
    expect(behind.take()?.octets.toString()).toBe('one two')
    expect([behind.length, behind.take()]).toEqual([0, undefined])
  })

  it('is a copy: the memory that it came in may be used again', () => {
    const behind = new WriteBehind()
    const lent = Buffer.from('mine')
    behind.add(lent)
    lent.fill('x')
    expect(behind.take()?.octets.toString()).toBe('mine')
  })

  it.each([1, GATHERED, 2 * GATHERED, 2 * GATHERED + 1, 20 * GATHERED])(
    'may be more than a slab: %i and one',
    (length) => {
      const behind = new WriteBehind()
      behind.add(octets(length, 1))
      behind.add(octets(1, 2))
      const taken = behind.take()
      expect(taken?.octets.equals(Buffer.concat([octets(length, 1), octets(1, 2)]))).toBe(true)
    },
  )

  it('grows bit by bit without losing any', () => {
    const behind = new WriteBehind()
    const pieces = Array.from({ length: 300 }, (_, index) => octets(5_000, index % 251))
    for (const piece of pieces) behind.add(piece)
    expect(behind.take()?.octets.equals(Buffer.concat(pieces))).toBe(true)
  })

  it('takes no new memory where as many sessions are busy once more', () => {
    const busy = (): ArrayBufferLike[] => {
      const taken = Array.from({ length: 100 }, () => {
        const behind = new WriteBehind()
        behind.add(octets(5_000, 1))
        return behind.take()
      })
      for (const each of taken) each?.free()
      return taken.flatMap((each) => each?.octets.buffer ?? [])
    }
    const first = new Set(busy())
    expect(busy().filter((memory) => !first.has(memory))).toEqual([])
    expect([...first].reduce((sum, { byteLength }) => sum + byteLength, 0)).toBeLessThan(2 ** 21)
  })

  it('is not overwritten before its memory was given back', () => {
    const behind = new WriteBehind()
    behind.add(Buffer.from('first'))
    const first = behind.take()
    behind.add(Buffer.from('SECOND'))
    expect(first?.octets.toString()).toBe('first')
    first?.free()
    const second = behind.take()
    expect(second?.octets.toString()).toBe('SECOND')
    second?.free()
  })
})
