/** Listens in on what a proxy and its upstream say to each other: every octet of every connection; knows no IMAP. */

import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

export interface Tapped {
  readonly toServer: Buffer[]
  readonly toClient: Buffer[]
}

export interface Tap {
  readonly port: number
  /** In the order in which they were opened. */
  readonly connections: readonly Tapped[]
  stop(): Promise<void>
}

export async function startTap(upstreamPort: number): Promise<Tap> {
  const connections: Tapped[] = []
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const tapped: Tapped = { toServer: [], toClient: [] }
    const upstream = connect({ port: upstreamPort, host: '127.0.0.1' })
    connections.push(tapped)
    pass(client, upstream, tapped.toServer)
    pass(upstream, client, tapped.toClient)
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true)
      sockets.add(socket)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server without a port')
  return {
    port: address.port,
    connections,
    async stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function pass(from: Socket, to: Socket, kept: Buffer[]): void {
  from.on('data', (octets: Buffer) => {
    kept.push(octets)
    to.write(octets)
  })
  from.on('end', () => to.end())
  from.on('close', () => to.destroySoon())
  from.on('error', () => to.destroy())
}
