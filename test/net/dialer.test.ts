import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'

import type { Upstream } from '../../src/config/config.ts'
import { Dialer } from '../../src/net/dialer.ts'
import { behindTls, FakeUpstream, say, saySilence } from '../support/fake-upstream.ts'
import { openIdentities, type Identities } from '../support/identities.ts'
import { findFreePorts } from '../support/ports.ts'
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts'

let folder: TempFolder
let identities: Identities
let upstream: FakeUpstream
const sockets: Socket[] = []
beforeAll(async () => {
  folder = await createTempFolder('dial')
  identities = await openIdentities(folder.join('ca'))
  upstream = await FakeUpstream.start()
})
afterEach(() => {
  vi.useRealTimers()
  for (const socket of sockets.splice(0)) socket.destroy()
})
afterAll(async () => {
  await upstream.close()
  await folder.remove()
})

function dialerTo(changes: Partial<Upstream>): Dialer {
  return new Dialer({
    upstream: {
      protocol: 'imaps',
      host: '127.0.0.1',
      port: upstream.port,
      ca: undefined,
      name: undefined,
      isInsecure: false,
      ...changes,
    },
    ca: readFileSync(identities.caFile),
    onKeyLog: undefined,
  })
}

interface Dialled {
  readonly socket: Socket
  text: string
}

function dial(dialer: Dialer): Dialled {
  const dialled = {
    socket: dialer.dial((octets) => (dialled.text += Buffer.from(octets).toString())),
    text: '',
  }
  dialled.socket.on('error', () => undefined)
  sockets.push(dialled.socket)
  return dialled
}

/** How a dial ends: secured, or the code of its error. */
async function outcomeOf({ socket }: Dialled): Promise<string> {
  return new Promise((resolve) => {
    socket.once('secureConnect', () => resolve('secured'))
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  })
}

describe('a dialer', () => {
  it('reaches a server in the clear, and leaves reading to the caller', async () => {
    upstream.conduct = say('* OK ready\r\n')
    const { socket } = dial(dialerTo({ protocol: 'imap' }))
    await once(socket, 'connect')
    expect(socket).not.toBeInstanceOf(TLSSocket)
    expect(String((await once(socket, 'data'))[0])).toBe('* OK ready\r\n')
  })

  it('reaches a server whose certificate is good for the name that was asked for', async () => {
    upstream.conduct = behindTls(identities.issue('127.0.0.1'), say('* OK ready\r\n'))
    const dialled = dial(dialerTo({}))
    expect(await outcomeOf(dialled)).toBe('secured')
    await expect.poll(() => dialled.text).toBe('* OK ready\r\n')
  })

  it.each([
    ['expired', {}, () => identities.issue('127.0.0.1', -9, -1), 'CERT_HAS_EXPIRED'],
    ['not yet valid', {}, () => identities.issue('127.0.0.1', 1, 9), 'CERT_NOT_YET_VALID'],
    ['for another name', {}, () => identities.issue('mail.example'), 'ERR_TLS_CERT_ALTNAME_INVALID'],
    [
      'for the host, where another name was asked for',
      { name: 'mail.example' },
      () => identities.issue('127.0.0.1'),
      'ERR_TLS_CERT_ALTNAME_INVALID',
    ],
  ] as const)(
    'refuses a certificate that is %s, and accepts it where the operator said so',
    async (_what, changes, identity, code) => {
      upstream.conduct = behindTls(identity(), say('* OK ready\r\n'))
      expect(await outcomeOf(dial(dialerTo(changes)))).toBe(code)
      expect(await outcomeOf(dial(dialerTo({ ...changes, isInsecure: true })))).toBe('secured')
    },
  )

  it('verifies the name that it was given in place of the host', async () => {
    upstream.conduct = behindTls(identities.issue('mail.example'), saySilence)
    const dialer = dialerTo({ name: 'mail.example' })
    expect(dialer.verifiedName).toBe('mail.example')
    expect(await outcomeOf(dial(dialer))).toBe('secured')
  })

  it('refuses a server that knows only TLS 1.1', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
    upstream.conduct = behindTls({ ...identities.issue('127.0.0.1'), ...old }, saySilence)
    expect(await outcomeOf(dial(dialerTo({})))).toMatch(/PROTOCOL/)
  })

  it('resumes sessions, and verifies the first of each', async () => {
    upstream.conduct = behindTls(identities.issue('127.0.0.1'), say('* OK ready\r\n'))
    const dialer = dialerTo({})
    const isReused = async (): Promise<boolean> => {
      const dialled = dial(dialer)
      await outcomeOf(dialled)
      // Tickets come behind the handshake.
      await expect.poll(() => dialled.text).toBe('* OK ready\r\n')
      return dialled.socket instanceof TLSSocket && dialled.socket.isSessionReused()
    }
    expect([await isReused(), await isReused()]).toEqual([false, true])
  })

  // TLS 1.2 brings the ticket within the handshake, and a session that is resumed is not verified again.
  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'keeps no ticket of a server that it refused (%s)',
    async (maxVersion) => {
      const dialer = dialerTo({})
      const identity = { ...identities.issue('mail.example'), maxVersion }
      upstream.conduct = behindTls(identity, say('* OK ready\r\n'))
      for (let round = 0; round < 3; round++) {
        expect(await outcomeOf(dial(dialer))).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
      }
    },
  )

  it('gives up after ten seconds on a server that accepts and says nothing', async () => {
    upstream.conduct = saySilence
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const dialled = dial(dialerTo({}))
    await once(dialled.socket, 'connect')
    const outcome = outcomeOf(dialled)
    vi.advanceTimersByTime(9_999)
    expect(dialled.socket.destroyed).toBe(false)
    vi.advanceTimersByTime(1)
    expect(await outcome).toBe('ETIMEDOUT')
  })

  it.each(['imap', 'imaps'] as const)(
    'finds the address of a name that answers, among those that do not (%s)',
    async (protocol) => {
      // Localhost is ::1 as well, where nobody listens.
      upstream.conduct =
        protocol === 'imap' ? say('* OK ready\r\n') : behindTls(identities.issue('localhost'), saySilence)
      const begun = performance.now()
      const { socket } = dial(dialerTo({ protocol, host: 'localhost' }))
      await once(socket, protocol === 'imap' ? 'connect' : 'secureConnect')
      expect(performance.now() - begun).toBeLessThan(1_000)
    },
  )

  it('tells the code of the system where nobody listens', async () => {
    const [port = 0] = await findFreePorts(1)
    expect(await outcomeOf(dial(dialerTo({ port })))).toBe('ECONNREFUSED')
    expect(await outcomeOf(dial(dialerTo({ port, protocol: 'imap', host: 'localhost' })))).toBe(
      'ECONNREFUSED',
    )
  })
})
