/** One side's transport through its life: TCP, then perhaps TLS and compression on top of it; moves octets, and reads none. */

import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

import type { Coding } from '../relay/effect.ts'
import { Deflation, Inflation } from './compression.ts'
import { GATHERED, OVERFULL, WriteBehind } from './write-behind.ts'

/** What a leg tells its connection. */
export interface LegListener {
  /** The octets hold during the call only. */
  readonly onData: (octets: Uint8Array) => void
  readonly onEnd: () => void
  readonly onError: (error: Error) => void
  readonly onClose: () => void
  /** The leg takes octets again, after `write` returned false. */
  readonly onDrain: () => void
}

/** What was written has to go out first, or the engine cannot take more. */
type PauseReason = 'drain' | 'engine'

/** Milliseconds that a closing socket has to send what was written. */
const CLOSE_TIMEOUT = 5_000

export class Leg {
  #socket: Socket | TLSSocket
  readonly #listener: LegListener
  #isReading = false
  #isWriting = false
  #isDrainDue = false
  #isEnding = false
  readonly #behind = new WriteBehind()
  #deflation: Deflation | undefined
  /** What is to be written once the compression has ended, and what it is to be written as. */
  #waiting: (Buffer | Coding)[] | undefined
  #inflation: Inflation | undefined
  /** Why nothing is read from it: it goes on when no reason is left. */
  readonly #pauses = new Set<PauseReason>()
  /** The socket's end and close came; what was read before them may still be inflated. */
  #hasEnded = false
  #hasClosed = false

  constructor(socket: Socket, listener: LegListener) {
    this.#socket = socket
    this.#listener = listener
    this.#watch(socket)
  }

  get socket(): Socket | TLSSocket {
    return this.#socket
  }

  read(): void {
    if (this.#isReading) return
    this.#isReading = true
    this.#socket.on('data', this.receive)
  }

  /** What the socket read; only a socket that reads into memory of its own is given this by hand. */
  readonly receive = (octets: Uint8Array): void => {
    const inflation = this.#inflation
    if (!inflation) return this.#listener.onData(octets)
    inflation.add(octets)
    if (inflation.isFull) this.#socket.pause()
  }

  /** What is written behind this stands in another coding. */
  writeAs(coding: Coding): void {
    if (this.#waiting) this.#waiting.push(coding)
    else if (coding === 'deflate') this.#deflation ??= this.#deflate()
    else this.#endDeflation()
  }

  /** What is read behind this stands in another coding; `rest` had been read before, and is its beginning. */
  readAs(coding: Coding | 'undecided', rest: Uint8Array): void {
    const inflation = this.#inflation
    if (coding !== 'deflate') return inflation?.end(coding)
    if (inflation) return inflation.goOn()
    this.#inflation = this.#inflate()
    this.#inflation.add(rest)
    if (this.#pauses.size > 0) this.#inflation.pause()
    if (this.#hasEnded) this.#inflation.finish()
  }

  /** TLS takes over; what was read in the clear has been told, and no more of it will be. */
  replace(make: (socket: Socket) => TLSSocket): TLSSocket {
    const plain = this.#socket
    if (this.#isReading) plain.removeListener('data', this.receive)
    this.#isReading = false
    this.#writeBehind()
    plain.removeListener('end', this.#onEnd).removeListener('close', this.#onClose)
    const secured = make(plain)
    this.#isWriting = false
    this.#socket = secured
    this.#watch(secured)
    this.#tellDrain()
    return secured
  }

  /** False when the other side should wait for `onDrain`. The octets may be used again after the call. */
  write(octets: Uint8Array): boolean {
    if (!this.#socket.writable || this.#isEnding) return true
    this.#encode(octets)
    this.#isDrainDue ||= this.#gathered >= GATHERED
    return !this.#isDrainDue
  }

  /** What this side asks for is not taken by it: answers of our own would pile up without end. */
  get isOverfull(): boolean {
    return this.#gathered >= OVERFULL
  }

  pause(reason: PauseReason): void {
    this.#pauses.add(reason)
    this.#inflation?.pause()
    this.#socket.pause()
  }

  resume(reason: PauseReason): void {
    this.#pauses.delete(reason)
    if (this.#pauses.size > 0) return
    this.#inflation?.resume()
    this.#resumeSocket()
  }

  /** Half-close, behind what was written. */
  end(): void {
    if (this.#isEnding) return
    this.#isEnding = true
    this.#tryEnd()
  }

  /** Closes behind what was written, or after a while without it; the peer has `linger` milliseconds to close first. */
  close(linger = 0): void {
    const socket = this.#socket
    if (socket.destroyed) return
    this.#inflation?.close()
    this.end()
    socket.resume()
    let timer = setTimeout(() => socket.destroy(), CLOSE_TIMEOUT)
    socket.once('close', () => clearTimeout(timer))
    const finish = (): void => {
      clearTimeout(timer)
      if (linger === 0 || socket.readableEnded) socket.destroy()
      else timer = setTimeout(() => socket.destroy(), linger)
    }
    if (socket.writableFinished) finish()
    else socket.once('finish', finish)
  }

  destroy(): void {
    this.#socket.destroy()
  }

  #resumeSocket(): void {
    // A socket that flows before anybody listens loses what it reads.
    if (this.#isReading && this.#pauses.size === 0 && !this.#inflation?.isFull) this.#socket.resume()
  }

  get #gathered(): number {
    const waiting = this.#waiting?.reduce((sum, { length }) => sum + length, 0) ?? 0
    return this.#behind.length + (this.#deflation?.length ?? 0) + waiting
  }

  #encode(octets: Uint8Array): void {
    if (this.#waiting) this.#waiting.push(Buffer.from(octets))
    else if (this.#deflation) this.#deflation.write(octets)
    else this.#put(octets)
  }

  #put(octets: Uint8Array): void {
    // TLS encrypts or copies within the call; TCP may keep what it could not send.
    if (!this.#isWriting && this.#socket instanceof TLSSocket) this.#begin(octets)
    else this.#behind.add(octets)
    if (!this.#isWriting) this.#writeBehind()
  }

  #deflate(): Deflation {
    const deflation = new Deflation({
      put: (octets) => this.#put(octets),
      hasRoom: () => this.#behind.length < GATHERED,
      onIdle: () => {
        this.#tryEnd()
        this.#tellDrain()
      },
    })
    return deflation
  }

  #endDeflation(): void {
    const deflation = this.#deflation
    if (!deflation) return
    const waiting: (Buffer | Coding)[] = []
    this.#waiting = waiting
    deflation.drain(() => {
      deflation.close()
      this.#deflation = undefined
      this.#waiting = undefined
      for (const next of waiting) {
        if (typeof next === 'string') this.writeAs(next)
        else this.#encode(next)
      }
      this.#tryEnd()
    })
  }

  #inflate(): Inflation {
    const inflation = new Inflation({
      onData: this.#listener.onData,
      onPlain: (rest) => {
        this.#inflation = undefined
        if (rest.length > 0) this.#listener.onData(rest)
        this.#resumeSocket()
      },
      onEnd: () => this.#tellEnd(),
      onCorrupt: this.#listener.onError,
      onRoom: () => this.#resumeSocket(),
    })
    return inflation
  }

  readonly #onEnd = (): void => {
    this.#hasEnded = true
    if (this.#inflation) this.#inflation.finish()
    else this.#listener.onEnd()
  }

  readonly #onClose = (): void => {
    this.#hasClosed = true
    this.#deflation?.close()
    if (this.#hasEnded && this.#inflation?.isFinishing) return
    this.#inflation?.close()
    this.#listener.onClose()
  }

  #tellEnd(): void {
    this.#listener.onEnd()
    if (this.#hasClosed) this.#onClose()
  }

  #begin(octets: Uint8Array, done?: () => void): void {
    const socket = this.#socket
    this.#isWriting = true
    socket.write(octets, () => {
      done?.()
      // A write in the clear may end when TLS has already begun, and says nothing of the writes under it.
      if (socket === this.#socket) this.#finish()
    })
  }

  /** The system has taken a write: the next goes out, or the leg is idle again. */
  #finish(): void {
    this.#isWriting = false
    this.#writeBehind()
    this.#deflation?.goOn()
    this.#tryEnd()
    this.#tellDrain()
  }

  /** Half-closes once everything that was written is on its way. */
  #tryEnd(): void {
    if (this.#isEnding && !this.#isWriting && !this.#waiting && (this.#deflation?.isIdle ?? true))
      this.#socket.end()
  }

  #tellDrain(): void {
    if (!this.#isDrainDue || this.#gathered > 0) return
    this.#isDrainDue = false
    this.#listener.onDrain()
  }

  #writeBehind(): void {
    const gathered = this.#behind.take()
    if (gathered) this.#begin(gathered.octets, gathered.free)
  }

  #watch(socket: Socket | TLSSocket): void {
    socket.on('end', this.#onEnd).on('error', this.#listener.onError).on('close', this.#onClose)
  }
}
