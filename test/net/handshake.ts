/** Real TLS handshakes on loopback: a server with imaptap's options, and clients that say how it went for them. */

import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { connect, TLSSocket, type ConnectionOptions, type PeerCertificate } from 'node:tls'
import { serverTlsOptions, type CertificateSource } from '../../src/net/certificate-source.ts'
import { closedInHandshake } from '../../src/net/tls-failure.ts'

export interface Accepted {
  readonly socket: TLSSocket
  readonly outcome: Promise<'secured' | NodeJS.ErrnoException>
}

export interface LoopbackServer {
  readonly port: number
  /** The next connection, as the server sees it; ask before the client dials. */
  next(): Promise<Accepted>
  close(): Promise<void>
}

/** Greets whoever finishes the handshake, as an IMAP server does. */
export async function serveTls(source: CertificateSource): Promise<LoopbackServer> {
  return serve((raw) => new TLSSocket(raw, serverTlsOptions(source, raw.localAddress ?? '')))
}

async function serve(secure: (raw: Socket) => TLSSocket): Promise<LoopbackServer> {
  const sockets = new Set<Socket>()
  const waiting: ((accepted: Accepted) => void)[] = []
  const server = createServer((raw) => {
    sockets.add(raw)
    raw.on('error', () => {})
    const socket = secure(raw)
    socket.on('secure', () => socket.write('* OK ready\r\n'))
    socket.resume()
    waiting.shift()?.({ socket, outcome: watch(socket) })
  })
  await listen(server)
  return {
    port: portOf(server),
    next: () => new Promise((resolve) => waiting.push(resolve)),
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** How a handshake ends for the server: an alert may arrive after its own part is done (TLS 1.3). */
function watch(socket: TLSSocket): Promise<'secured' | NodeJS.ErrnoException> {
  return new Promise((resolve) => {
    let isSecured = false
    socket.once('secure', () => (isSecured = true))
    socket.on('error', resolve)
    socket.once('close', () => resolve(isSecured ? 'secured' : closedInHandshake()))
  })
}

export interface Reached {
  readonly certificate: PeerCertificate
  readonly authorized: boolean
  readonly greeting: string
  readonly cipher: string
  readonly session: Buffer | undefined
  readonly isResumed: boolean
}

/** Connects, reads the greeting and leaves; rejects with the client's own error. */
export function reach(options: ConnectionOptions): Promise<Reached> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', ...options })
    let session: Buffer | undefined
    let reached: Reached | undefined
    socket.on('session', (ticket) => (session = ticket))
    socket.once('error', reject)
    socket.once('data', (greeting) => {
      reached = { ...describe(socket), session, greeting: greeting.toString() }
      // TLS 1.3 tickets follow the handshake in records of their own.
      setTimeout(() => socket.end(), 20)
    })
    socket.once('close', () => {
      if (reached === undefined) return reject(new Error('closed without a greeting'))
      resolve({ ...reached, session })
    })
  })
}

function describe(socket: TLSSocket): Omit<Reached, 'greeting' | 'session'> {
  return {
    certificate: socket.getPeerCertificate(),
    authorized: socket.authorized,
    cipher: socket.getCipher().standardName,
    isResumed: socket.isSessionReused(),
  }
}

export async function listen(server: Server): Promise<void> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
}

export function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on TCP')
  return address.port
}
