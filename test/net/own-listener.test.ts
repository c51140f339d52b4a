import { networkInterfaces } from 'node:os'
import { expect, it } from 'vitest'

import { OwnListenerError, refuseOwnListener } from '../../src/net/own-listener.ts'

const refuse = (upstream: string, ...listeners: string[]): Promise<void> =>
  refuseOwnListener(
    { host: upstream, port: 1143 },
    listeners.map((host) => ({ host, port: 1143 })),
  )

/** An address that others reach this machine by, where it has one. */
const address =
  Object.values(networkInterfaces())
    .flatMap((ones) => ones ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? '127.0.0.8'

it.each([
  ['127.0.0.1', '127.0.0.1'],
  ['localhost', '127.0.0.1'],
  ['127.0.0.1', 'localhost'],
  ['127.0.0.9', '0.0.0.0'],
  ['::1', '::'],
  [address, '0.0.0.0'],
  ['0.0.0.0', '127.0.0.1'],
])('an upstream at %s is the listener on %s', async (upstream, listener) => {
  await expect(refuse(upstream, '192.0.2.1', listener)).rejects.toThrow(OwnListenerError)
  await expect(refuse(upstream, listener)).rejects.toThrow(`${upstream}:1143 is a listener of imaptap itself`)
})

it.each([
  ['127.0.0.2', '127.0.0.1'],
  ['192.0.2.7', '0.0.0.0'],
  ['no-such-host.invalid', '0.0.0.0'],
])('an upstream at %s is not the listener on %s', async (upstream, listener) => {
  await expect(refuse(upstream, listener)).resolves.toBeUndefined()
})

it('another port is another server', async () => {
  const listeners = [{ host: '127.0.0.1', port: 1144 }]
  await expect(refuseOwnListener({ host: '127.0.0.1', port: 1143 }, listeners)).resolves.toBeUndefined()
})
