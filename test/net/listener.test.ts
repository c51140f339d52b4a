import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, expect, it } from 'vitest'

import { Listener, type Accepted } from '../../src/net/listener.ts'

const sockets: Socket[] = []
const listeners: Listener[] = []
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
  for (const listener of listeners.splice(0)) listener.stop()
})

function listenerOn(host: string, port = 0): { listener: Listener; accepted: Socket[] } {
  const accepted: Socket[] = []
  const onClient = ({ socket }: Accepted): void => {
    accepted.push(socket)
    sockets.push(socket)
    socket.on('error', () => undefined)
  }
  const listener = new Listener({ host, port, onClient, onError: (error) => void Promise.reject(error) })
  listeners.push(listener)
  return { listener, accepted }
}

async function dial(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  sockets.push(socket)
  await once(socket, 'connect')
  return socket
}

it('says which port the system chose, and hands clients over unread', async () => {
  const { listener, accepted } = listenerOn('127.0.0.1')
  const port = await listener.start()
  expect(port).toBeGreaterThan(0)
  const client = await dial(port)
  client.write('early')
  await expect.poll(() => accepted.length).toBe(1)
  expect(accepted[0]?.readableFlowing).toBeNull()
  const [octets] = accepted[0] ? await once(accepted[0], 'data') : []
  expect(String(octets)).toBe('early')
})

it('keeps its side open when the client has ended its own', async () => {
  const { listener, accepted } = listenerOn('127.0.0.1')
  const client = await dial(await listener.start())
  client.end('bye')
  await expect.poll(() => accepted.length).toBe(1)
  accepted[0]?.resume()
  if (accepted[0]) await once(accepted[0], 'end')
  accepted[0]?.end('still here')
  const [octets] = await once(client, 'data')
  expect(String(octets)).toBe('still here')
})

it('rejects with the error of the system where a port is taken', async () => {
  const { listener } = listenerOn('127.0.0.1')
  const port = await listener.start()
  const second = listenerOn('127.0.0.1', port)
  await expect(second.listener.start()).rejects.toMatchObject({ code: 'EADDRINUSE', port })
})

it('accepts nobody once it was stopped, and the sessions go on', async () => {
  const { listener, accepted } = listenerOn('127.0.0.1')
  const port = await listener.start()
  const client = await dial(port)
  await expect.poll(() => accepted.length).toBe(1)
  listener.stop()
  await expect(dial(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  accepted[0]?.write('on')
  expect(String((await once(client, 'data'))[0])).toBe('on')
})
