/** Connects to upstream, cleartext or TLS, and verifies whom it reached; knows nothing of IMAP. */

import { constants } from 'node:crypto'
import net, { type Socket } from 'node:net'
import tls, { type ConnectionOptions, type TLSSocket } from 'node:tls'

import type { Upstream } from '../config/config.ts'

/** Octets that a socket takes in before it asks the other side to wait: the measured best of 16 KiB to 1 MiB. */
export const highWaterMark = 256 * 1024
/** Milliseconds until an unanswered dial is given up. */
const DIAL_TIMEOUT = 10_000
/** Milliseconds of silence after which the kernel probes whether a peer is still there. */
export const KEEPALIVE_DELAY = 60_000
/** Sessions kept for resumption; a server may use each ticket once. */
const TICKETS = 16

export interface DialerOptions {
  readonly upstream: Upstream
  /** PEM authorities trusted instead of the system's. */
  readonly ca: Buffer | undefined
  readonly onKeyLog: ((line: Buffer) => void) | undefined
}

export class Dialer {
  readonly #options: DialerOptions
  readonly #contexts: Contexts
  /** Upstream was last seen to agree on X25519 without a post-quantum part. */
  #isClassical = false
  readonly #tickets: Buffer[] = []

  constructor(options: DialerOptions) {
    this.#options = options
    this.#contexts = makeContexts({
      minVersion: 'TLSv1.2',
      // Or a server of TLS 1.2 could show another certificate in the middle of the session, which nobody would look at.
      secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
      ...(options.ca && { ca: options.ca }),
    })
  }

  /** The name that the certificate must carry. */
  get verifiedName(): string {
    const { name, host } = this.#options.upstream
    return name ?? host
  }

  /**
   * A socket that is being connected. For `imaps` it is TLS from the first octet: `secureConnect` tells when it
   * stands, `onData` gets its octets in memory that is used again. Else `connect` tells, and the caller reads.
   */
  dial(onData: (octets: Uint8Array) => void): Socket | TLSSocket {
    const { host, port, protocol } = this.#options.upstream
    const socket = protocol === 'imaps' ? this.#connectTls(onData) : connect({ host, port, ...socketOptions })
    socket.setKeepAlive(true, KEEPALIVE_DELAY)
    const timer = setTimeout(() => socket.destroy(new DialTimeout(DIAL_TIMEOUT)), DIAL_TIMEOUT)
    const stop = (): void => clearTimeout(timer)
    socket.once(protocol === 'imaps' ? 'secureConnect' : 'connect', stop).once('close', stop)
    return socket
  }

  /** Begins TLS on a connected socket; `secureConnect` or `error` tells how it ended. */
  secure(socket: Socket): TLSSocket {
    return this.#prepare(tls.connect({ ...this.#tlsOptions(), socket }))
  }

  #connectTls(onData: (octets: Uint8Array) => void): TLSSocket {
    const { host, port } = this.#options.upstream
    const onread = {
      buffer: received,
      callback: (octets: number) => {
        onData(received.subarray(0, octets))
        return true
      },
    }
    // The socket takes `highWaterMark`, though the types leave it out.
    const options: ConnectionOptions & net.NetConnectOpts & typeof socketOptions = {
      ...this.#tlsOptions(),
      ...socketOptions,
      host,
      port,
      onread,
    }
    return this.#prepare(tls.connect(options))
  }

  #prepare(secured: TLSSocket): TLSSocket {
    this.#collectTickets(secured)
    if (this.#options.onKeyLog) secured.on('keylog', this.#options.onKeyLog)
    return secured
  }

  #tlsOptions(): ConnectionOptions {
    const session = this.#tickets.length > 1 ? this.#tickets.pop() : this.#tickets[0]
    return {
      secureContext: this.#isClassical ? this.#contexts.classical : this.#contexts.hybrid,
      rejectUnauthorized: !this.#options.upstream.isInsecure,
      ...this.#naming(),
      ...(session && { session }),
    }
  }

  /** SNI takes names only; the certificate is checked against the name or address that was asked for. */
  #naming(): ConnectionOptions {
    const name = this.verifiedName
    return {
      ...(net.isIP(name) === 0 && { servername: name }),
      checkServerIdentity: (_host, certificate) => tls.checkServerIdentity(name, certificate),
    }
  }

  /** A resumed session skips the check of the name: only tickets of verified handshakes may be used again. */
  #collectTickets(secured: TLSSocket): void {
    let isVerified = false
    let early: Buffer | undefined
    secured.on('session', (ticket) => {
      if (isVerified) this.#keep(ticket)
      else early = ticket
    })
    secured.once('secureConnect', () => {
      isVerified = true
      this.#isClassical = isX25519(secured)
      if (early) this.#keep(early)
    })
  }

  #keep(ticket: Buffer): void {
    this.#tickets.push(ticket)
    if (this.#tickets.length > TICKETS) this.#tickets.shift()
  }
}

/** `highWaterMark` reaches the socket, though the types of `net.connect` leave it out. */
function connect(options: net.TcpNetConnectOpts & { readonly highWaterMark: number }): Socket {
  return net.connect(options)
}

/** One for all sessions: a fresh one for each costs a fifth of a connection's set-up. */
interface Contexts {
  /** OpenSSL's own choice: since 3.5 a hybrid post-quantum key share is sent beside the classical one. */
  readonly hybrid: tls.SecureContext
  /** Offers the same groups and sends the share of X25519 only; a server that has learnt the hybrid asks for it. */
  readonly classical: tls.SecureContext
}

/** A hybrid key share that upstream has no use for is a quarter of the CPU time of a resumed handshake. */
function makeContexts(options: tls.SecureContextOptions): Contexts {
  const hybrid = tls.createSecureContext(options)
  try {
    return { hybrid, classical: tls.createSecureContext({ ...options, ecdhCurve: classicalFirst }) }
  } catch {
    // An OpenSSL before 3.5, which knows no hybrid: its own choice is classical.
    return { hybrid, classical: hybrid }
  }
}

/** The star marks the one key share that is sent (OpenSSL 3.5, SSL_CTX_set1_groups_list). */
const classicalFirst = '*X25519:X25519MLKEM768:P-256:P-384:P-521'

function isX25519(secured: TLSSocket): boolean {
  const key = secured.getEphemeralKeyInfo()
  return key !== null && 'name' in key && key.name === 'X25519'
}

const socketOptions = { allowHalfOpen: true, noDelay: true, highWaterMark } as const

/**
 * All upstream sockets read into this: what comes is relayed or copied before the next comes. A buffer for each
 * chunk would be memory that only a major collection frees.
 */
const received = Buffer.allocUnsafeSlow(64 * 1024)

export class DialTimeout extends Error {
  readonly code = 'ETIMEDOUT'

  constructor(milliseconds: number) {
    super(`no answer within ${milliseconds / 1000} s`)
  }
}
