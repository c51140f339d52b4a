/** One socket of the demo, upgradable to TLS: octets in through a WireInput, octets out with backpressure. */

import { once } from 'node:events'
import type { Socket } from 'node:net'
import { WireInput } from './wire-input.ts'

export class Transport {
  input = new WireInput()
  #socket: Socket
  #isOpen = true
  readonly #closed: Promise<void>

  constructor(socket: Socket) {
    this.#socket = socket
    this.#closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.#isOpen = false
        resolve()
      })
    })
    this.#listen(socket)
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Resolves when the socket below is closed. */
  get closed(): Promise<void> {
    return this.#closed
  }

  /** Strings are octets: latin1, one character each. */
  async send(...pieces: readonly (string | Buffer)[]): Promise<void> {
    if (!this.#isOpen) return
    const octets = Buffer.concat(pieces.map((piece) => asOctets(piece)))
    if (this.#socket.write(octets)) return
    const drained = once(this.#socket, 'drain').catch(() => undefined)
    await Promise.race([drained, this.#closed])
  }

  /** Puts TLS over the socket. What was received before is dropped, never read as if it were protected. */
  async secure(wrap: (socket: Socket) => Socket, ready: 'secure' | 'secureConnect'): Promise<void> {
    this.#socket.removeAllListeners('data')
    this.#socket.removeAllListeners('end')
    this.input.end()
    this.input = new WireInput()
    const secured = wrap(this.#socket)
    this.#socket = secured
    secured.once('close', () => this.input.end())
    const lost = this.#closed.then(() =>
      Promise.reject(new Error('the connection closed during the handshake')),
    )
    await Promise.race([once(secured, ready), lost])
    this.#listen(secured)
  }

  /** Sends what is pending, then closes. */
  end(): void {
    this.#socket.end()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  #listen(socket: Socket): void {
    const input = this.input
    socket.on('data', (chunk: Buffer) => input.push(chunk))
    socket.on('end', () => input.end())
    socket.on('close', () => input.end())
    // A reset is an ordinary end here: 'close' follows it.
    socket.on('error', () => input.end())
  }
}

function asOctets(piece: string | Buffer): Buffer {
  return typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece
}
