/** Cuts octets into lines of UTF-8, each as long as a limit allows; knows nothing of what they say. */

const LF = 0x0a
/** Octets that the first beginning of a line has room for. */
const FIRST = 4096

export class LineReader {
  readonly #limit: number
  /** The beginning of a line whose end has not come: grown by doubling, so that single octets cost no more than many. */
  #held = Buffer.alloc(0)
  #size = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  /** The lines that end in this chunk, without their ends; undefined as soon as one is too long. */
  push(chunk: Buffer): string[] | undefined {
    const lines: string[] = []
    let from = 0
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, from)) {
      if (this.#size + end - from > this.#limit) return undefined
      lines.push(this.#take(chunk, from, end))
      from = end + 1
    }
    if (this.#size + chunk.length - from > this.#limit) return undefined
    this.#keep(chunk.subarray(from))
    return lines
  }

  #take(chunk: Buffer, from: number, end: number): string {
    if (this.#size === 0) return chunk.toString('utf8', from, end)
    this.#keep(chunk.subarray(from, end))
    const text = this.#held.toString('utf8', 0, this.#size)
    this.#size = 0
    // What a long line needed is not held for the short ones behind it.
    this.#held = Buffer.alloc(0)
    return text
  }

  #keep(octets: Buffer): void {
    if (octets.length === 0) return
    const needed = this.#size + octets.length
    if (needed > this.#held.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, 2 * this.#held.length, FIRST))
      this.#held.copy(grown, 0, 0, this.#size)
      this.#held = grown
    }
    octets.copy(this.#held, this.#size)
    this.#size = needed
  }
}
