/** Text or octets to stdout, many at once and no faster than they are taken; it does not know what they say. */

import { once } from 'node:events'
import type { Writable } from 'node:stream'

/** Octets or characters gathered before they are written: a system call for each line would cost more than the line. */
const gathered = 64 * 1024

export class LineSink {
  readonly #out: Writable
  #pieces: (string | Uint8Array)[] = []
  #size = 0

  constructor(out: Writable) {
    this.#out = out
  }

  /** Enough is gathered: `flush` before more is added. */
  get isFull(): boolean {
    return this.#size >= gathered
  }

  add(piece: string | Uint8Array): void {
    this.#pieces.push(piece)
    this.#size += piece.length
  }

  async flush(): Promise<void> {
    const pieces = this.#pieces
    this.#pieces = []
    this.#size = 0
    if (pieces.length === 0) return
    const isText = pieces.every((piece) => typeof piece === 'string')
    const whole = isText ? pieces.join('') : Buffer.concat(pieces.map((piece) => Buffer.from(piece)))
    if (!this.#out.write(whole)) await once(this.#out, 'drain')
  }
}
