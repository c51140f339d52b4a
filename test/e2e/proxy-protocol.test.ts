/** Clients behind a real HAProxy: who they are said to be, over cleartext, STARTTLS and TLS, and what strangers may claim. */

import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { FakeUpstream } from '../support/fake-upstream.ts'
import { startHaProxy, type Balanced, type HaProxy } from '../support/haproxy.ts'
import { startLiveProxy, type LiveProxy } from '../support/live-proxy.ts'
import { Peer } from '../support/peer.ts'
import { requireTool } from '../support/tools.ts'

const haproxy = requireTool('haproxy', { package: 'haproxy' })

let upstream: FakeUpstream
let live: LiveProxy
let balancer: HaProxy | undefined
const peers: Peer[] = []

beforeAll(async () => {
  upstream = await FakeUpstream.start()
})
afterAll(() => upstream.close())
afterEach(async () => {
  for (const peer of peers.splice(0)) peer.close()
  await balancer?.stop()
  balancer = undefined
  await live.stop()
})

async function begin(from: readonly string[]): Promise<void> {
  live = await startLiveProxy({ upstream: `imap://127.0.0.1:${upstream.port}`, proxyProtocol: { from } })
}

async function balance(balanced: Balanced): Promise<number> {
  balancer = await startHaProxy([balanced])
  return balancer.ports[0] ?? 0
}

function keep(peer: Peer): Peer {
  peers.push(peer)
  return peer
}

/** The address under which the session of this client was opened. */
async function expectOwnAddress(peer: Peer, port: number | undefined): Promise<void> {
  expect(await peer.run('a NOOP')).toContain('a OK')
  expect(live.of('opened').map(({ address }) => address)).toContainEqual({ host: '127.0.0.1', port })
}

describe.skipIf(haproxy === undefined)('behind HAProxy', () => {
  it.each(['send-proxy', 'send-proxy-v2'] as const)('a client keeps its address with %s', async (header) => {
    await begin(['127.0.0.1'])
    const peer = keep(await Peer.open(await balance({ target: live.imap, header })))
    const { localPort } = peer.socket
    await expectOwnAddress(peer, localPort)
    expect(await peer.run('b STARTTLS')).toContain('b OK')
    const secured = await peer.secure({ ca: live.ca, servername: 'localhost' })
    expect(secured.authorized).toBe(true)
    expect(await peer.run('c NOOP')).toContain('c OK')
  })

  it.each(['send-proxy', 'send-proxy-v2'] as const)('TLS is behind the header of %s', async (header) => {
    await begin(['127.0.0.1'])
    const port = await balance({ target: live.imaps, header })
    const peer = keep(await Peer.openTls(port, { ca: live.ca, servername: 'mail.example.com' }))
    await expectOwnAddress(peer, peer.socket.localPort)
    const secured = await live.next('secured')
    expect(secured.tls.name, 'SNI chose the certificate').toBe('mail.example.com')
  })

  it.each(['send-proxy', 'send-proxy-v2'] as const)(
    'its own health checks are no fault with %s, and pass',
    async (header) => {
      await begin(['127.0.0.1'])
      const port = await balance({ target: live.imap, header, isChecked: true })
      for (let times = 0; times < 5; times++) {
        const peer = keep(await Peer.open(port))
        await peer.until(/^\* OK .*\r\n/)
        await expectOwnAddress(peer, peer.socket.localPort)
        // Time for two checks.
        await sleep(200)
      }
      expect(live.of('warning')).toEqual([])
    },
  )

  it('that sends no header is cut, and the log says who and why', async () => {
    await begin(['127.0.0.0/8'])
    const peer = keep(await Peer.open(await balance({ target: live.imap, header: '' })))
    expect(await peer.send('a NOOP\r\n').end()).toBe('')
    const warning = await live.next('warning')
    expect(warning.reason).toBe('the connection of 127.0.0.1 was cut: it did not begin with a PROXY header')
    expect(warning.advice).toContain('--proxy-protocol-from')
    expect((await live.next('closed')).session).toBe(warning.session)
  })

  it.each(['send-proxy', 'send-proxy-v2'] as const)(
    'that is not listed is cut: nobody may say who they are by %s (threat 60)',
    async (header) => {
      await begin(['192.0.2.1'])
      const peer = keep(await Peer.open(await balance({ target: live.imap, header })))
      await peer.end()
      expect((await live.next('warning')).reason).toBe(
        'a PROXY header came from an address that may send none',
      )
      expect(live.of('opened').map(({ address }) => address.port)).not.toContain(peer.socket.localPort)
      const overTls = startLogin(live.imaps, header)
      await expect(overTls).rejects.toThrow()
    },
  )
})

/** TLS through a balancer whose header nobody expects. */
async function startLogin(target: number, header: Balanced['header']): Promise<void> {
  await balancer?.stop()
  const port = await balance({ target, header })
  keep(await Peer.openTls(port, { ca: live.ca, servername: 'localhost' }))
}

describe('a stranger', () => {
  it.each([
    'PROXY TCP4 192.0.2.1 127.0.0.1 55555 1143\r\na NOOP\r\n',
    'PROXY UNKNOWN\r\n',
    '\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\x02\x01\x7f\0\0\x01\xd9\x03\x04\x77',
  ])('who sends a header is cut, in whatever splits (threat 60): %j', async (text) => {
    await begin(['192.0.2.0/24'])
    for (const chunks of [[text], text.split('')]) {
      const peer = keep(await Peer.open(live.imap))
      await peer.until(/^\* OK .*\r\n/)
      for (const chunk of chunks) {
        peer.send(chunk)
        await new Promise((resolve) => setImmediate(resolve))
      }
      await peer.end()
      expect((await live.next('warning')).reason).toBe(
        'a PROXY header came from an address that may send none',
      )
    }
    expect(live.of('opened').map(({ address }) => address.host)).toEqual(['127.0.0.1', '127.0.0.1'])
  })
})
