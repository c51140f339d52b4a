/** Compression before a real Dovecot: in every mode a client sees the same mailbox, at once, and the log reads all of it. */

import { setTimeout as sleep } from 'node:timers/promises'
import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, test } from 'vitest'

import { CompressedPeer, compressingServer } from '../support/compressed.ts'
import { normalise } from '../support/clients/client.ts'
import { imapflow } from '../support/clients/imapflow.ts'
import { startDovecot, type Dovecot } from '../support/dovecot.ts'
import { FakeUpstream } from '../support/fake-upstream.ts'
import { generateMailbox } from '../support/mail.ts'
import { Peer } from '../support/peer.ts'
import { startProxy, type Proxy } from '../support/proxy.ts'
import { findSecretTraces } from '../support/secret-traces.ts'
import { requireTool } from '../support/tools.ts'

const tools = [
  requireTool('dovecot', { package: 'dovecot-imapd' }),
  requireTool('openssl', { package: 'openssl' }),
]
const mailbox = generateMailbox(23, 39)
/** Nothing is compressed in `never`, as everywhere else. */
const modes = ['follow', 'client', 'upstream', 'both'] as const

describe.skipIf(tools.includes(undefined))('compression before a real Dovecot', () => {
  const running: { stop(): Promise<unknown> }[] = []
  const peers: Peer[] = []

  afterEach(async () => {
    for (const peer of peers.splice(0)) peer.close()
    for (const part of running.splice(0).toReversed()) await part.stop()
  })

  test.each(modes)('a client that compresses by hand sees what it sees directly: %s', async (mode) => {
    const { dovecot, proxy } = await start(mode)
    const direct = await work(dovecot, dovecot, 'direct')
    expect(await work(proxy, dovecot, 'proxied')).toEqual(direct)
    await proxy.waitForRecord(({ event, command }) => event === 'exchange' && command === 'LOGOUT')
    expectAllRead(proxy)
    const compress = proxy.logRecords().find(({ command }) => command === 'COMPRESS')
    expect(compress?.['status']).toBe(mode === 'upstream' ? 'NO' : 'OK')
    expect(findSecretTraces(proxy.logText(), dovecot.user('proxied').password)).toEqual([])
  })

  test.each(modes)('imapflow, which compresses where it can, sees the same: %s', async (mode) => {
    const { dovecot, proxy } = await start(mode)
    const direct = await flow(dovecot, dovecot, 'direct')
    expect(await flow(proxy, dovecot, 'proxied')).toEqual(direct)
    expectAllRead(proxy)
    const compressed = proxy
      .logRecords()
      .filter(({ command, status }) => command === 'COMPRESS' && status === 'OK')
    expect(compressed).toHaveLength(mode === 'upstream' ? 0 : 1)
  })

  test.each(modes)('what the server says in IDLE arrives at once: %s', async (mode) => {
    const { dovecot, proxy } = await start(mode)
    const { client } = await open(proxy, dovecot, 'proxied')
    await client.run('s SELECT INBOX')
    client.send('i IDLE\r\n')
    await client.until(/^\+ .*\r\n/m)
    const other = await open(dovecot, dovecot, 'proxied')
    const told = client.until(/^\* \d+ EXISTS\r\n/m)
    await other.client.run('a APPEND INBOX {3+}\r\nabc')
    const appended = performance.now()
    await told
    expect(performance.now() - appended).toBeLessThan(2_000)
    client.send('DONE\r\n')
    await client.until(/^i OK .*\r\n/m)
  })

  async function start(mode: string): Promise<{ dovecot: Dovecot; proxy: Proxy }> {
    const dovecot = await startDovecot({ isCompressing: true, users: ['direct', 'proxied'] })
    running.push(dovecot)
    const upstream = `imaps://${dovecot.host}:${dovecot.ports.imaps}`
    const proxy = await startProxy({
      upstream,
      upstreamCa: dovecot.caFile,
      isWireLogged: true,
      args: ['--compress', mode],
    })
    running.push(proxy)
    return { dovecot, proxy }
  }

  /** Logged in, and compressed where that is announced. */
  async function open(server: Dovecot | Proxy, dovecot: Dovecot, user: string): Promise<Opened> {
    const peer = await Peer.openTls(server.ports.imaps, {
      ca: readFileSync(server.caFile),
      servername: 'localhost',
    })
    peers.push(peer)
    await peer.until(/^\* OK .*\r\n/)
    const password = dovecot.user(user).password.replaceAll(/["\\]/g, '\\$&')
    const login = await peer.run(`l LOGIN ${user} "${password}"`)
    const answer = await peer.run('c COMPRESS DEFLATE')
    const isCompressed = answer.includes('c OK')
    expect(login.includes('COMPRESS=DEFLATE')).toBe(isCompressed)
    return { client: isCompressed ? new CompressedPeer(peer) : peer, peer }
  }

  async function work(server: Dovecot | Proxy, dovecot: Dovecot, user: string): Promise<string[]> {
    await dovecot.deliver(user, mailbox)
    const { client } = await open(server, dovecot, user)
    const told: string[] = []
    for (const command of commands) told.push(await client.run(command))
    // A literal that is waited for.
    client.send('p APPEND INBOX {5}\r\n')
    told.push(await client.until(/^\+ .*\r\n/m))
    told.push(await client.send('hello\r\n').until(/^p OK .*\r\n/m))
    client.send('i IDLE\r\n')
    told.push(await client.until(/^\+ .*\r\n/m))
    client.send('DONE\r\nn NOOP\r\n')
    told.push(await client.until(/^n OK .*\r\n/m))
    told.push(await client.send('z LOGOUT\r\n').until(/^z OK .*\r\n/m))
    await sleep(10)
    return told
      .join('')
      .split('\r\n')
      .map((line) => normalise(line).replaceAll(/\[[^\]]*(UIDVALIDITY)[^\]]*\]/g, '[$1]'))
  }

  async function flow(server: Dovecot | Proxy, dovecot: Dovecot, user: string): Promise<readonly string[]> {
    await dovecot.deliver(user, mailbox)
    const { password } = dovecot.user(user)
    const port = server.ports.imaps
    return imapflow.run({ host: server.host, port, tls: 'implicit', caFile: server.caFile, user, password })
  }
})

/** Dovecot of this version knows no UNAUTHENTICATE. */
describe('UNAUTHENTICATE through the program', () => {
  test.each(['follow', 'client', 'upstream', 'both'])('ends compression on every leg: %s', async (mode) => {
    const server = compressingServer()
    const upstream = await FakeUpstream.start(server.conduct)
    const proxy = await startProxy({
      upstream: `imap://127.0.0.1:${upstream.port}`,
      args: ['--compress', mode],
    })
    const tls = { ca: readFileSync(proxy.caFile), servername: 'localhost' }
    const peer = await Peer.openTls(proxy.ports.imaps, tls)
    try {
      await peer.until(/^\* OK .*\r\n/)
      await peer.run('l LOGIN ann secret')
      const isCompressed = (await peer.run('c COMPRESS DEFLATE')).includes('c OK')
      const client = isCompressed ? new CompressedPeer(peer) : peer
      await client.run('u UNAUTHENTICATE')
      if (client instanceof CompressedPeer) client.end()
      expect(await peer.run('l2 LOGIN bob secret')).toContain('* CAPABILITY IMAP4rev1')
      expect(server.lines.filter((line) => /^l2 /.test(line))).toEqual(['l2 LOGIN bob secret'])
      const login = await proxy.waitForRecord(({ user, command }) => user === 'bob' && command === 'LOGIN')
      expect(login['status']).toBe('OK')
      expect(proxy.logRecords().filter(({ event }) => event === 'unreadable')).toEqual([])
    } finally {
      peer.close()
      await proxy.stop()
      await upstream.close()
    }
  })
})

interface Opened {
  readonly client: Talker
  readonly peer: Peer
}

interface Talker {
  send(text: string): Talker
  until(pattern: RegExp): Promise<string>
  run(command: string): Promise<string>
}

const commands = [
  'a LIST "" *',
  'b SELECT INBOX',
  'd FETCH 1:* (FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE)',
  'e FETCH 1:* BODY.PEEK[]',
  'f STORE 1:3 +FLAGS (\\Seen)',
  'g SEARCH SEEN',
]

function expectAllRead(proxy: Proxy): void {
  const faults = proxy.logRecords().filter(({ event }) => event === 'unreadable' || event === 'warning')
  expect(faults).toEqual([])
}
