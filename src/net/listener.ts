/** Accepts clients on one address and makes a connection of each; knows nothing of what they say. */

import net, { type Server, type Socket } from 'node:net'

import { highWaterMark, KEEPALIVE_DELAY } from './dialer.ts'

export interface ListenerOptions {
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  readonly onSocket: (socket: Socket) => void
  /** The listener failed after it had begun; sessions go on. */
  readonly onError: (error: Error) => void
}

export class Listener {
  readonly #server: Server
  readonly #options: ListenerOptions

  constructor(options: ListenerOptions) {
    this.#options = options
    this.#server = net.createServer({
      allowHalfOpen: true,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEPALIVE_DELAY,
      highWaterMark,
    })
    this.#server.on('connection', (socket) => options.onSocket(socket))
  }

  /** Resolves with the port that is listened on; rejects with the system's error. */
  start(): Promise<number> {
    const { host, port } = this.#options
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen({ host, port, backlog: 1024 }, () => {
        this.#server.removeListener('error', reject)
        this.#server.on('error', this.#options.onError)
        resolve(this.#port)
      })
    })
  }

  /** Accepts nobody more; open sessions go on. */
  stop(): void {
    this.#server.close()
  }

  get #port(): number {
    const address = this.#server.address()
    return typeof address === 'object' && address ? address.port : this.#options.port
  }
}
