/** A sum over the last hour, in steps of five minutes; constant in time and memory, whatever is added. */

import type { Millis } from '../../relay/input.ts'

const STEP: Millis = 5 * 60_000
/** One more than an hour has: a step leaves when all of it is older than an hour, so that no hour sees more than the limit. */
const STEPS = 13

export class SlidingHour {
  readonly #steps = new Float64Array(STEPS)
  #sum = 0
  /** The newest step, counted from the beginning of the clock. */
  #step = 0

  add(amount: number, at: Millis): void {
    this.#advance(at)
    const slot = this.#step % STEPS
    this.#steps[slot] = (this.#steps[slot] ?? 0) + amount
    this.#sum += amount
  }

  sum(at: Millis): number {
    this.#advance(at)
    return this.#sum
  }

  /** Milliseconds until the oldest step that holds something leaves. */
  nextRelief(at: Millis): Millis {
    this.#advance(at)
    for (let age = STEPS - 1; age >= 0; age--) {
      const step = this.#step - age
      if (step < 0 || (this.#steps[step % STEPS] ?? 0) === 0) continue
      return (step + STEPS) * STEP - at
    }
    return 0
  }

  #advance(at: Millis): void {
    const step = Math.floor(at / STEP)
    if (step - this.#step >= STEPS) this.#clear()
    else for (let next = this.#step + 1; next <= step; next++) this.#drop(next % STEPS)
    this.#step = Math.max(this.#step, step)
  }

  #clear(): void {
    this.#steps.fill(0)
    this.#sum = 0
  }

  #drop(slot: number): void {
    this.#sum -= this.#steps[slot] ?? 0
    this.#steps[slot] = 0
  }
}
