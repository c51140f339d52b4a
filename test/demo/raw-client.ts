/** A client for dialogues with the demo server: sends octets as told, waits for a line; it knows no IMAP. */

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export class RawClient {
  readonly socket: Socket
  received = ''
  #wake: (() => void) | undefined

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (chunk: Buffer) => {
      this.received += chunk.toString('latin1')
      this.#wake?.()
    })
    socket.on('close', () => this.#wake?.())
  }

  static async open(port: number): Promise<RawClient> {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.setNoDelay(true)
    const client = new RawClient(socket)
    await client.until(/^\* OK .*\r\n/m)
    return client
  }

  send(text: string): void {
    this.socket.write(Buffer.from(text, 'utf8'))
  }

  /** One write for each octet, so that the server meets every cut. */
  async sendSlowly(text: string): Promise<void> {
    for (const octet of Buffer.from(text, 'utf8')) {
      await new Promise<void>((resolve) => this.socket.write(Buffer.of(octet), () => resolve()))
    }
  }

  /** What was received up to and with the match; it is taken away. */
  async until(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.received)
      if (found) {
        const taken = this.received.slice(0, found.index + found[0].length)
        this.received = this.received.slice(taken.length)
        return taken
      }
      if (this.socket.closed) throw new Error(`closed while waiting for ${pattern}; left: ${this.received}`)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** Runs one command and returns everything up to its completion. */
  run(command: string): Promise<string> {
    const tag = command.split(' ')[0] ?? ''
    this.send(`${command}\r\n`)
    return this.until(new RegExp(String.raw`^${tag} (?:OK|NO|BAD) [^\r]*\r\n`, 'm'))
  }

  close(): void {
    this.socket.destroy()
  }
}
