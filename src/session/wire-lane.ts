/** One side's octets as whole messages, each with its place; knows nothing of the other side. */

import { Assembler } from '../imap/assembler.ts'
import type { Expectation } from '../imap/expectation.ts'
import { Framer } from '../imap/framer.ts'
import { contentEnd } from '../imap/octets.ts'
import type { RawMessage, Side } from '../imap/raw-message.ts'
import type { IncompleteTail } from './wire-message.ts'

/** A message taken whole, and where it stood. */
export interface Taken {
  readonly raw: RawMessage
  readonly offset: number
  /** More of it came than the limits keep. */
  readonly isIncomplete: boolean
}

export class WireLane {
  readonly #from: Side
  readonly #framer: Framer
  readonly #assembler: Assembler
  /** Octets before the message that is being taken in. */
  #offset = 0

  constructor(from: Side) {
    this.#from = from
    this.#framer = new Framer(from)
    this.#assembler = new Assembler(from)
  }

  /** The line that was taken last, within its message. */
  get line(): Uint8Array {
    const { source, start, end } = this.#framer
    return source.subarray(start, end)
  }

  /** The next fragment begins a message. */
  get isBetweenMessages(): boolean {
    return this.#assembler.octets === 0
  }

  push(octets: Uint8Array): void {
    this.#framer.push(octets)
  }

  /** Takes one fragment; says what it was, or undefined when more octets are needed. */
  next(expects: Expectation): 'message' | 'literal-announced' | 'part' | undefined {
    this.#framer.unpark()
    if (!this.#framer.next(expects)) return undefined
    this.#assembler.add(this.#framer)
    if (this.#framer.isLast) return 'message'
    return this.#framer.announced?.isSynchronizing ? 'literal-announced' : 'part'
  }

  /** What comes stays unframed until the next call of `next`: what it is depends on the other side. */
  park(): void {
    this.#framer.park()
  }

  /** The message that `next` has ended. */
  take(): Taken {
    const { isIncomplete } = this.#assembler
    const raw = this.#assembler.take()
    const offset = this.#offset
    this.#offset += raw.octets
    return { raw, offset, isIncomplete }
  }

  /** The literal that was announced last will not come: the message ends with its announcement. */
  cutShort(): Taken {
    this.#framer.cancelLiteral()
    return this.take()
  }

  /** The octets behind the last whole message, if there are any. */
  finish(): IncompleteTail | undefined {
    const octets = this.#assembler.octets + this.#framer.pending
    return octets === 0 ? undefined : { kind: 'incomplete', from: this.#from, offset: this.#offset, octets }
  }
}

export function isBlank({ parts }: RawMessage): boolean {
  const [line] = parts
  return parts.length === 1 && line?.kind === 'line' && contentEnd(line.octets) === 0
}
