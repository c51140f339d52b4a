/** Free loopback ports, and waiting until somebody listens on one. */

import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** Ports that were free a moment ago: another process can still take one, so whoever binds it must retry. */
export async function findFreePorts(count: number, host = '127.0.0.1'): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listenAnywhere(host)))
  await Promise.all(servers.map((server) => server.close()))
  return servers.map((server) => server.port)
}

/** Polls until a connection succeeds; `isAlive` ends the wait early when the listener's process is gone. */
export async function waitForPort(
  port: number,
  host: string,
  isAlive: () => boolean,
  patienceMs = 10_000,
): Promise<boolean> {
  const deadline = performance.now() + patienceMs
  while (performance.now() < deadline && isAlive()) {
    if (await canConnect(port, host)) return true
    await sleep(20)
  }
  return false
}

async function listenAnywhere(host: string): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer()
  server.listen(0, host)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server without a port')
  const close = async () => {
    server.close()
    await once(server, 'close')
  }
  return { port: address.port, close }
}

async function canConnect(port: number, host: string): Promise<boolean> {
  const socket = connect(port, host)
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
