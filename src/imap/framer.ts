/** Cuts one side's octets into lines and literals, whatever the splits; knows no grammar beyond the announcement. */

import type { Expectation } from './expectation.ts'
import { findAnnouncement, hasClosingBrace } from './literal.ts'
import { limits } from './limits.ts'
import { LF } from './octets.ts'
import type { LiteralAnnouncement, Side } from './raw-message.ts'

/**
 * Pull-based: `push` a chunk, then call `next` until it returns false, with what is expected each time, since every
 * message can change the grammar of the one behind it.
 *
 * After `next` has returned true, the fields describe the fragment. They hold until the next call: one framer makes
 * one fragment at a time, and nothing is allocated for a line that lies whole within its chunk.
 */
export class Framer {
  /** A `line` has its line end; a `literal` fragment is a piece of one, `remaining` octets of it still to come. */
  kind: 'line' | 'literal' = 'line'
  /** The fragment is `source[start, end)`: within the chunk, or within a buffer of its own when it was split. */
  source: Uint8Array = none
  start = 0
  end = 0
  /** The literal that this line announces. */
  announced: LiteralAnnouncement | undefined
  /** Octets of the literal still to come. */
  remaining = 0
  /** True for the last fragment of a message. */
  isLast = false
  /** True when the fragment lies within the chunk; false when its head came before. */
  isWhole = true
  /** True for a line longer than `limits.lineOctets`: `source` then holds its beginning and its end only. */
  isCut = false
  /** Octets of the fragment on the wire; more than `end - start` when it was cut. */
  octets = 0

  readonly #from: Side
  #chunk: Uint8Array = none
  #at = 0
  #stash = new Stash()
  #isParked = false
  /** The chunk is a buffer that was parked before: it can be parked again without being copied. */
  #isOwnChunk = false
  #literal = 0
  #isContinued = false

  constructor(from: Side) {
    this.#from = from
  }

  /** Where in the last pushed chunk the framing stands. */
  get position(): number {
    return this.#at
  }

  get chunk(): Uint8Array {
    return this.#chunk
  }

  /** Octets taken in and not yet returned as fragments. */
  get pending(): number {
    return this.#stash.total + this.#chunk.length - this.#at
  }

  /** True when the next octet begins a message, whatever octets already wait. */
  get isBetweenMessages(): boolean {
    return this.#literal === 0 && !this.#isContinued
  }

  /** The beginning of the line that has begun and not ended. */
  get partial(): Uint8Array {
    return this.#stash.octets()
  }

  push(chunk: Uint8Array): void {
    if (this.#isParked) {
      this.#stash.add(chunk, Number.MAX_SAFE_INTEGER)
      return
    }
    this.#chunk = chunk
    this.#at = 0
    this.#isOwnChunk = false
  }

  /** Sets aside what is not framed yet, until `unpark`; what is pushed meanwhile is appended. */
  park(): void {
    if (this.#isParked) return
    this.#isParked = true
    const rest = this.#chunk.subarray(this.#at)
    if (this.#isOwnChunk && this.#stash.total === 0) this.#stash.takeBack(rest)
    else this.#stash.add(rest, Number.MAX_SAFE_INTEGER)
    this.#dropChunk()
  }

  unpark(): void {
    if (!this.#isParked) return
    this.#isParked = false
    this.#chunk = this.#stash.take()
    this.#at = 0
    this.#isOwnChunk = true
  }

  /** The announced literal was refused: its octets never come, and the message ends here. */
  cancelLiteral(): void {
    this.#literal = 0
    this.#isContinued = false
  }

  /** Everything taken in and not framed, for a stream that is given up or handed on raw. */
  takeRest(): Uint8Array {
    this.#isParked = false
    this.#stash.add(this.#chunk.subarray(this.#at), Number.MAX_SAFE_INTEGER)
    this.#dropChunk()
    return this.#stash.take()
  }

  /** Takes the next fragment into the fields; false when more octets are needed. */
  next(expects: Expectation): boolean {
    if (this.#isParked) return false
    if (this.#literal > 0) return this.#takeLiteral()
    return this.#takeLine(expects)
  }

  #takeLiteral(): boolean {
    const size = Math.min(this.#literal, this.#chunk.length - this.#at)
    if (size === 0) return this.#dropChunk()
    this.#literal -= size
    this.kind = 'literal'
    this.announced = undefined
    this.remaining = this.#literal
    this.isLast = false
    this.isCut = false
    this.#setWhole(this.#at, this.#at + size)
    return true
  }

  #takeLine(expects: Expectation): boolean {
    const chunk = this.#chunk
    const at = this.#at
    const lf = chunk.indexOf(LF, at)
    if (lf < 0) {
      if (at < chunk.length) this.#stash.add(chunk.subarray(at), limits.lineOctets)
      return this.#dropChunk()
    }
    if (this.#stash.total === 0) this.#setWhole(at, lf + 1)
    else this.#setJoined(at, lf + 1)
    this.kind = 'line'
    this.#announce(expects)
    return true
  }

  #setWhole(start: number, end: number): void {
    this.source = this.#chunk
    this.start = start
    this.end = end
    this.octets = end - start
    this.isWhole = true
    this.isCut = false
    this.#at = end
  }

  #setJoined(start: number, end: number): void {
    this.#stash.add(this.#chunk.subarray(start, end), limits.lineOctets)
    this.isCut = this.#stash.isCut
    this.octets = this.#stash.total
    this.source = this.#stash.take()
    this.start = 0
    this.end = this.source.length
    this.isWhole = false
    this.#at = end
  }

  #announce(expects: Expectation): void {
    this.remaining = 0
    this.announced = this.#findAnnouncement(expects)
    // A literal of no octets is over at once: its message goes on with the next line.
    this.#literal = this.announced?.size ?? 0
    this.#isContinued = this.announced !== undefined
    this.isLast = !this.#isContinued
  }

  #findAnnouncement(expects: Expectation): LiteralAnnouncement | undefined {
    if (expects !== 'command' && expects !== 'response') return undefined
    if (!hasClosingBrace(this.source, this.start, this.end)) return undefined
    const line = { octets: this.source, start: this.start, end: this.end }
    return findAnnouncement(line, this.#from, this.#isContinued)
  }

  #dropChunk(): false {
    // An idle session must not keep its last chunk alive.
    this.#chunk = none
    this.#at = 0
    return false
  }
}

const none = new Uint8Array(0)
/** Octets at a cut line's end that are kept to see an announcement. */
const TAIL = 64

/** A growing buffer for what is split between chunks: appending is linear however small the pieces are. */
class Stash {
  /** Octets added, also those beyond the bound. */
  total = 0
  #buffer: Uint8Array = none
  #length = 0
  #tail: Uint8Array = none

  get isCut(): boolean {
    return this.total > this.#length
  }

  /** Beyond `bound` octets only the last few are kept. */
  add(piece: Uint8Array, bound: number): void {
    this.total += piece.length
    const kept = Math.min(piece.length, Math.max(0, bound - this.#length))
    if (kept > 0) this.#append(piece.subarray(0, kept))
    if (kept < piece.length) this.#keepTail(piece.subarray(kept))
  }

  octets(): Uint8Array {
    return this.#buffer.subarray(0, this.#length)
  }

  take(): Uint8Array {
    const octets = this.isCut ? joined(this.octets(), this.#tail) : this.octets()
    this.total = 0
    this.#buffer = none
    this.#length = 0
    this.#tail = none
    return octets
  }

  /**
   * Goes on with the rest of what `take` gave, and with the room behind it. A peer that sends far ahead would
   * otherwise have all of it copied for each of its lines.
   */
  takeBack(rest: Uint8Array): void {
    this.total = rest.length
    this.#buffer = new Uint8Array(rest.buffer, rest.byteOffset)
    this.#length = rest.length
  }

  #append(piece: Uint8Array): void {
    const needed = this.#length + piece.length
    if (needed > this.#buffer.length) this.#grow(needed)
    this.#buffer.set(piece, this.#length)
    this.#length = needed
  }

  #grow(needed: number): void {
    const grown = new Uint8Array(Math.max(needed, this.#buffer.length * 2, 64))
    grown.set(this.octets())
    this.#buffer = grown
  }

  #keepTail(piece: Uint8Array): void {
    const whole = joined(this.#tail, piece.subarray(-TAIL))
    this.#tail = whole.slice(-TAIL)
  }
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const whole = new Uint8Array(head.length + tail.length)
  whole.set(head)
  whole.set(tail, head.length)
  return whole
}
