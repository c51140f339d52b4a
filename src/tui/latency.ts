/** The 95th percentile of a session's latest latencies; knows no commands. */

/** Latencies kept for each session. */
const KEPT = 128

export class Latencies {
  readonly #kept: number[] = []
  #next = 0
  #p95: number | undefined

  add(millis: number): void {
    this.#kept[this.#next] = millis
    this.#next = (this.#next + 1) % KEPT
    this.#p95 = undefined
  }

  /** Undefined before the first latency. */
  p95(): number | undefined {
    if (this.#kept.length === 0) return undefined
    this.#p95 ??= this.#kept.toSorted((a, b) => a - b)[Math.ceil(this.#kept.length * 0.95) - 1]
    return this.#p95
  }
}
