/** One line on a terminal that says how far a file was read, and is gone afterwards; knows no file. */

import type { Output } from '../options.ts'

/** Milliseconds between two looks of it. */
const EVERY = 100
/** Nobody wants a bar for what is over at once. */
const PATIENCE = 300
const COLUMNS = 30

export class ProgressBar {
  readonly #err: Output
  readonly #now: () => number
  readonly #started: number
  #last = 0
  #isShown = false

  constructor(err: Output, now: () => number = () => performance.now()) {
    this.#err = err
    this.#now = now
    this.#started = now()
  }

  show(done: number, total: number): void {
    const now = this.#now()
    if (now - this.#started < PATIENCE || now - this.#last < EVERY || total <= 0) return
    this.#last = now
    this.#isShown = true
    const share = Math.min(1, done / total)
    const full = Math.round(share * COLUMNS)
    const bar = '█'.repeat(full) + '░'.repeat(COLUMNS - full)
    const speed = done / 1e6 / ((now - this.#started) / 1000)
    this.#err.write(`\r${bar} ${Math.floor(share * 100)}%  ${speed.toFixed(0)} MB/s `)
  }

  clear(): void {
    if (this.#isShown) this.#err.write('\r\x1b[K')
    this.#isShown = false
  }
}
