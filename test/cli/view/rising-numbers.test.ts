import { describe, expect, it } from 'vitest'
import { RisingNumbers } from '../../../src/cli/view/rising-numbers.ts'
import { createRandom } from '../../support/random.ts'

describe('a list of rising numbers', () => {
  it('gives back every number, in any order, before and after it is settled', () => {
    const random = createRandom(7)
    const numbers = new RisingNumbers()
    const wanted: number[] = []
    let last = 0
    for (let at = 0; at < 5_000; at++) {
      last += random.below(3) === 0 ? random.below(1_000_000) * 20_000 : random.below(300)
      wanted.push(last)
      numbers.push(last)
    }
    const look = (): (number | undefined)[] => wanted.map((_, at) => numbers.at(wanted.length - 1 - at))
    expect(look()).toEqual(wanted.toReversed())
    numbers.settle()
    expect(look()).toEqual(wanted.toReversed())
    expect([numbers.at(-1), numbers.at(5_000), numbers.length]).toEqual([undefined, undefined, 5_000])
  })

  it('never falls', () => {
    const numbers = new RisingNumbers()
    for (const number of [10, 4, 12]) numbers.push(number)
    expect([numbers.at(0), numbers.at(1), numbers.at(2)]).toEqual([10, 10, 12])
  })
})
