/** A list of rising whole numbers below 2^48 as their differences, two octets for most; knows not what they mean. */

import { GrowingNumbers } from './growing-numbers.ts'

/** Numbers between two that are kept whole: as many differences are added up at most to find one. */
const STRIDE = 64
/** Octets that an empty list has room for. */
const FIRST = 128
const GROWTH = 1.4
/** Octets of one difference at most: seven bits in each. */
const LONGEST = 7

export class RisingNumbers {
  #differences = new Uint8Array(FIRST)
  #end = 0
  /** Every 64th number, and where the difference behind it stands. */
  readonly #whole = new GrowingNumbers()
  readonly #places = new GrowingNumbers()
  #length = 0
  #last = 0

  get length(): number {
    return this.#length
  }

  /** A number that is less than the one before counts as that one. */
  push(number: number): void {
    const difference = Math.max(0, number - this.#last)
    this.#last += difference
    if (this.#length % STRIDE === 0) {
      this.#whole.push(this.#last)
      this.#places.push(this.#end)
    } else this.#write(difference)
    this.#length++
  }

  at(index: number): number | undefined {
    if (index < 0 || index >= this.#length) return undefined
    const stride = Math.floor(index / STRIDE)
    let number = this.#whole.at(stride) ?? 0
    let place = this.#places.at(stride) ?? 0
    for (let left = index % STRIDE; left > 0; left--) {
      let factor = 1
      let octet: number
      do {
        octet = this.#differences[place++] ?? 0
        number += (octet & 0x7f) * factor
        factor *= 0x80
      } while (octet > 0x7f)
    }
    return number
  }

  /** Gives back the room that is not used. */
  settle(): void {
    this.#differences = this.#differences.slice(0, this.#end)
    this.#whole.settle()
    this.#places.settle()
  }

  #write(difference: number): void {
    if (this.#end + LONGEST > this.#differences.length) this.#grow()
    let rest = difference
    while (rest > 0x7f) {
      this.#differences[this.#end++] = (rest % 0x80) + 0x80
      rest = Math.floor(rest / 0x80)
    }
    this.#differences[this.#end++] = rest
  }

  #grow(): void {
    const differences = new Uint8Array(Math.ceil(this.#differences.length * GROWTH) + LONGEST)
    differences.set(this.#differences)
    this.#differences = differences
  }
}
