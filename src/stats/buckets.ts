/** Quantiles of times in constant memory, from buckets that grow by a tenth each; knows no command. */

/** Each bucket ends a tenth above the one before: its middle is within 5% of all that is in it. */
const GROWTH = 1.1
/** Milliseconds of the first bucket: clocks tell no less than a microsecond. */
const LEAST = 0.001
/** Up to a day and a half; what is longer counts as that. */
const BUCKETS = 270

const logGrowth = Math.log(GROWTH)

export class Buckets {
  readonly #counts = new Uint32Array(BUCKETS)
  #total = 0
  #most = 0

  get max(): number {
    return this.#most
  }

  add(millis: number): void {
    const at = Math.ceil(Math.log(Math.max(millis, LEAST) / LEAST) / logGrowth)
    const bucket = Math.min(at, BUCKETS - 1)
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1
    this.#total++
    if (millis > this.#most) this.#most = millis
  }

  /** The time that this share of all, from 0 to 1, took at most; 0 of nothing. Within 5%. */
  quantile(share: number): number {
    if (this.#total === 0) return 0
    const wanted = Math.max(1, Math.ceil(share * this.#total))
    let seen = 0
    for (let at = 0; at < BUCKETS; at++) {
      seen += this.#counts[at] ?? 0
      if (seen >= wanted) return Math.min(middleOf(at), this.#most)
    }
    return this.#most
  }
}

/** Of a bucket from x/1.1 to x: no further from either end than 4.9%. */
const middleOf = (at: number): number => LEAST * GROWTH ** (at - 0.5)
