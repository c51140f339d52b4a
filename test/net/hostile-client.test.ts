import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { startLiveProxy, type LiveProxy } from '../support/live-proxy.ts'
import { listen, portOf } from './handshake.ts'

let upstream: Server
let live: LiveProxy
const dialled: Socket[] = []
const clients: Socket[] = []

beforeEach(async () => {
  upstream = createServer((socket) => {
    dialled.push(socket)
    socket.on('error', () => undefined)
    socket.on('data', () => undefined)
    socket.write('* OK hi\r\n')
  })
  await listen(upstream)
  live = await startLiveProxy({ upstream: `imap://127.0.0.1:${portOf(upstream)}` })
})

afterEach(async () => {
  for (const socket of [...clients.splice(0), ...dialled.splice(0)]) socket.destroy()
  await live.stop()
  upstream.close()
})

/** Waits until a number has stopped growing. */
async function settle(read: () => number): Promise<void> {
  for (let before = -1; before !== read();) {
    before = read()
    await sleep(400)
  }
}

function dial(port: number): Socket {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('error', () => undefined)
  clients.push(socket)
  return socket
}

describe('a session that was killed during the handshake of its client', () => {
  it('dials nobody when the client finishes it all the same', async () => {
    const raw = dial(live.imaps)
    await once(raw, 'connect')
    const { session } = await live.next('opened')
    live.proxy.kill(session)
    await live.next('closed')
    const late = connectTls({ socket: raw, rejectUnauthorized: false })
    late.on('error', () => undefined)
    await sleep(300)
    expect(dialled).toEqual([])
    expect(live.of('secured')).toEqual([])
  })
})

describe('a client that asks and never reads', () => {
  it('is not read any more once its answers pile up, and another is served meanwhile', async () => {
    const greedy = dial(live.imap)
    await once(greedy, 'data')
    greedy.pause()
    greedy.write('a COMPRESS X\r\n'.repeat(400_000))
    await settle(() => live.of('exchange-completed').length)
    // Half a megabyte of answers wait with us and some in the kernel; the rest of the questions is not read.
    expect(live.of('exchange-completed').length).toBeLessThan(300_000)
    const honest = dial(live.imap)
    const [greeting]: Buffer[] = await once(honest, 'data')
    expect(String(greeting)).toBe('* OK hi\r\n')
  })
})
