/** A list of whole numbers below 2^48 that grows, at six octets a number; knows not what they mean. */

/** Numbers that an empty list has room for: most sessions are short. */
const FIRST = 64
/** By how much a full list grows: twice as much would waste up to half of a large one. */
const GROWTH = 1.4
const HIGH = 0x1_0000_0000

export class GrowingNumbers {
  #low = new Uint32Array(FIRST)
  #high = new Uint16Array(FIRST)
  #length = 0

  get length(): number {
    return this.#length
  }

  push(number: number): void {
    this.set(this.#length, number)
  }

  /** Puts a number at any place; those between the end and it are 0. */
  set(index: number, number: number): void {
    if (index >= this.#low.length) this.#resize(Math.ceil((index + 1) * GROWTH))
    this.#low[index] = number % HIGH
    this.#high[index] = Math.floor(number / HIGH)
    this.#length = Math.max(this.#length, index + 1)
  }

  at(index: number): number | undefined {
    if (index < 0 || index >= this.#length) return undefined
    return (this.#high[index] ?? 0) * HIGH + (this.#low[index] ?? 0)
  }

  /** The last index whose number is at most this one, in a list that rises; -1 where there is none. */
  lastUpTo(number: number): number {
    let low = 0
    let high = this.#length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.at(middle) ?? Infinity) <= number) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  /** Gives back the room that is not used. */
  settle(): void {
    this.#resize(this.#length)
  }

  #resize(room: number): void {
    const [low, high] = [new Uint32Array(room), new Uint16Array(room)]
    low.set(this.#low.subarray(0, room))
    high.set(this.#high.subarray(0, room))
    this.#low = low
    this.#high = high
  }
}
