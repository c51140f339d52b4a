/** The limits of a policy before a real Dovecot: which is told to the client, with what code, and what the record says. */

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { loadConfig } from '../../src/config/load.ts'
import { startDovecot, type Dovecot } from '../support/dovecot.ts'
import { startLiveProxy, type LiveOptions, type LiveProxy } from '../support/live-proxy.ts'
import { Peer } from '../support/peer.ts'
import { requireTool } from '../support/tools.ts'

const tools = [
  requireTool('dovecot', { package: 'dovecot-imapd' }),
  requireTool('openssl', { package: 'openssl' }),
]

describe.skipIf(tools.includes(undefined))('a limit before a real Dovecot', () => {
  let dovecot: Dovecot
  let live: LiveProxy
  const peers: Peer[] = []

  beforeAll(async () => {
    dovecot = await startDovecot({
      tls: 'none',
      users: ['plain-ann', 'plain-bob', 'plain-eve'],
      // What is measured are our own delays.
      extra: 'auth_failure_delay = 0\nmail_max_userip_connections = 100',
    })
  })
  afterAll(() => dovecot.stop())
  afterEach(async () => {
    for (const peer of peers.splice(0)) peer.close()
    await live.stop()
  })

  async function begin(limits: string, options: Partial<LiveOptions> = {}): Promise<void> {
    const upstream = `imap://127.0.0.1:${dovecot.ports.imap}`
    const text = `policy:\n  default: allow\n  limits: { ${limits} }\n`
    const { policy } = loadConfig({
      flags: { upstream, config: '/limits.yaml' },
      env: {},
      readFile: () => ({ ok: true, value: text }),
    })
    live = await startLiveProxy({ upstream, policy, ...options })
  }

  async function open(): Promise<Peer> {
    const peer = await Peer.open(live.imap)
    peers.push(peer)
    return peer
  }

  const login = (user: string, password = dovecot.user(user).password): string =>
    `l LOGIN ${user} "${password}"`

  async function loggedIn(user: string): Promise<Peer> {
    const peer = await open()
    expect(await peer.run(login(user))).toContain('l OK')
    return peer
  }

  /** Puts a message of this size there, through the proxy, and says what came of it. */
  async function append(peer: Peer, octets: number): Promise<string> {
    peer.send(`p APPEND INBOX {${octets}}\r\n`)
    const answer = await peer.until(/^(?:\+|p ).*\r\n/m)
    if (!answer.includes('\r\n+') && !answer.startsWith('+')) return answer
    peer.send(`${'Subject: x\r\n\r\n'.padEnd(octets, 'x')}\r\n`)
    return peer.until(/^p .*\r\n/m)
  }

  async function leave(peer: Peer): Promise<void> {
    expect(await peer.run('x LOGOUT')).toContain('x OK')
    peer.close()
    await expect.poll(() => whyClosed()).toContain('logout')
  }

  /** What was decided because of a limit. */
  const limited = (): string[] =>
    live.of('decided').flatMap(({ decided }) => (decided.rule === 'limit' ? [decided.why] : []))
  const whyClosed = (): string[] => live.of('closed').map(({ reason }) => reason)

  it('on sessions of an address is told before anything else, and leaves with a session', async () => {
    await begin('sessionsPerAddress: 2')
    const first = await loggedIn('plain-ann')
    await loggedIn('plain-bob')
    const third = await open()
    expect(await third.end()).toBe('* BYE [LIMIT] too many sessions from your address\r\n')
    expect(limited()).toEqual(['sessionsPerAddress: 127.0.0.1 has as many sessions as it may (2)'])
    await leave(first)
    await loggedIn('plain-ann')
  })

  it('on sessions and failed logins is that of the address in the PROXY header', async () => {
    await begin('sessionsPerAddress: 1, failedLogins: { free: 1, first: 2s, longest: 2s }', {
      proxyProtocol: { from: ['127.0.0.1'] },
    })
    const from = async (address: string): Promise<Peer> =>
      (await open()).send(`PROXY TCP4 ${address} 127.0.0.1 1024 143\r\n`)
    const eve = await from('192.0.2.1')
    expect(await eve.run(login('plain-eve', 'wrong'))).toContain('l NO')
    expect(await (await from('192.0.2.1')).end()).toContain('* BYE [LIMIT]')
    const ann = await from('192.0.2.2')
    const waiting = eve.run(login('plain-ann'))
    expect(
      await Promise.race([waiting.then(() => 'eve'), ann.run(login('plain-ann')).then(() => 'ann')]),
    ).toBe('ann')
    expect(await waiting, 'the right password, two seconds later').toContain('l OK')
    expect(limited()).toEqual([
      'sessionsPerAddress: 192.0.2.1 has as many sessions as it may (1)',
      'failedLogins: it waits 2000 ms for the failures before it',
    ])
  })

  it('on sessions of a user ends the one too many, and others log in', async () => {
    await begin('sessionsPerUser: 2')
    await loggedIn('plain-ann')
    const second = await loggedIn('plain-ann')
    const third = await open()
    expect(await third.send(`${login('plain-ann')}\r\n`).end()).not.toContain('l OK')
    expect([...limited(), ...whyClosed()].join()).toContain('sessionsPerUser: plain-ann')
    await loggedIn('plain-bob')
    await leave(second)
    await loggedIn('plain-ann')
  })

  it('on failed logins makes the next ones wait longer and longer, and refuses a crowd', async () => {
    await begin('failedLogins: { free: 2, first: 1s, longest: 2s, forget: 1h }')
    const peer = await open()
    for (let n = 0; n < 2; n++) expect(await peer.run(login('plain-eve', 'wrong'))).toContain('l NO')
    const began = performance.now()
    const waiting = peer.run(login('plain-eve', 'wrong'))
    // Two places of a second each: one waits, one is its turn's next, and the third is one too many.
    const second = await open()
    const third = await open()
    await second.until(/^\* OK .*\r\n/)
    await third.until(/^\* OK .*\r\n/)
    const next = second.run(login('plain-eve', 'wrong'))
    expect(await third.run(login('plain-eve', 'wrong'))).toContain('l NO [LIMIT] too many failed logins')
    expect(limited()).toContainEqual(
      expect.stringMatching(/^failedLogins: logins from 127\.0\.0\.1 wait 3 s already/),
    )
    expect(await waiting).toContain('l NO')
    expect(await next).toContain('l NO')
    // A timer of Node may be a millisecond early.
    expect(performance.now() - began).toBeGreaterThan(1_990)
  })

  it('on commands is told with the command, and the next ones pass', async () => {
    await begin('commandsPerSecond: 2')
    const peer = await loggedIn('plain-ann')
    const burst = Array.from({ length: 40 }, (_, n) => `n${n} NOOP\r\n`).join('')
    let answers = await peer.send(burst).until(/^n39 .*\r\n/m)
    // Refusals are ours, and need not wait for what the server still answers.
    while (!/^n19 /m.test(answers)) answers += await peer.until(/\r\n/)
    expect(answers.match(/^n\d+ OK/gm)).toHaveLength(20)
    expect(answers).toMatch(/^n39 NO \[LIMIT\] more than 2 commands a second/m)
    expect(limited()[0]).toBe('commandsPerSecond: plain-ann sent more than 2 a second')
    await loggedIn('plain-bob')
    await expect.poll(() => peer.run('z NOOP'), { timeout: 5_000 }).toContain('z OK')
  })

  it('on octets ends the response that passes it, and refuses the next one as a quota', async () => {
    await begin('octetsPerHour: 200KiB')
    const peer = await loggedIn('plain-ann')
    expect(await append(peer, 600_000)).toContain('p OK')
    expect(await peer.run('s SELECT INBOX')).toContain('s OK')
    const heard = await peer.send('f FETCH * BODY.PEEK[]\r\n').end()
    expect(heard).not.toContain('f OK')
    expect(heard.length).toBeLessThan(600_000)
    expect(whyClosed().join()).toContain('octetsPerHour: plain-ann got')
    expect(limited()).toEqual([expect.stringMatching(/^octetsPerHour: plain-ann got \d+ of 204800 octets/)])
    const again = await loggedIn('plain-ann')
    expect(await again.run('s SELECT INBOX')).toContain('s NO [OVERQUOTA] 200 KiB an hour are used up')
    expect(await again.run('x LOGOUT')).toContain('x OK')
    const bob = await loggedIn('plain-bob')
    expect(await bob.run('s SELECT INBOX')).toContain('s OK')
  })

  it('on messages gives out no more of them, also within one command', async () => {
    await begin('messagesPerHour: 2')
    const peer = await loggedIn('plain-bob')
    for (let n = 0; n < 4; n++) expect(await append(peer, 100)).toContain('p OK')
    expect(await peer.run('s SELECT INBOX')).toContain('s OK')
    expect(await peer.run('h UID FETCH 1:* (FLAGS ENVELOPE)')).toContain('h OK')
    const heard = await peer.send('f UID FETCH 1:* BODY.PEEK[]\r\n').end()
    expect(heard.match(/BODY\[\]/g)).toHaveLength(2)
    expect([...limited(), ...whyClosed()].join()).toContain('messagesPerHour: plain-bob got 3 of 2 messages')
    const again = await loggedIn('plain-bob')
    expect(await again.run('s SELECT INBOX')).toContain('s OK')
    expect(await again.run('f FETCH 1 BODY.PEEK[]')).toContain(
      'f NO [OVERQUOTA] 2 messages an hour are used up',
    )
    expect(await again.run('h FETCH 1 FLAGS')).toContain('h OK')
  })

  it('on the size of a message is told before the message is asked for', async () => {
    await begin('appendOctets: 8KiB')
    const peer = await loggedIn('plain-ann')
    expect(await append(peer, 8192)).toContain('p OK')
    expect(await append(peer, 8193)).toContain('p NO [TOOBIG] the message is too large: 8 KiB are the most')
    expect(limited()).toEqual(['appendOctets: 8193 of 8192 octets'])
    expect(await peer.run('z NOOP')).toContain('z OK')
  })

  it('on literals is none on messages', async () => {
    await begin('literalOctets: 4KiB')
    const peer = await loggedIn('plain-ann')
    expect(await append(peer, 50_000)).toContain('p OK')
    expect(await peer.run('s SELECT INBOX')).toContain('s OK')
    peer.send(`t SEARCH TEXT {5000+}\r\n${'x'.repeat(5000)}\r\n`)
    expect(await peer.until(/^t .*\r\n/m)).toContain(
      't NO [TOOBIG] the literal is too large: 4 KiB are the most',
    )
    expect(limited()[0]).toContain('literalOctets: ')
  })

  it('on the time before login ends those who only look', async () => {
    await begin('preAuthTime: 1s')
    const peer = await open()
    const user = await loggedIn('plain-ann')
    expect(await peer.end()).toContain('no login within 1 s (limit preAuthTime)')
    expect(limited()).toEqual(['preAuthTime: no login within 1 s'])
    expect(await user.run('z NOOP')).toContain('z OK')
  })
})
