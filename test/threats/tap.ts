/** A recorder between the gateway and the server: keeps what the server receives, and passes everything on as it is. */

import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** One connection of the gateway. */
export interface Tapped {
  /** What the server got, one character for an octet. */
  readonly received: string
  /** The gateway's leg is closed. */
  readonly ended: Promise<void>
}

export interface Tap {
  readonly port: number
  /** The newest connection. */
  last(): Tapped
  stop(): Promise<void>
}

export async function startTap(upstream: number): Promise<Tap> {
  const tapped: Tapped[] = []
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (from) => {
    const to = connect({ port: upstream, host: '127.0.0.1', noDelay: true })
    for (const socket of [from, to]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => void sockets.delete(socket))
    }
    tapped.push(record(from, to))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    // A TCP server has an address of this shape.
    port: (server.address() as AddressInfo).port,
    last() {
      const last = tapped.at(-1)
      if (!last) throw new Error('the gateway has not connected')
      return last
    },
    async stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function record(from: Socket, to: Socket): Tapped {
  let received = ''
  const ended = new Promise<void>((resolve) => void from.on('close', () => resolve()))
  from.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1')
    to.write(chunk)
  })
  from.on('close', () => to.destroy())
  to.on('data', (chunk: Buffer) => void from.write(chunk))
  to.on('close', () => from.destroy())
  return {
    get received() {
      return received
    },
    ended,
  }
}
