/** Counts the frames in what a dashboard writes: blessed goes through the rows from above, so each frame begins higher up. */

/** The cursor goes to the start of a row. */
const ROW_START = /\u001b\[(\d+);1H/gu
/** Characters of a sequence that may be cut in two. */
const LONGEST = 12

export class FrameCounter {
  #tail = ''
  #row = Number.POSITIVE_INFINITY
  frames = 0
  octets = 0

  take(chunk: Buffer): void {
    this.octets += chunk.length
    const text = this.#tail + chunk.toString('latin1')
    let read = 0
    for (const found of text.matchAll(ROW_START)) {
      const row = Number(found[1])
      if (row <= this.#row) this.frames++
      this.#row = row
      read = found.index + found[0].length
    }
    this.#tail = text.slice(Math.max(read, text.length - LONGEST))
  }
}
