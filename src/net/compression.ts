/** Raw DEFLATE over one leg, a stream for each direction (RFC 4978): bounded, flushed at once, ended at an exact octet; knows no IMAP. */

import { constants, createDeflateRaw, createInflateRaw } from 'node:zlib'

import { WriteBehind } from './write-behind.ts'

/** Compressed octets that wait to be inflated, from which the leg is not read: a bomb grows where it is read, not here. */
const QUEUED = 64 * 1024
/** Half the CPU time of zlib's default for 7 % more octets, measured on FETCH responses. */
const LEVEL = 3
/** Octets of a deflate stream that can follow its last text: the end of a block, and an empty block that is flushed. */
const TRAILER = 8
/** Ends what zlib flushes by Z_SYNC_FLUSH: an empty stored block, at an octet's border. */
const marker = Buffer.from([0, 0, 0xff, 0xff])

/** A stream that is no DEFLATE, or goes on behind its end. */
export class CorruptStream extends Error {
  readonly code = 'CORRUPT_DEFLATE'
}

export interface DeflationPort {
  put(octets: Uint8Array): void
  /** While this says no, nothing more is compressed until `goOn`. */
  hasRoom(): boolean
  /** Everything so far is put. */
  onIdle(): void
}

/** Compresses what is sent: what came together goes out together, flushed, so that nobody waits for the rest of a block. */
export class Deflation {
  readonly #stream = createDeflateRaw({ flush: constants.Z_SYNC_FLUSH, level: LEVEL })
  readonly #behind = new WriteBehind()
  readonly #port: DeflationPort
  #isBusy = false
  #isScheduled = false
  #whenDone: (() => void) | undefined

  constructor(port: DeflationPort) {
    this.#port = port
    this.#stream.on('data', (octets: Buffer) => {
      port.put(octets)
      this.#settle()
    })
    // It can only fail for want of memory or once it is closed: its socket tells of what matters.
    this.#stream.on('error', () => undefined)
  }

  /** Octets that wait to be compressed. */
  get length(): number {
    return this.#behind.length
  }

  get isIdle(): boolean {
    return !this.#isBusy && this.#behind.length === 0
  }

  /** The octets may be used again after the call. */
  write(octets: Uint8Array): void {
    this.#behind.add(octets)
    if (this.#isScheduled || this.#isBusy) return
    // What the engine says in one breath is flushed once.
    this.#isScheduled = true
    process.nextTick(() => {
      this.#isScheduled = false
      this.goOn()
    })
  }

  goOn(): void {
    if (this.#isBusy || this.#stream.destroyed || !this.#port.hasRoom()) return
    const batch = this.#behind.take()
    if (!batch) return
    this.#isBusy = true
    this.#stream.write(batch.octets, () => {
      batch.free()
      this.#isBusy = false
      this.#settle()
    })
  }

  /** Calls `done` when everything so far is put. */
  drain(done: () => void): void {
    this.#whenDone = done
    if (!this.#isScheduled) this.#settle()
  }

  close(): void {
    this.#stream.destroy()
  }

  #settle(): void {
    if (this.#isBusy || this.#stream.readableLength > 0) return
    if (this.#behind.length > 0) return this.goOn()
    const done = this.#whenDone
    this.#whenDone = undefined
    done?.()
    this.#port.onIdle()
  }
}

export interface InflationListener {
  /** The octets hold during the call only. */
  readonly onData: (octets: Uint8Array) => void
  /** The compression has ended: what came behind it. */
  readonly onPlain: (rest: Uint8Array) => void
  /** All is inflated behind the peer's last octet; told before as well where it is undecided what the rest is. */
  readonly onEnd: () => void
  readonly onCorrupt: (error: CorruptStream) => void
  /** There is room again, after `isFull`. */
  readonly onRoom: () => void
}

/**
 * Inflates what is received, in pieces that end where the peer flushed: only then can it be told that something in
 * the piece ends the compression before an octet behind it has been taken for a part of it.
 */
export class Inflation {
  readonly #stream = createInflateRaw({ flush: constants.Z_SYNC_FLUSH })
  readonly #listener: InflationListener
  #queue: Buffer[] = []
  #queued = 0
  /** The last octets that were given to zlib, enough of them to see a marker. */
  #tail: Buffer = Buffer.alloc(0)
  #piece: Buffer | undefined
  #consumed = 0
  /** The stream itself said that it ends. */
  #isOver = false
  #isPaused = false
  #hasEnded = false
  /** The engine has seen the command or the answer that ends the compression. */
  #ending: 'undecided' | 'plain' | undefined
  /** Octets given to zlib since then, to find the trailer's end. */
  #trailer: Buffer = Buffer.alloc(0)
  #isClosed = false

  constructor(listener: InflationListener) {
    this.#listener = listener
    this.#stream.on('data', (octets: Buffer) => this.#take(octets))
    this.#stream.on('end', () => this.#finishStream())
    this.#stream.on('error', (error: Error) => this.#fail(error.message))
  }

  get isFull(): boolean {
    return this.#queued >= QUEUED
  }

  /** The peer's last octet has come, and not all before it is inflated yet. */
  get isFinishing(): boolean {
    return this.#hasEnded && !this.#isClosed
  }

  /** The octets may be used again after the call. */
  add(octets: Uint8Array): void {
    if (octets.length === 0 || this.#isClosed) return
    this.#queue.push(Buffer.from(octets))
    this.#queued += octets.length
    this.#schedule()
  }

  pause(): void {
    this.#isPaused = true
    this.#stream.pause()
  }

  resume(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    this.#stream.resume()
    this.#schedule()
  }

  /** Ends the compression behind what the engine has been given, or keeps what follows until it is known whether. */
  end(as: 'undecided' | 'plain'): void {
    this.#ending = as
    this.#schedule()
  }

  /** The compression goes on after all. */
  goOn(): void {
    this.#ending = undefined
    this.#schedule()
  }

  /** The peer has sent its last octet. */
  finish(): void {
    this.#hasEnded = true
    this.#schedule()
  }

  close(): void {
    this.#isClosed = true
    this.#queue = []
    this.#queued = 0
    this.#stream.destroy()
  }

  /** Never within the call: whoever calls may be in the middle of what the engine asked for. */
  #schedule(): void {
    process.nextTick(() => this.#next())
  }

  #next(): void {
    if (this.#isClosed || this.#piece || this.#isPaused || this.#stream.readableLength > 0) return
    // Octets that zlib has taken cannot be taken back: it gets none that may be plain.
    if (this.#ending === 'undecided') return this.#hasEnded ? this.#listener.onEnd() : undefined
    if (this.#ending && this.#isAtBorder()) return this.#settle()
    if (this.#stream.errored) return
    if (this.#trailer.length >= TRAILER) return this.#giveBack()
    const piece = this.#cut()
    if (!piece) return this.#hasEnded ? this.#finishQueue() : undefined
    if (this.#isOver) return this.#fail('octets behind the end of the compressed stream')
    if (this.#ending) this.#trailer = Buffer.concat([this.#trailer, piece])
    this.#piece = piece
    this.#consumed = this.#stream.bytesWritten
    this.#stream.write(piece, () => this.#finishPiece())
  }

  /** A piece up to a flush, or a single octet while the trailer's end is looked for. */
  #cut(): Buffer | undefined {
    const [head] = this.#queue
    if (!head) return undefined
    const size = this.#ending ? 1 : this.#sizeOfPiece(head)
    if (size < head.length) this.#queue[0] = head.subarray(size)
    else this.#queue.shift()
    const wasFull = this.isFull
    this.#queued -= size
    if (wasFull && !this.isFull) this.#listener.onRoom()
    return head.subarray(0, size)
  }

  #sizeOfPiece(head: Buffer): number {
    const seam = Buffer.concat([this.#tail.subarray(-3), head.subarray(0, 3)])
    const split = seam.indexOf(marker)
    if (split >= 0) return split + marker.length - Math.min(this.#tail.length, 3)
    const found = head.indexOf(marker)
    return found < 0 ? head.length : found + marker.length
  }

  #take(octets: Buffer): void {
    // What zlib makes of octets that were no part of the stream any more.
    if (this.#trailer.length > 0) return this.#giveBack()
    this.#listener.onData(octets)
    this.#schedule()
  }

  #finishPiece(): void {
    if (!this.#piece) return
    this.#tail = Buffer.concat([this.#tail, this.#piece]).subarray(-marker.length)
    this.#piece = undefined
    this.#schedule()
  }

  /** Zlib leaves what stands behind the final block alone. */
  #finishStream(): void {
    this.#isOver = true
    const taken = this.#stream.bytesWritten - this.#consumed
    const rest = this.#piece?.subarray(taken)
    this.#piece = undefined
    if (rest && rest.length > 0) {
      this.#queue.unshift(rest)
      this.#queued += rest.length
    }
    this.#schedule()
  }

  #isAtBorder(): boolean {
    return this.#isOver || this.#tail.equals(marker)
  }

  #settle(): void {
    const rest = Buffer.concat(this.#queue)
    const { isFinishing } = this
    this.close()
    this.#listener.onPlain(rest)
    if (isFinishing) this.#listener.onEnd()
  }

  /** A peer that ended its stream without a flush: what was tried as its trailer is plain already. */
  #giveBack(): void {
    this.#queue.unshift(this.#trailer)
    this.#queued += this.#trailer.length
    this.#trailer = Buffer.alloc(0)
    this.#piece = undefined
    this.#isOver = true
    this.#schedule()
  }

  #finishQueue(): void {
    this.#hasEnded = false
    this.#listener.onEnd()
  }

  #fail(why: string): void {
    if (this.#isClosed) return
    if (this.#trailer.length > 0) return this.#giveBack()
    this.close()
    this.#listener.onCorrupt(new CorruptStream(why))
  }
}
