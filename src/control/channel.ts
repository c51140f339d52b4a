/** Tells several viewers the same: each line is made once, and lines that come together share one write; knows no request. */

import type { ObservedEvent } from '../findings/finding.ts'
import { writeRecall } from './protocol.ts'

/** Makes lines of events; what it has told before it need not tell again. */
export interface Encoder {
  encode(event: ObservedEvent): string | undefined
}

export interface Receiver {
  send(octets: Buffer): void
}

/** Milliseconds that a line waits for others at most. */
const WAIT = 20
/** Characters from which nothing waits. */
const GATHERED = 64 * 1024

export class Channel {
  readonly #makeEncoder: () => Encoder
  readonly #receivers = new Set<Receiver>()
  #encoder: Encoder
  #lines = ''
  #timer: NodeJS.Timeout | undefined

  constructor(makeEncoder: () => Encoder) {
    this.#makeEncoder = makeEncoder
    this.#encoder = makeEncoder()
  }

  get isWanted(): boolean {
    return this.#receivers.size > 0
  }

  has(receiver: Receiver): boolean {
    return this.#receivers.has(receiver)
  }

  /**
   * `recalled` tells how things stand. All hear it, the newcomer to know and the others to reckon from there: lines tell
   * what has changed, and from now on they have to tell all of them the same.
   */
  join(receiver: Receiver, recalled: Iterable<ObservedEvent>): void {
    this.flush()
    this.#receivers.add(receiver)
    this.#encoder = this.#makeEncoder()
    this.#lines = writeRecall('begin')
    for (const event of recalled) this.#lines += this.#write(event)
    this.#lines += writeRecall('end')
    this.flush()
  }

  leave(receiver: Receiver): void {
    this.#receivers.delete(receiver)
    if (!this.isWanted) this.#clear()
  }

  tell(event: ObservedEvent): void {
    if (!this.isWanted) return
    this.#lines += this.#write(event)
    if (this.#lines.length >= GATHERED) this.flush()
    else this.#timer ??= setTimeout(() => this.flush(), WAIT)
  }

  flush(): void {
    const lines = this.#lines
    this.#clear()
    if (lines === '') return
    const octets = Buffer.from(lines)
    // Whoever is dropped for being slow leaves meanwhile.
    for (const receiver of this.#receivers) receiver.send(octets)
  }

  #write(event: ObservedEvent): string {
    const line = this.#encoder.encode(event)
    return line === undefined ? '' : `${line}\n`
  }

  #clear(): void {
    this.#lines = ''
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
