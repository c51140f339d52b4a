/** One direction: cuts octets into fragments and passes on what nobody changes, untouched; knows no session. */

import type { Assembler } from '../imap/assembler.ts'
import type { Expectation } from '../imap/expectation.ts'
import { Framer } from '../imap/framer.ts'
import { limits } from '../imap/limits.ts'
import type { Side } from '../imap/raw-message.ts'

/** Where a lane's octets go. */
export type Send = (octets: Uint8Array) => void

/**
 * Untouched octets leave as they came, a whole run of fragments at once, as views of the chunk. Two kinds of octets
 * leave before they are framed, and `#ahead` counts them: the beginning of a line that nothing waits for, and what a
 * client sends before it is decided what it means.
 */
export abstract class Lane {
  /** Octets received. */
  total = 0
  protected framer: Framer
  protected assembler: Assembler
  readonly #send: Send
  readonly #from: Side
  #run: { source: Uint8Array; start: number; end: number } | undefined
  #ahead = 0
  #isOpaque = false
  #injected: Uint8Array[] = []

  protected constructor(from: Side, send: Send, assembler: Assembler) {
    this.#from = from
    this.#send = send
    this.framer = new Framer(from)
    this.assembler = assembler
  }

  /** What comes next, `undecided` while that depends on the other side, `stopped` while nothing may go on. */
  protected abstract expects(): Expectation | 'undecided' | 'stopped'

  /** Looks at the framer's fragment and calls `pass`, `drop` or `substitute` for it. */
  protected abstract take(): void

  /** May the beginning of this line go on before its end has come? */
  protected abstract mayPassPartial(partial: Uint8Array): boolean

  /** The same for one that is longer than waits: nothing stands in its way but what its lane keeps back. */
  protected mayPassLong(): boolean {
    return true
  }

  /** The stream can no longer be framed; said once. */
  protected abstract onOpaque(reason: string): void

  receive(octets: Uint8Array): void {
    this.total += octets.length
    if (this.#isOpaque) return this.#send(octets)
    this.framer.push(octets)
    if (this.expects() === 'undecided') this.#passUndecided(octets)
    else this.advance()
  }

  /** Goes on framing, after a push or once something that was waited for has come. */
  advance(): void {
    if (this.#isOpaque) return
    for (;;) {
      const expects = this.expects()
      if (expects === 'undecided' || expects === 'stopped') return this.#park(expects)
      this.framer.unpark()
      const { chunk } = this.framer
      if (!this.framer.next(expects)) {
        this.#passPartial(chunk)
        break
      }
      this.take()
      this.#sendInjected()
    }
    this.#flush()
  }

  /** Sends octets of our own at the next place between two messages. */
  inject(octets: Uint8Array): void {
    this.#injected.push(octets)
    this.#sendInjected()
  }

  /** Octets of our own that wait for the end of a message. */
  get injected(): number {
    return this.#injected.reduce((sum, { length }) => sum + length, 0)
  }

  /** Octets that have gone on before they were framed. */
  get sentAhead(): number {
    return this.#ahead
  }

  /** True when octets of our own may stand here. */
  get isBetweenMessages(): boolean {
    return !this.#isOpaque && this.framer.isBetweenMessages && this.#ahead === 0
  }

  /** Octets received that no fragment has covered yet. */
  get unframed(): number {
    return this.framer.pending
  }

  /** A message is kept back here, whole or in part. */
  get isHolding(): boolean {
    return false
  }

  /** From here on octets pass unread: TLS ended in a stream we cannot read, or the peer broke all bounds. */
  makeOpaque(reason: string): void {
    if (this.#isOpaque) return
    this.#isOpaque = true
    this.#sendRest()
    this.onOpaque(reason)
  }

  /** Sends what has been passed and not been sent yet, so that something else can follow it. */
  flush(): void {
    this.#flush()
  }

  /** Takes back what came behind the fragment at hand: it stands in another coding. Valid during the call only. */
  takeUnread(): Uint8Array {
    this.#flush()
    const rest = this.framer.takeRest()
    this.total -= rest.length
    return rest
  }

  /** The side has sent its last octet: what is left goes on as it is. */
  finish(): void {
    if (!this.#isOpaque) this.#sendRest()
  }

  /** Forgets everything and begins anew, for a leg that was secured or dialled again. */
  protected reset(): void {
    this.framer = new Framer(this.#from)
    this.assembler.clear()
    this.#run = undefined
    this.#ahead = 0
  }

  /** Passes the framer's fragment on. */
  protected pass(): void {
    const { framer } = this
    const due = framer.octets - this.#takeAhead(framer.octets)
    if (due === 0) return
    // The end of a line whose head came before lies at the chunk's start: it joins the run behind it.
    if (due <= framer.position) return this.#extendRun(framer.chunk, framer.position - due, framer.position)
    this.#flush()
    this.#send(framer.source.subarray(framer.end - due, framer.end))
  }

  /** Octets of the fragment that have already gone on, so that it is too late to change it. */
  protected get alreadyPassed(): number {
    return Math.min(this.#ahead, this.framer.octets)
  }

  /** Sends nothing of the fragment. */
  protected drop(): void {
    this.#takeAhead(this.framer.octets)
    this.#flush()
  }

  /** Sends other octets in the fragment's place. */
  protected substitute(pieces: readonly Uint8Array[]): void {
    this.drop()
    for (const piece of pieces) this.#send(piece)
  }

  /** Sends octets that were kept back, behind what was passed. */
  protected put(octets: Uint8Array): void {
    this.#flush()
    this.#send(octets)
  }

  #takeAhead(octets: number): number {
    const taken = Math.min(this.#ahead, octets)
    this.#ahead -= taken
    return taken
  }

  #extendRun(source: Uint8Array, start: number, end: number): void {
    const run = this.#run
    if (run && run.source === source && run.end === start) {
      run.end = end
      return
    }
    this.#flush()
    this.#run = { source, start, end }
  }

  #flush(): void {
    const run = this.#run
    if (!run) return
    this.#run = undefined
    const isAll = run.start === 0 && run.end === run.source.length
    this.#send(isAll ? run.source : run.source.subarray(run.start, run.end))
  }

  #sendInjected(): void {
    if (this.#injected.length === 0 || !this.isBetweenMessages) return
    this.#flush()
    const pieces = this.#injected
    this.#injected = []
    for (const piece of pieces) this.#send(piece)
  }

  #passPartial(chunk: Uint8Array): void {
    const { framer } = this
    const due = framer.pending - this.#ahead
    if (due === 0) return
    const isLong = framer.pending >= limits.lineHeld
    if (isLong ? !this.mayPassLong() : !this.mayPassPartial(framer.partial)) return
    this.#ahead = framer.pending
    // In one piece with the run before it, where it can be: a second write costs a TLS record more.
    if (due <= chunk.length) return this.#extendRun(chunk, chunk.length - due, chunk.length)
    this.#flush()
    this.#send(framer.partial.subarray(-due))
  }

  #passUndecided(octets: Uint8Array): void {
    this.#send(octets)
    this.#ahead += octets.length
    if (this.framer.pending > limits.undecidedOctets) this.makeOpaque('more was sent ahead than is kept')
  }

  #park(expects: 'undecided' | 'stopped'): void {
    const { framer } = this
    // What waited while nothing might go on may go on now.
    if (expects === 'undecided') framer.unpark()
    const rest = framer.chunk.length - framer.position
    if (expects === 'undecided' && rest > this.#ahead) {
      this.#extendRun(framer.chunk, framer.position + this.#ahead, framer.chunk.length)
      this.#ahead = rest
    }
    this.#flush()
    framer.park()
  }

  #sendRest(): void {
    this.#flush()
    const rest = this.framer.takeRest()
    const due = rest.subarray(Math.min(this.#ahead, rest.length))
    this.#ahead = 0
    if (due.length > 0) this.#send(due)
  }
}
