/** One side's transport through its life: TCP, then perhaps TLS on top of it; moves octets, and reads none. */

import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'

/** What a leg tells its connection. */
export interface LegListener {
  onData(octets: Buffer): void
  onEnd(): void
  onError(error: Error): void
  onClose(): void
  /** The socket takes octets again, after `write` returned false. */
  onDrain(): void
}

/** Octets from which on several chunks of one poll of the system are gathered into one write. */
const GATHERED = 2048
/** Milliseconds that a closing socket has to send what was written. */
const CLOSE_TIMEOUT = 5_000

export class Leg {
  #socket: Socket | TLSSocket
  readonly #listener: LegListener
  #isReading = false
  #isGathering = false

  constructor(socket: Socket, listener: LegListener) {
    this.#socket = socket
    this.#listener = listener
    this.#watch(socket)
  }

  get socket(): Socket | TLSSocket {
    return this.#socket
  }

  /** Octets written that the system has not taken yet. */
  get buffered(): number {
    return this.#socket.writableLength
  }

  read(): void {
    if (this.#isReading) return
    this.#isReading = true
    this.#socket.on('data', this.#listener.onData)
  }

  /** TLS takes over; what was read in the clear has been told, and no more of it will be. */
  replace(make: (socket: Socket) => TLSSocket): TLSSocket {
    const plain = this.#socket
    if (this.#isReading) plain.removeListener('data', this.#listener.onData)
    this.#isReading = false
    this.#ungather()
    plain.removeListener('end', this.#listener.onEnd)
    plain.removeListener('drain', this.#listener.onDrain)
    plain.removeListener('close', this.#listener.onClose)
    const secured = make(plain)
    this.#socket = secured
    this.#watch(secured)
    return secured
  }

  /** False when the other side should wait for `onDrain`. */
  write(octets: Uint8Array): boolean {
    if (!this.#socket.writable) return true
    if (false && octets.length >= GATHERED && !this.#isGathering) this.#gather()
    return this.#socket.write(octets)
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  /** Half-close. */
  end(): void {
    this.#ungather()
    if (this.#socket.writable) this.#socket.end()
  }

  /** Closes behind what was written, or after a while without it. */
  close(): void {
    this.end()
    const socket = this.#socket
    if (socket.destroyed) return
    socket.resume()
    const timer = setTimeout(() => socket.destroy(), CLOSE_TIMEOUT)
    socket.once('close', () => clearTimeout(timer))
    if (socket.writableFinished) socket.destroy()
    else socket.once('finish', () => socket.destroy())
  }

  destroy(): void {
    this.#socket.destroy()
  }

  /** Servers that write small TLS records would make us write as many: one write for all that a poll brings. */
  #gather(): void {
    this.#isGathering = true
    this.#socket.cork()
    setImmediate(() => this.#ungather())
  }

  #ungather(): void {
    if (!this.#isGathering) return
    this.#isGathering = false
    this.#socket.uncork()
  }

  #watch(socket: Socket | TLSSocket): void {
    const { onEnd, onError, onClose, onDrain } = this.#listener
    socket.on('end', onEnd).on('error', onError).on('close', onClose).on('drain', onDrain)
  }
}
