import { describe, expect, it } from 'vitest'
import { GrowingNumbers } from '../../../src/cli/view/growing-numbers.ts'

describe('a list of numbers that grows', () => {
  it('keeps what was put in, also beyond 32 bits', () => {
    const numbers = new GrowingNumbers()
    const wanted = Array.from({ length: 1000 }, (_, at) => at * 12_345_678_901)
    for (const number of wanted) numbers.push(number)
    numbers.settle()
    expect(wanted.map((_, at) => numbers.at(at))).toEqual(wanted)
    expect([numbers.at(-1), numbers.at(1000), numbers.length]).toEqual([undefined, undefined, 1000])
  })

  it('takes numbers at any place, and fills up with 0', () => {
    const numbers = new GrowingNumbers()
    numbers.set(500, 7)
    numbers.set(3, 1)
    expect([numbers.length, numbers.at(500), numbers.at(3), numbers.at(4)]).toEqual([501, 7, 1, 0])
  })

  it('finds the last number up to another', () => {
    const numbers = new GrowingNumbers()
    for (const number of [0, 10, 10, 20]) numbers.push(number)
    expect([-1, 0, 9, 10, 25].map((number) => numbers.lastUpTo(number))).toEqual([-1, 0, 0, 2, 3])
  })
})
