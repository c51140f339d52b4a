/** Accepts clients on one address and makes a connection of each; knows nothing of what they say. */

import net, { type Server, type Socket } from 'node:net'

import type { Address } from '../relay/event.ts'
import { highWaterMark, KEEPALIVE_DELAY } from './dialer.ts'
import { plainAddress, type Networks } from './networks.ts'
import { awaitProxyHeader } from './proxied-socket.ts'

/** A client that nobody has read from yet. */
export interface Accepted {
  readonly socket: Socket
  /** The client's own, also where a load balancer stands between. */
  readonly address: Address
}

export interface ProxyProtocolOptions {
  /** Whose connections begin with a PROXY header; from others none is taken. */
  readonly from: Networks
  /** The connection of one of them was cut: the header is missing, or cannot be read. */
  readonly onFault: (peer: Address, reason: string) => void
}

export interface ListenerOptions {
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  readonly onClient: (accepted: Accepted) => void
  /** The listener failed after it had begun; sessions go on. */
  readonly onError: (error: Error) => void
  readonly proxyProtocol?: ProxyProtocolOptions | undefined
}

export class Listener {
  readonly #server: Server
  readonly #options: ListenerOptions
  /** Sockets whose PROXY header is awaited. */
  readonly #unheard = new Set<Socket>()
  #isStopped = false

  constructor(options: ListenerOptions) {
    this.#options = options
    this.#server = net.createServer({
      allowHalfOpen: true,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEPALIVE_DELAY,
      highWaterMark,
    })
    this.#server.on('connection', (socket) => this.#accept(socket))
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
    this.#isStopped = true
    this.#server.close()
    for (const socket of this.#unheard) socket.destroy()
  }

  #accept(socket: Socket): void {
    const { onClient, proxyProtocol } = this.#options
    const peer = peerAddress(socket) ?? gone
    // Reset already, as health checks do: nobody can say whether it was a load balancer's.
    if (proxyProtocol && peer === gone) return void socket.on('error', () => undefined).destroy()
    if (!proxyProtocol?.from(peer.host)) return onClient({ socket, address: peer })
    this.#unheard.add(socket)
    awaitProxyHeader(socket, {
      onHeader: (source) => {
        this.#unheard.delete(socket)
        if (this.#isStopped) socket.destroy()
        else onClient({ socket, address: source ? plain(source) : peer })
      },
      onFault: (reason) => {
        this.#unheard.delete(socket)
        if (!this.#isStopped) proxyProtocol.onFault(peer, reason)
      },
      onSilence: () => void this.#unheard.delete(socket),
    })
  }

  get #port(): number {
    const address = this.#server.address()
    return typeof address === 'object' && address ? address.port : this.#options.port
  }
}

/** Of a client that had left before it was asked. */
const gone: Address = { host: '?', port: 0 }

function peerAddress({ remoteAddress, remotePort }: Socket): Address | undefined {
  return remoteAddress === undefined
    ? undefined
    : { host: plainAddress(remoteAddress), port: remotePort ?? 0 }
}

const plain = ({ host, port }: Address): Address => ({ host: plainAddress(host), port })
