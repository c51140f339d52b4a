/** Cuts chunks of octets into lines without copying those that lie within one; knows no record. */

import { CaptureFault } from './capture-fault.ts'

/** A line without its end, valid during the call: `octets` from `start` up to `end`. */
export type OnLine = (octets: Buffer, start: number, end: number) => void

/** Octets of one line at most: a record whose message has a body of the largest size that is kept needs half of it. */
const LONGEST = 64 * 1024 * 1024

const LF = 0x0a

export class LineCutter {
  readonly #path: string
  readonly #onLine: OnLine
  #pieces: Buffer[] = []
  #held = 0
  /** The number of the line at hand, from 1. */
  line = 1
  /** Where the line at hand begins, in octets of the whole. */
  offset = 0

  constructor(path: string, onLine: OnLine) {
    this.#path = path
    this.#onLine = onLine
  }

  push(chunk: Buffer): void {
    let start = 0
    if (this.#held > 0) {
      const end = chunk.indexOf(LF)
      // A copy: the next chunk may be read into the same memory.
      this.#pieces.push(end < 0 ? Buffer.from(chunk) : chunk.subarray(0, end))
      this.#held += end < 0 ? chunk.length : end
      if (this.#held > LONGEST)
        throw new CaptureFault(
          `${this.#path}:${this.line}`,
          'a line is longer than any record',
          'this is no capture',
        )
      if (end < 0) return
      const whole = this.takeRest()
      this.#tell(whole, 0, whole.length)
      start = end + 1
    }
    for (let end = chunk.indexOf(LF, start); end >= 0; end = chunk.indexOf(LF, start)) {
      this.#tell(chunk, start, end)
      start = end + 1
    }
    if (start === chunk.length) return
    // A copy, so that the rest of a line does not keep a whole chunk alive.
    this.#pieces = [Buffer.from(chunk.subarray(start))]
    this.#held = chunk.length - start
  }

  /** What stands behind the last line end. */
  takeRest(): Buffer {
    const rest = this.#pieces.length === 1 && this.#pieces[0] ? this.#pieces[0] : Buffer.concat(this.#pieces)
    this.#pieces = []
    this.#held = 0
    return rest
  }

  #tell(octets: Buffer, start: number, end: number): void {
    this.#onLine(octets, start, end)
    this.line += 1
    this.offset += end - start + 1
  }
}
