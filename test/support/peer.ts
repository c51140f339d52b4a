/** A client made of one socket, TCP or TLS: sends what it is told, and keeps what comes; it knows no IMAP. */

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls'

const patienceMs = 10_000

export class Peer {
  socket: Socket
  /** Everything received, one character for an octet. */
  received = ''
  /** True once the other side has sent its last octet. */
  hasEnded = false
  error: NodeJS.ErrnoException | undefined
  #wake: () => void = () => undefined

  private constructor(socket: Socket) {
    this.socket = socket
    this.#watch(socket)
  }

  static async open(port: number, host = '127.0.0.1'): Promise<Peer> {
    const socket = connect({ port, host, allowHalfOpen: true, noDelay: true })
    await once(socket, 'connect')
    return new Peer(socket)
  }

  static async openTls(port: number, options: ConnectionOptions): Promise<Peer> {
    const socket = connectTls({ port, host: '127.0.0.1', ...options })
    await once(socket, 'secureConnect')
    return new Peer(socket)
  }

  /** Begins TLS on top of what is there. */
  async secure(options: ConnectionOptions): Promise<TLSSocket> {
    this.socket.removeAllListeners('data').removeAllListeners('end')
    const secured = connectTls({ socket: this.socket, ...options })
    this.socket = secured
    this.#watch(secured)
    await once(secured, 'secureConnect')
    return secured
  }

  send(text: string): this {
    this.socket.write(text, 'latin1')
    return this
  }

  /** Waits until this was received, and takes everything up to its end away. */
  async until(pattern: RegExp): Promise<string> {
    await this.#wait(() => pattern.test(this.received) || this.#isOver(), `${pattern}`)
    const found = pattern.exec(this.received)
    if (!found) throw new Error(`ended before ${pattern}; received: ${this.received.slice(-500)}`)
    const taken = this.received.slice(0, found.index + found[0].length)
    this.received = this.received.slice(taken.length)
    return taken
  }

  run(command: string): Promise<string> {
    return this.send(`${command}\r\n`).until(
      new RegExp(`^${command.split(' ')[0]} (?:OK|NO|BAD) [^\\r]*\\r\\n`, 'm'),
    )
  }

  /** Waits for the other side's end, and answers what was left. */
  async end(): Promise<string> {
    await this.#wait(() => this.#isOver(), 'the end')
    return this.received
  }

  /** Writes until the other side's system says that nobody is there. */
  async gone(): Promise<void> {
    const timer = setInterval(() => this.send('a NOOP\r\n'), 10)
    await this.#wait(() => this.socket.closed, 'reset')
    clearInterval(timer)
  }

  close(): void {
    this.socket.destroy()
  }

  #isOver(): boolean {
    return this.hasEnded || this.socket.closed
  }

  #watch(socket: Socket): void {
    socket.on('data', (chunk: Buffer) => {
      this.received += chunk.toString('latin1')
      this.#wake()
    })
    socket.on('end', () => {
      this.hasEnded = true
      this.#wake()
    })
    socket.on('error', (error) => (this.error = error))
    socket.on('close', () => this.#wake())
  }

  async #wait(isDone: () => boolean, what: string): Promise<void> {
    const deadline = performance.now() + patienceMs
    while (!isDone()) {
      if (performance.now() > deadline)
        throw new Error(`no ${what} in time; received: ${this.received.slice(-500)}`)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 200)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }
}
