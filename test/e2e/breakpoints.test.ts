/** Breakpoints over sockets: a message waits, the other lane and the other sessions flow, and nothing waits for ever. */

import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import type { Breakpoint, HeldMessage } from '../../src/app/breakpoints.ts'
import { octetsOf } from '../../src/imap/octets.ts'
import type { ClientLogin } from '../support/clients/client.ts'
import { clients } from '../support/clients/index.ts'
import { startDovecot, type Dovecot } from '../support/dovecot.ts'
import { FakeUpstream, speakImap } from '../support/fake-upstream.ts'
import { startLiveProxy, type LiveProxy } from '../support/live-proxy.ts'
import { generateMailbox } from '../support/mail.ts'
import { Peer } from '../support/peer.ts'
import { requireTool } from '../support/tools.ts'

let upstream: FakeUpstream
let live: LiveProxy
let lines: string[]
const peers: Peer[] = []

async function greeted(): Promise<Peer> {
  const peer = await Peer.open(live.imap)
  peers.push(peer)
  await peer.until(/^\* OK .*\r\n/)
  return peer
}

const on = (name: string, timeoutMillis = 60_000): Breakpoint => ({
  timeoutMillis,
  mayHold: (head) => head.name === name,
  holds: () => true,
})

async function held(): Promise<HeldMessage> {
  const { ticket, session } = await live.next('held')
  const found = live.proxy.breakpoints.list().find((one) => one.ticket === ticket && one.session === session)
  if (!found) throw new Error('held, and not in the list')
  return found
}

describe('a breakpoint', () => {
  beforeEach(async () => {
    lines = []
    upstream = await FakeUpstream.start(speakImap({ onLine: (line) => lines.push(line) }))
    live = await startLiveProxy({ upstream: `imap://127.0.0.1:${upstream.port}` })
  })

  afterEach(async () => {
    for (const peer of peers.splice(0)) peer.close()
    await live.stop()
    await upstream.close()
  })

  it('stops one command of one session until it is ruled on', async () => {
    live.proxy.breakpoints.set('me', on('NOOP'))
    const [one, other] = [await greeted(), await greeted()]
    one.send('a NOOP\r\n')
    const { session, ticket } = await held()
    expect(await other.run('b CHECK')).toBe('b OK done\r\n')
    upstream.sockets[0]?.write('* 3 EXISTS\r\n')
    await one.until(/^\* 3 EXISTS\r\n/)
    expect(lines).toEqual(['b CHECK'])
    expect(live.proxy.breakpoints.rule(session, ticket, { kind: 'forward' })).toEqual({ ok: true })
    await one.until(/^a OK done\r\n/)
  })

  it('sends what a person made of the command', async () => {
    live.proxy.breakpoints.set('me', on('SELECT'))
    const peer = await greeted()
    peer.send('a SELECT INBOX\r\n')
    const { session, ticket } = await held()
    const octets = octetsOf('a SELECT Sent')
    expect(live.proxy.breakpoints.rule(session, ticket, { kind: 'replace', octets })).toEqual({ ok: true })
    await peer.until(/^a OK done\r\n/)
    expect(lines).toEqual(['a SELECT Sent'])
  })

  it('lets the command go on at its deadline, also when nobody looks', async () => {
    live.proxy.breakpoints.set('me', on('NOOP', 50))
    const peer = await greeted()
    await peer.run('a NOOP')
    expect(live.of('released')).toMatchObject([{ how: 'expired' }])
  })

  it('lets everything go on when its owner is gone', async () => {
    live.proxy.breakpoints.set('me', on('NOOP'))
    const peer = await greeted()
    const done = peer.run('a NOOP')
    await held()
    live.proxy.breakpoints.drop('me')
    await done
    await peer.run('b NOOP')
    expect(live.of('held')).toHaveLength(1)
  })

  it('drops what a client sent whose connection broke', async () => {
    live.proxy.breakpoints.set('me', on('NOOP'))
    const peer = await greeted()
    peer.send('a NOOP\r\nb LOGOUT\r\n')
    await held()
    peer.socket.resetAndDestroy()
    await live.next('closed')
    expect(live.of('released')).toMatchObject([{ how: 'gone' }])
    expect(live.proxy.breakpoints.list()).toEqual([])
    expect(lines).toEqual([])
  })

  it('lets a response go on when its server has left', async () => {
    live.proxy.breakpoints.set('me', on('EXISTS'))
    const peer = await greeted()
    upstream.sockets[0]?.write('* 3 EXISTS\r\n')
    await held()
    upstream.sockets[0]?.end('* BYE enough\r\n')
    await peer.until(/^\* 3 EXISTS\r\n\* BYE enough\r\n/)
  })

  it('does not keep a session from being killed', async () => {
    live.proxy.breakpoints.set('me', on('NOOP'))
    const peer = await greeted()
    peer.send('a NOOP\r\n')
    const { session } = await held()
    live.proxy.kill(session)
    expect(await peer.end()).toMatch(/^\* BYE /)
    expect(live.of('released')).toMatchObject([{ how: 'gone' }])
  })

  it('makes a client wait that sends without end, and loses nothing of it', async () => {
    live.proxy.breakpoints.set('me', on('NOOP'))
    const peer = await greeted()
    const count = 4_000
    const filler = 'x'.repeat(2_000)
    peer.send(`a NOOP\r\n${`b XSAY ${filler}\r\n`.repeat(count)}c CHECK\r\n`)
    const { session, ticket } = await held()
    await sleep(200)
    const { writableLength } = peer.socket
    expect(writableLength, 'octets that still wait at the client').toBeGreaterThan(0)
    live.proxy.breakpoints.rule(session, ticket, { kind: 'forward' })
    await peer.until(/^c OK done\r\n/m)
    expect(lines).toHaveLength(count + 2)
  })

  it('holds the greeting longer than a server may take to greet', async () => {
    live.proxy.breakpoints.set('me', on('OK'))
    const peer = await Peer.open(live.imap)
    peers.push(peer)
    const { session, ticket } = await held()
    expect(peer.received).toBe('')
    live.proxy.breakpoints.set('me', on('NOOP'))
    live.proxy.breakpoints.rule(session, ticket, { kind: 'forward' })
    await peer.until(/^\* OK .*\r\n/)
  })
})

const tools = [
  requireTool('dovecot', { package: 'dovecot-imapd' }),
  requireTool('openssl', { package: 'openssl' }),
]
/** Everything waits a moment, or is taken in whole and goes on. */
const rules: Record<string, Breakpoint> = {
  held: { timeoutMillis: 0, mayHold: () => true, holds: () => true },
  'taken in': { timeoutMillis: 0, mayHold: () => true, holds: () => false },
}

describe.skipIf(tools.includes(undefined))('a real client before a real Dovecot', () => {
  const able = clients.filter(
    ({ tool }) => tool === undefined || requireTool(tool.program, tool) !== undefined,
  )
  const cases = able.flatMap((client) =>
    Object.keys(rules).map((rule) => ({ client, name: client.name, rule })),
  )
  const userOf = (name: string, rule: string): string => `${name}-${rule.replace(' ', '-')}`.toLowerCase()
  const mailbox = generateMailbox(11, 26)
  let dovecot: Dovecot

  beforeAll(async () => {
    const users = able.flatMap(({ name }) =>
      ['direct', ...Object.keys(rules)].map((rule) => userOf(name, rule)),
    )
    dovecot = await startDovecot({ users })
    const url = `imaps://${dovecot.host}:${dovecot.ports.imaps}`
    live = await startLiveProxy({ upstream: url, upstreamCa: dovecot.caFile })
    for (const { name } of able) await dovecot.deliver(userOf(name, 'direct'), mailbox)
  })

  afterAll(async () => {
    await live.stop()
    await dovecot.stop()
  })

  const loginOf = (user: string): ClientLogin => ({
    host: dovecot.host,
    port: dovecot.ports.imaps,
    tls: 'implicit',
    caFile: dovecot.caFile,
    user,
    password: dovecot.user(user).password,
  })

  it.each(cases)('sees no difference while everything is $rule: $name', async ({ client, name, rule }) => {
    const user = userOf(name, rule)
    await dovecot.deliver(user, mailbox)
    live.proxy.breakpoints.set('me', rules[rule])
    const proxied = await client.run({
      ...loginOf(user),
      port: live.imaps,
      caFile: live.proxy.caPath ?? '',
    })
    expect(proxied).toEqual(await directly(client))
    expect(live.of('unreadable')).toEqual([])
    expect(live.proxy.breakpoints.list()).toEqual([])
  })

  /** A mailbox cannot be worked through twice with equal results. */
  const transcripts = new Map<string, ReturnType<(typeof clients)[number]['run']>>()
  function directly(client: (typeof clients)[number]): ReturnType<typeof client.run> {
    const known = transcripts.get(client.name) ?? client.run(loginOf(userOf(client.name, 'direct')))
    transcripts.set(client.name, known)
    return known
  }
})
