/** One side's transport through its life: TCP, then perhaps TLS on top of it; moves octets, and reads none. */

import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

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
    this.#socket.on('data', this.#listener.onData)
  }

  /** TLS takes over; what was read in the clear has been told, and no more of it will be. */
  replace(make: (socket: Socket) => TLSSocket): TLSSocket {
    const plain = this.#socket
    const { onData, onEnd, onClose } = this.#listener
    if (this.#isReading) plain.removeListener('data', onData)
    this.#isReading = false
    this.#writeBehind()
    plain.removeListener('end', onEnd).removeListener('close', onClose)
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
    // TLS encrypts or copies within the call; TCP may keep what it could not send.
    if (!this.#isWriting && this.#socket instanceof TLSSocket) this.#begin(octets)
    else this.#behind.add(octets)
    if (!this.#isWriting) this.#writeBehind()
    this.#isDrainDue ||= this.#behind.length >= GATHERED
    return !this.#isDrainDue
  }

  /** What this side asks for is not taken by it: answers of our own would pile up without end. */
  get isOverfull(): boolean {
    return this.#behind.length >= OVERFULL
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    // A socket that flows before anybody listens loses what it reads.
    if (this.#isReading) this.#socket.resume()
  }

  /** Half-close, behind what was written. */
  end(): void {
    if (this.#isEnding) return
    this.#isEnding = true
    if (!this.#isWriting) this.#socket.end()
  }

  /** Closes behind what was written, or after a while without it; the peer has `linger` milliseconds to close first. */
  close(linger = 0): void {
    const socket = this.#socket
    if (socket.destroyed) return
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
    if (this.#isEnding && !this.#isWriting) this.#socket.end()
    if (this.#behind.length === 0) this.#tellDrain()
  }

  #tellDrain(): void {
    if (!this.#isDrainDue) return
    this.#isDrainDue = false
    this.#listener.onDrain()
  }

  #writeBehind(): void {
    const gathered = this.#behind.take()
    if (gathered) this.#begin(gathered.octets, gathered.free)
  }

  #watch(socket: Socket | TLSSocket): void {
    const { onEnd, onError, onClose } = this.#listener
    socket.on('end', onEnd).on('error', onError).on('close', onClose)
  }
}
