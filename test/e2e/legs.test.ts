/** What each leg demands stands: TLS where it is required, the server's certificate, its mechanisms, its compression. */

import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'

import type { Client, Transcript } from '../support/clients/client.ts'
import { curl } from '../support/clients/curl.ts'
import { imapflow } from '../support/clients/imapflow.ts'
import { startDovecot, type Dovecot, type DovecotOptions } from '../support/dovecot.ts'
import { generateMailbox } from '../support/mail.ts'
import { startProxy, type Proxy, type ProxyOptions } from '../support/proxy.ts'
import { findSecretTraces } from '../support/secret-traces.ts'
import { requireTool } from '../support/tools.ts'

const tools = [
  requireTool('dovecot', { package: 'dovecot-imapd' }),
  requireTool('openssl', { package: 'openssl' }),
  requireTool('curl', { package: 'curl' }),
]
const mailbox = generateMailbox(11, 26)

describe.skipIf(tools.includes(undefined))('the legs of a proxy before a real Dovecot', () => {
  const running: { stop(): Promise<unknown> }[] = []

  afterEach(async () => {
    for (const part of running.splice(0).toReversed()) await part.stop()
  })

  test('a client without TLS reaches a server that requires it', async () => {
    const dovecot = await start({ tls: 'required' })
    const proxy = await startBefore(dovecot, 'imap+starttls')
    const direct = await work(curl, dovecot, { server: dovecot, user: 'direct', tls: 'starttls' })
    expect(await work(curl, dovecot, { server: proxy, user: 'proxied', tls: 'none' })).toEqual(direct)
  })

  test('a server that offers no STARTTLS gets no password when the upstream leg demands it', async () => {
    const dovecot = await start({ tls: 'none' })
    const proxy = await startBefore(dovecot, 'imap+starttls')
    await expect(work(curl, dovecot, { server: proxy, user: 'proxied', tls: 'implicit' })).rejects.toThrow()
    expect(dovecot.logs()).not.toContain('user=<proxied>')
    expect(dovecot.logs()).not.toContain('Login:')
  })

  test('a server whose certificate nobody vouches for gets no password, and the log says why', async () => {
    const dovecot = await start({})
    const stranger = await start({})
    const proxy = await startBefore(dovecot, 'imaps', { upstreamCa: stranger.caFile })
    await expect(work(curl, dovecot, { server: proxy, user: 'proxied', tls: 'implicit' })).rejects.toThrow()
    expect(dovecot.logs()).not.toContain('Login:')
    await expect.poll(() => proxy.logText()).toMatch(/certificate|issuer/)
  })

  test('a challenge of CRAM-MD5 passes to and fro, and its answer stays out of the log', async () => {
    const dovecot = await start({ mechanisms: ['cram-md5'] })
    const proxy = await startBefore(dovecot, 'imaps', { isWireLogged: true })
    const direct = await work(curl, dovecot, { server: dovecot, user: 'direct', tls: 'implicit' })
    expect(await work(curl, dovecot, { server: proxy, user: 'proxied', tls: 'implicit' })).toEqual(direct)
    await proxy.waitForRecord(({ event, command }) => event === 'exchange' && command === 'APPEND')
    // The answer is `proxied`, a space and a digest: its beginning is the same in every session.
    const answer = Buffer.from('proxied ').toString('base64').slice(0, 10)
    expect(proxy.logText()).not.toContain(answer)
    expect(findSecretTraces(proxy.logText(), dovecot.user('proxied').password)).toEqual([])
  })

  test('a client that would compress sees the same mailbox through the proxy', async () => {
    const dovecot = await start({ isCompressing: true })
    const proxy = await startBefore(dovecot, 'imaps')
    const direct = await work(imapflow, dovecot, { server: dovecot, user: 'direct', tls: 'implicit' })
    expect(await work(imapflow, dovecot, { server: proxy, user: 'proxied', tls: 'implicit' })).toEqual(direct)
    expect(proxy.logRecords().filter(({ event }) => event === 'unreadable')).toEqual([])
  })

  test('a capability that was hidden is offered by the server and not by the proxy', async () => {
    const dovecot = await start({})
    const proxy = await startBefore(dovecot, 'imaps', { hideCapabilities: ['SASL-IR', 'AUTH=LOGIN'] })
    const offered = await askCapabilities(dovecot.ports.imap)
    expect(offered).toEqual(expect.arrayContaining(['SASL-IR', 'AUTH=LOGIN', 'AUTH=PLAIN']))
    const seen = await askCapabilities(proxy.ports.imap)
    expect(seen).toContain('AUTH=PLAIN')
    expect(seen).not.toContain('SASL-IR')
    expect(seen).not.toContain('AUTH=LOGIN')
  })

  async function start(options: DovecotOptions): Promise<Dovecot> {
    const dovecot = await startDovecot({ ...options, users: ['direct', 'proxied'] })
    running.push(dovecot)
    return dovecot
  }

  async function startBefore(
    dovecot: Dovecot,
    protocol: 'imaps' | 'imap+starttls',
    options: Partial<ProxyOptions> = {},
  ): Promise<Proxy> {
    const port = protocol === 'imaps' ? dovecot.ports.imaps : dovecot.ports.imap
    const upstream = `${protocol}://${dovecot.host}:${port}`
    const proxy = await startProxy({ upstream, upstreamCa: dovecot.caFile, ...options })
    running.push(proxy)
    return proxy
  }
})

interface Work {
  readonly server: Dovecot | Proxy
  readonly user: string
  readonly tls: 'implicit' | 'starttls' | 'none'
}

async function work(client: Client, dovecot: Dovecot, { server, user, tls }: Work): Promise<Transcript> {
  await dovecot.deliver(user, mailbox)
  const port = tls === 'implicit' ? server.ports.imaps : server.ports.imap
  const { password } = dovecot.user(user)
  return client.run({ host: server.host, port, tls, caFile: server.caFile, user, password })
}

async function askCapabilities(port: number): Promise<string[]> {
  const socket = connect(port, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.write('a CAPABILITY\r\nb LOGOUT\r\n')
  await once(socket, 'close')
  const lines = Buffer.concat(chunks).toString('latin1').split('\r\n')
  return lines.find((line) => line.startsWith('* CAPABILITY '))?.split(' ') ?? []
}
