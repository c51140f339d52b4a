/** Counts per second over the last half minute; the time comes in, and nothing older is kept. */

/** Seconds kept: what a sparkline shows. */
const SECONDS = 30

export class Rate {
  readonly #buckets = new Float64Array(SECONDS + 1)
  #second = 0

  add(at: number, amount: number): void {
    this.#advance(at)
    const slot = this.#second % this.#buckets.length
    this.#buckets[slot] = (this.#buckets[slot] ?? 0) + amount
  }

  /** The last `count` whole seconds, oldest first; the second that still runs is left out. */
  lastSeconds(at: number, count: number): number[] {
    this.#advance(at)
    const wanted = Math.min(count, SECONDS)
    const values: number[] = []
    for (let back = wanted; back >= 1; back--) {
      const slot = (this.#second - back + SECONDS + 1) % this.#buckets.length
      values.push(this.#buckets[slot] ?? 0)
    }
    return values
  }

  /** Per second, over the last three whole seconds: calm enough to read. */
  perSecond(at: number): number {
    const recent = this.lastSeconds(at, 3)
    return recent.reduce((sum, value) => sum + value, 0) / recent.length
  }

  #advance(at: number): void {
    const second = Math.max(this.#second, Math.floor(at / 1000))
    const steps = Math.min(second - this.#second, this.#buckets.length)
    for (let step = 0; step < steps; step++) this.#buckets[(second - step) % this.#buckets.length] = 0
    this.#second = second
  }
}
