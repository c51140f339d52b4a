/** Takes the PROXY header off a socket before anybody reads it, in whatever splits it comes, and within a time. */

import type { Socket } from 'node:net'

import type { Address } from '../relay/event.ts'
import { readProxyHeader, type ProxyHeader } from './proxy-protocol.ts'

/** Milliseconds for the header: a balancer sends it with its first octets. */
const HEADER_TIME = 10_000

export interface HeaderListener {
  /** The socket is as unread as before, and what comes from it now is the client's. */
  onHeader(source: Address | undefined): void
  /** The socket is closed. */
  onFault(reason: string): void
  /** It went without a word, as balancers do to see whether somebody listens. */
  onSilence(): void
}

export function awaitProxyHeader(socket: Socket, listener: HeaderListener): void {
  new ProxiedSocket(socket, listener).begin()
}

class ProxiedSocket {
  readonly #socket: Socket
  readonly #listener: HeaderListener
  readonly #timer: NodeJS.Timeout
  #octets = Buffer.alloc(0)

  constructor(socket: Socket, listener: HeaderListener) {
    this.#socket = socket
    this.#listener = listener
    this.#timer = setTimeout(() => this.#fail('it sent no whole PROXY header in time'), HEADER_TIME)
  }

  begin(): void {
    this.#socket.on('readable', this.#read).on('error', this.#onGone).on('end', this.#onGone)
    this.#socket.on('close', this.#onGone)
  }

  readonly #read = (): void => {
    const chunk: unknown = this.#socket.read()
    if (!(chunk instanceof Buffer)) return
    this.#octets = Buffer.concat([this.#octets, chunk])
    const header = readProxyHeader(this.#octets)
    if (header.kind === 'fault') this.#fail(header.reason)
    if (header.kind === 'header') this.#handOver(header)
  }

  /** Listeners go first: a socket that nobody listens to keeps what it has until somebody does. */
  #handOver({ length, source }: ProxyHeader & { readonly kind: 'header' }): void {
    this.#release()
    const rest = this.#octets.subarray(length)
    if (rest.length > 0) this.#socket.unshift(rest)
    this.#socket.on('error', ignore)
    // The socket leaves its mode of reading behind this call.
    process.nextTick(() => {
      this.#socket.off('error', ignore)
      if (this.#socket.destroyed) this.#listener.onSilence()
      else this.#listener.onHeader(source)
    })
  }

  readonly #onGone = (): void => {
    if (this.#octets.length > 0) return this.#fail('it closed within its PROXY header')
    this.#release()
    this.#destroy()
    this.#listener.onSilence()
  }

  #fail(reason: string): void {
    this.#release()
    this.#destroy()
    this.#listener.onFault(reason)
  }

  #destroy(): void {
    this.#socket.on('error', ignore).destroy()
  }

  #release(): void {
    clearTimeout(this.#timer)
    this.#socket.off('readable', this.#read).off('error', this.#onGone).off('end', this.#onGone)
    this.#socket.off('close', this.#onGone)
  }
}

/** A socket that fails while nobody listens would end the process. */
const ignore = (): void => undefined
