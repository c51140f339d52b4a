/** Puts a message's fragments together again, as a RawMessage; keeps no more of it than the limits allow. */

import type { Framer } from './framer.ts'
import { limits } from './limits.ts'
import { copyOf } from './octets.ts'
import type { LiteralAnnouncement, RawMessage, RawPart, Side } from './raw-message.ts'

/** Takes the digest of octets that stream past; given by the shell, since hashing is not the language's business. */
export interface Digester {
  update(octets: Uint8Array): void
  /** Short lower-case hex. */
  hex(): string
}

/** Undefined where nobody wants digests at the moment: hashing costs more than relaying. */
export type MakeDigester = () => Digester | undefined

/** How much of a message is kept; `limits` says why it is not more. */
export interface Kept {
  /** Octets of one literal. */
  readonly literalKept: number
  /** Octets of one whole message. */
  readonly messageOctets: number
}

export class Assembler {
  /** Octets of the message so far, literals included. */
  octets = 0
  /** Something was left out that a reader would need: a cut line, or more than the limits keep. */
  isIncomplete = false

  readonly #from: Side
  readonly #makeDigester: MakeDigester | undefined
  readonly #limits: Kept
  #parts: RawPart[] = []
  #kept = 0
  #literal: LiteralInMaking | undefined

  constructor(from: Side, makeDigester?: MakeDigester, kept: Kept = limits) {
    this.#from = from
    this.#makeDigester = makeDigester
    this.#limits = kept
  }

  /**
   * Adds the framer's current fragment. A message of one line keeps a view of the chunk; where more is to come the
   * octets are copied, so that a waiting message does not keep chunks alive.
   */
  add(framer: Framer): void {
    this.octets += framer.octets
    if (framer.kind === 'literal') this.#addPiece(framer)
    else this.#addLine(framer)
  }

  /** The message, once the last fragment was added. The assembler is empty then. */
  take(): RawMessage {
    const raw = { from: this.#from, parts: this.#parts, octets: this.octets }
    this.clear()
    return raw
  }

  /** Nothing of the message was left out, and the literal announced last can be kept as well. */
  get keepsAll(): boolean {
    const literal = this.#literal
    if (this.isIncomplete || this.#parts.length >= limits.literalsKept) return false
    if (!literal) return this.octets <= limits.heldOctets
    const { size } = literal.announced
    if (!literal.octets || size > limits.literalKept) return false
    return this.octets + size - literal.filled <= limits.heldOctets
  }

  /** What of the message has come; `isWithinLiteral` counts the literal announced last as begun. */
  soFar(isWithinLiteral: boolean): readonly RawPart[] {
    const literal = this.#literal
    if (!literal?.octets || !isWithinLiteral) return this.#parts
    const octets = literal.octets.subarray(0, literal.filled)
    return [...this.#parts, { kind: 'literal', announced: literal.announced, octets }]
  }

  clear(): void {
    this.#parts = []
    this.#kept = 0
    this.#literal = undefined
    this.octets = 0
    this.isIncomplete = false
  }

  #addLine(framer: Framer): void {
    this.#closeLiteral()
    if (framer.isCut) this.isIncomplete = true
    const view = framer.source.subarray(framer.start, framer.end)
    this.#kept += view.length
    if (this.#isFull()) return
    const isLoneLine = framer.isLast && this.#parts.length === 0
    this.#parts.push({ kind: 'line', octets: isLoneLine ? view : copyOf(view) })
    if (framer.announced) this.#literal = this.#openLiteral(framer.announced)
  }

  #addPiece(framer: Framer): void {
    const literal = this.#literal
    if (!literal) return
    const piece = framer.source.subarray(framer.start, framer.end)
    literal.digester?.update(piece)
    literal.octets?.set(piece, literal.filled)
    literal.filled += piece.length
  }

  #openLiteral(announced: LiteralAnnouncement): LiteralInMaking {
    const { literalKept, messageOctets } = this.#limits
    const isKept = announced.size <= literalKept && this.#kept + announced.size <= messageOctets
    if (isKept) this.#kept += announced.size
    return {
      announced,
      octets: isKept ? new Uint8Array(announced.size) : undefined,
      filled: 0,
      digester: this.#makeDigester?.(),
    }
  }

  #closeLiteral(): void {
    const literal = this.#literal
    if (!literal) return
    this.#literal = undefined
    const { announced, octets, digester } = literal
    this.#parts.push({
      kind: 'literal',
      announced,
      ...(octets && { octets }),
      ...(digester && { digest: digester.hex() }),
    })
  }

  #isFull(): boolean {
    const isFull = this.#kept > this.#limits.messageOctets || this.#parts.length > 2 * limits.literalsKept
    if (isFull) this.isIncomplete = true
    return isFull
  }
}

interface LiteralInMaking {
  readonly announced: LiteralAnnouncement
  readonly octets: Uint8Array | undefined
  filled: number
  readonly digester: Digester | undefined
}
