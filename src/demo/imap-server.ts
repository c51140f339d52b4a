/** A small IMAP4rev1 server in memory, for the demo and for tests; it knows nothing of the proxy and shares no code with it. */

import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { TLSSocket, type TLSSocketOptions } from 'node:tls'
import { createAccounts } from './mailbox.ts'
import { NewMail } from './messages.ts'
import type { Account } from './server/mailbox.ts'
import { ServerSession, type SessionHost } from './server/session.ts'
import { Transport } from './transport.ts'

/** INBOX keeps its newest messages only: the demo may run for days. */
const INBOX_KEEPS = 200

export interface ImapServerOptions {
  readonly host?: string
  /** 0, the default, lets the system choose. */
  readonly port?: number
  /** `key` and `cert`, or a `secureContext`. Without it everything is cleartext. */
  readonly tls?: TLSSocketOptions
  /** Offer TLS by STARTTLS, and no login before it, instead of TLS from the first octet. */
  readonly startTls?: boolean
  /** How often a new message arrives in every INBOX; never when undefined. */
  readonly newMailEveryMs?: number
  /** How long a search through bodies takes. */
  readonly slowMs?: number
}

export interface RunningImapServer {
  readonly port: number
  stop(): Promise<void>
}

export async function startImapServer(options: ImapServerOptions = {}): Promise<RunningImapServer> {
  const accounts = createAccounts()
  const host = describeHost(options, accounts)
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    void serve(socket, options, host)
  })
  server.listen(options.port ?? 0, options.host ?? '127.0.0.1')
  await once(server, 'listening')
  const stopMail = deliverMail(accounts, options.newMailEveryMs)
  return {
    port: readPort(server.address()),
    stop: async () => {
      stopMail()
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

function describeHost({ tls, startTls, slowMs = 1500 }: ImapServerOptions, accounts: Account[]): SessionHost {
  return { accounts, slowMs, startTls: tls && startTls ? (socket) => wrap(socket, tls) : undefined }
}

async function serve(socket: Socket, { tls, startTls }: ImapServerOptions, host: SessionHost): Promise<void> {
  socket.setNoDelay(true)
  // A reset can reach the socket below TLS as well; the session ends by its own close.
  socket.on('error', () => socket.destroy())
  const outermost = tls && !startTls ? wrap(socket, tls) : socket
  const transport = new Transport(outermost)
  try {
    await new ServerSession(transport, host).run()
  } catch {
    // A handshake that failed: the peer is gone, the other sessions go on.
    socket.destroy()
  }
}

function wrap(socket: Socket, tls: TLSSocketOptions): TLSSocket {
  return new TLSSocket(socket, { ...tls, isServer: true })
}

function deliverMail(accounts: readonly Account[], everyMs: number | undefined): () => void {
  if (everyMs === undefined) return () => undefined
  const mail = new NewMail()
  const timer = setInterval(() => {
    for (const account of accounts) {
      const inbox = account.find('INBOX')
      const excess = inbox?.messages[inbox.messages.length - INBOX_KEEPS]
      inbox?.append(mail.next(account.user))
      if (excess) inbox?.remove((message) => message.uid <= excess.uid)
    }
  }, everyMs)
  timer.unref()
  return () => clearInterval(timer)
}

function readPort(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port')
  return address.port
}
