import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'

import { Listener, type Accepted } from '../../src/net/listener.ts'
import { listNetworks } from '../../src/net/networks.ts'

const sockets: Socket[] = []
const listeners: Listener[] = []
afterEach(() => {
  vi.useRealTimers()
  for (const socket of sockets.splice(0)) socket.destroy()
  for (const listener of listeners.splice(0)) listener.stop()
})

interface Heard {
  readonly port: number
  readonly listener: Listener
  readonly accepted: Accepted[]
  readonly faults: string[]
}

async function listen(from: readonly string[] = ['127.0.0.0/8']): Promise<Heard> {
  const accepted: Accepted[] = []
  const faults: string[] = []
  const listener = new Listener({
    host: '127.0.0.1',
    port: 0,
    onClient: (client) => {
      accepted.push(client)
      sockets.push(client.socket)
      client.socket.on('error', () => undefined)
    },
    onError: (error) => void Promise.reject(error),
    proxyProtocol: {
      from: listNetworks(from),
      onFault: (peer, reason) => faults.push(`${peer.host}: ${reason}`),
    },
  })
  listeners.push(listener)
  return { port: await listener.start(), listener, accepted, faults }
}

async function dial(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
  sockets.push(socket)
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

/** The other side has closed, or reset. */
async function ended(client: Socket): Promise<void> {
  client.resume().once('end', () => client.destroy())
  if (!client.destroyed) await once(client, 'close')
}

const header = 'PROXY TCP4 192.0.2.1 127.0.0.1 55555 1143\r\n'

describe('behind a load balancer', () => {
  it('a client has the address of its header, and what it sent behind it is still to be read', async () => {
    const { port, accepted } = await listen()
    const client = await dial(port)
    client.write(`${header}a NOOP\r\n`)
    await expect.poll(() => accepted.length).toBe(1)
    expect(accepted[0]?.address).toEqual({ host: '192.0.2.1', port: 55_555 })
    expect(accepted[0]?.socket.readableFlowing).toBeNull()
    const [octets] = accepted[0] ? await once(accepted[0].socket, 'data') : []
    expect(String(octets)).toBe('a NOOP\r\n')
    client.write('b NOOP\r\n')
    const [more] = accepted[0] ? await once(accepted[0].socket, 'data') : []
    expect(String(more)).toBe('b NOOP\r\n')
  })

  it('a header may come octet by octet', async () => {
    const { port, accepted } = await listen()
    const client = await dial(port)
    let heard = ''
    for (const octet of `${header}x`) {
      client.write(octet)
      await new Promise((resolve) => setImmediate(resolve))
    }
    await expect.poll(() => accepted.length).toBe(1)
    accepted[0]?.socket.on('data', (octets: Buffer) => (heard += octets.toString('latin1')))
    client.write('yz')
    await expect.poll(() => heard).toBe('xyz')
  })

  it('a client in the IPv6 form of IPv4 is one of IPv4', async () => {
    const { port, accepted } = await listen()
    const client = await dial(port)
    client.write('PROXY TCP6 ::ffff:192.0.2.1 ::1 55555 1143\r\n')
    await expect.poll(() => accepted.length).toBe(1)
    expect(accepted[0]?.address.host).toBe('192.0.2.1')
  })

  it('a health check keeps the address of the balancer', async () => {
    const { port, accepted } = await listen()
    const client = await dial(port)
    client.write(Buffer.from('0d0a0d0a000d0a515549540a20000000', 'hex'))
    await expect.poll(() => accepted.length).toBe(1)
    expect(accepted[0]?.address).toEqual({ host: '127.0.0.1', port: client.localPort })
  })

  it.each([
    ['a NOOP\r\n', '127.0.0.1: it did not begin with a PROXY header'],
    ['PROXY TCP4 nonsense\r\n', '127.0.0.1: its PROXY line cannot be read'],
  ])('a connection without a sound header is cut: %j', async (text, fault) => {
    const { port, accepted, faults } = await listen()
    const client = await dial(port)
    client.write(text)
    await ended(client)
    expect(faults).toEqual([fault])
    expect(accepted).toEqual([])
  })

  it('one that ends within its header is cut, and one that says nothing is no fault', async () => {
    const { port, accepted, faults } = await listen()
    const silent = await dial(port)
    silent.end()
    await ended(silent)
    const half = await dial(port)
    half.end('PROXY TCP4 192')
    await ended(half)
    expect(faults).toEqual(['127.0.0.1: it closed within its PROXY header'])
    expect(accepted).toEqual([])
  })

  it('one whose header does not come in time is cut', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { port, faults } = await listen()
    const client = await dial(port)
    client.write('PROXY ')
    for (let n = 0; n < 50; n++) await new Promise((resolve) => setImmediate(resolve))
    expect(faults).toEqual([])
    vi.advanceTimersByTime(10_000)
    await ended(client)
    expect(faults).toEqual(['127.0.0.1: it sent no whole PROXY header in time'])
  })

  it('one that resets is forgotten', async () => {
    const { port, accepted, faults } = await listen()
    const client = await dial(port)
    client.write('PROXY ')
    await sleep(20)
    client.resetAndDestroy()
    await expect.poll(() => faults.length).toBe(1)
    expect(accepted).toEqual([])
  })

  it('who is not listed needs no header, and what it sends is its own', async () => {
    const { port, accepted } = await listen(['192.0.2.0/24', '::1'])
    const client = await dial(port)
    client.write(header)
    await expect.poll(() => accepted.length).toBe(1)
    expect(accepted[0]?.address).toEqual({ host: '127.0.0.1', port: client.localPort })
    const [octets] = accepted[0] ? await once(accepted[0].socket, 'data') : []
    expect(String(octets)).toBe(header)
  })

  it('those whose header is awaited are closed with the listener', async () => {
    const { port, listener, accepted, faults } = await listen()
    const client = await dial(port)
    client.write('PROXY ')
    await sleep(20)
    listener.stop()
    await ended(client)
    expect([accepted, faults]).toEqual([[], []])
  })
})
