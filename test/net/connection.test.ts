/** One session over real sockets: ends and resets in every order, STARTTLS under every upstream, and what time does. */

import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'

import {
  answerStartTls,
  behindStartTls,
  behindTls,
  FakeUpstream,
  say,
  saySilence,
  speakImap,
  type Conduct,
  type ImapOptions,
} from '../support/fake-upstream.ts'
import { openIdentities, type Identities } from '../support/identities.ts'
import { startLiveProxy, type LiveOptions, type LiveProxy } from '../support/live-proxy.ts'
import { Peer } from '../support/peer.ts'
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts'

let folder: TempFolder
let identities: Identities
beforeAll(async () => {
  folder = await createTempFolder('conn')
  identities = await openIdentities(folder.join('upstream-ca'))
})
afterAll(() => folder.remove())

let upstream: FakeUpstream
let live: LiveProxy
const peers: Peer[] = []

afterEach(async () => {
  vi.useRealTimers()
  for (const peer of peers.splice(0)) peer.close()
  await live.stop()
  await upstream.close()
})

type Protocol = 'imap' | 'imap+starttls' | 'imaps'

async function begin(
  conduct: Conduct,
  protocol: Protocol = 'imap',
  options: Partial<LiveOptions> = {},
): Promise<void> {
  upstream = await FakeUpstream.start(conduct)
  const url = `${protocol}://127.0.0.1:${upstream.port}`
  live = await startLiveProxy({ upstream: url, upstreamCa: identities.caFile, ...options })
}

/** A client on the cleartext port, behind the greeting. */
async function greeted(): Promise<Peer> {
  const peer = await Peer.open(live.imap)
  peers.push(peer)
  await peer.until(/^\* OK .*\r\n/)
  return peer
}

/** The same server behind the transport that the protocol asks for. */
function serving(protocol: Protocol, options: ImapOptions = {}): Conduct {
  const identity = identities.issue('127.0.0.1')
  if (protocol === 'imaps') return behindTls(identity, speakImap(options))
  if (protocol === 'imap') return speakImap(options)
  return behindStartTls(identity, speakImap({ ...options, greeting: '' }))
}

const protocols: readonly Protocol[] = ['imap', 'imap+starttls', 'imaps']
const big = '0123456789abcdef'.repeat(640 * 1024)
const bigFetch = `* 1 FETCH (BODY[] {${big.length}}\r\n${big})\r\n`

const fetchBig = {
  acts: {
    FETCH: (socket: Socket, tag: string) => void socket.write(`${bigFetch}${tag} OK done\r\n`, 'latin1'),
  },
}

describe('ends', () => {
  it.each(protocols)(
    'a client that leaves after LOGOUT gets its answers, and both legs close (%s)',
    async (protocol) => {
      await begin(serving(protocol), protocol)
      const peer = await greeted()
      peer.socket.end('a NOOP\r\nb LOGOUT\r\n')
      expect(await peer.end()).toBe('a OK done\r\n* BYE bye\r\nb OK done\r\n')
      expect((await live.next('closed')).reason).toBe('logout')
      await expect.poll(() => upstream.open).toBe(0)
    },
  )

  it.each(protocols)(
    'a client that ends its side in the middle still gets ten megabytes (%s)',
    async (protocol) => {
      await begin(serving(protocol, fetchBig), protocol)
      const peer = await greeted()
      peer.socket.end('a FETCH 1 BODY[]\r\n')
      const got = await peer.end()
      expect(hash(got)).toBe(hash(`${bigFetch}a OK done\r\n`))
      await expect.poll(() => upstream.open).toBe(0)
    },
  )

  it.each(protocols)('a server that ends first has all of its octets delivered (%s)', async (protocol) => {
    const acts = {
      FETCH: (socket: Socket, tag: string) => void socket.end(`${bigFetch}${tag} OK done\r\n`, 'latin1'),
    }
    await begin(serving(protocol, { acts }), protocol)
    const peer = await greeted()
    const got = await peer.send('a FETCH 1 BODY[]\r\n').end()
    expect(hash(got)).toBe(hash(`${bigFetch}a OK done\r\n`))
    peer.socket.end()
    expect((await live.next('closed')).reason).toBe('upstream closed the connection')
    await expect.poll(() => upstream.open).toBe(0)
  })

  it('octets of the client that came with its end are delivered, an unfinished line too', async () => {
    let heard = ''
    await begin((socket) => {
      socket.write('* OK hi\r\n')
      socket.on('data', (chunk: Buffer) => (heard += chunk.toString('latin1')))
      socket.on('end', () => socket.end())
    })
    const peer = await greeted()
    peer.socket.end('a NOOP\r\nb NOO')
    await peer.end()
    expect(heard).toBe('a NOOP\r\nb NOO')
  })

  it.each(protocols)(
    'a client that vanishes in ten megabytes frees the upstream connection (%s)',
    async (protocol) => {
      await begin(serving(protocol, fetchBig), protocol)
      const peer = await greeted()
      await peer.send('a FETCH 1 BODY[]\r\n').until(/FETCH \(BODY/)
      peer.socket.resetAndDestroy()
      const { reason } = await live.next('closed')
      expect(reason).toMatch(/client/)
      await expect.poll(() => upstream.open, { timeout: 1_000 }).toBe(0)
    },
  )

  it('a client that stopped reading and vanishes frees it too', async () => {
    await begin(serving('imap', fetchBig))
    const peer = await greeted()
    peer.socket.pause()
    peer.send('a FETCH 1 BODY[]\r\n')
    await expect.poll(() => upstream.sockets[0]?.writableNeedDrain).toBe(true)
    peer.socket.resetAndDestroy()
    await live.next('closed')
    await expect.poll(() => upstream.open, { timeout: 1_000 }).toBe(0)
  })
})

describe('a server that breaks off', () => {
  const begun = '* 1 FETCH (BODY[] {1000}\r\nonly this much'

  it.each(['end', 'reset'] as const)(
    'in a literal: the client gets what came and the end, nothing more (%s)',
    async (how) => {
      const acts = {
        FETCH: (socket: Socket) =>
          void socket.write(begun, () =>
            setTimeout(() => (how === 'end' ? socket.end() : socket.resetAndDestroy()), 50),
          ),
      }
      await begin(speakImap({ acts }))
      const peer = await greeted()
      expect(await peer.send('a FETCH 1 BODY[]\r\n').end()).toBe(begun)
      peer.socket.end()
      await live.next('closed')
      expect(live.of('exchange-completed').map(({ exchange }) => exchange.status)).toEqual(['aborted'])
    },
  )

  it('between two messages: the client is told with a BYE', async () => {
    const acts = { NOOP: (socket: Socket) => void socket.resetAndDestroy() }
    await begin(speakImap({ acts }))
    const peer = await greeted()
    expect(await peer.send('a NOOP\r\n').end()).toBe(
      '* BYE [UNAVAILABLE] imaptap: the server cut the connection\r\n',
    )
    expect(await live.next('warning')).toMatchObject({ reason: 'the server cut the connection' })
  })

  it('between two messages, behind TLS: it is no fault of TLS', async () => {
    const acts = { NOOP: () => void upstream.sockets[0]?.resetAndDestroy() }
    await begin(serving('imaps', { acts }), 'imaps')
    const peer = await greeted()
    expect(await peer.send('a NOOP\r\n').end()).toContain('the server cut the connection')
    await live.next('closed')
    expect(live.of('tls-failed')).toEqual([])
  })
})

describe('STARTTLS of the client', () => {
  it.each(protocols)('stands in front of a server reached by %s', async (protocol) => {
    await begin(serving(protocol), protocol)
    const peer = await greeted()
    expect(await peer.run('a STARTTLS')).toBe('a OK Begin TLS negotiation now\r\n')
    await peer.secure({ ca: live.ca, servername: 'localhost' })
    expect(await peer.run('b NOOP')).toBe('b OK done\r\n')
    expect(await peer.run('c STARTTLS')).toBe('c BAD TLS is already active\r\n')
    expect(upstream.sockets).toHaveLength(1)
  })

  it.each(protocols)(
    'after ID dials a fresh server, whose greeting the client never sees (%s)',
    async (protocol) => {
      const lines: string[] = []
      await begin(serving(protocol, { onLine: (line) => void lines.push(line) }), protocol)
      const peer = await greeted()
      await peer.run('a ID ("name" "evil")')
      await peer.run('b STARTTLS')
      await peer.secure({ ca: live.ca, servername: 'localhost' })
      expect(await peer.run('c NOOP')).toBe('c OK done\r\n')
      expect(upstream.sockets).toHaveLength(2)
      await expect.poll(() => upstream.open).toBe(1)
      expect(lines).toEqual(['a ID ("name" "evil")', 'c NOOP'])
    },
  )

  it('with a command in the same segment is cut before TLS', async () => {
    const lines: string[] = []
    await begin(speakImap({ onLine: (line) => void lines.push(line) }))
    const peer = await greeted()
    expect(await peer.send('a STARTTLS\r\nz NOOP\r\n').end()).toBe('')
    expect((await live.next('warning')).reason).toBe('the client sent octets behind STARTTLS before TLS')
    expect(lines).toEqual([])
  })

  it('with cleartext in the next segment ends in a failed handshake, and nothing reaches the server', async () => {
    const lines: string[] = []
    await begin(speakImap({ onLine: (line) => void lines.push(line) }))
    const peer = await greeted()
    await peer.run('a STARTTLS')
    await peer.send('z NOOP\r\n').end()
    expect(await live.next('tls-failed')).toMatchObject({
      side: 'client',
      reason: expect.stringMatching(/cleartext/),
    })
    expect(lines).toEqual([])
  })

  it('is refused to TLS 1.1', async () => {
    await begin(speakImap())
    const peer = await greeted()
    await peer.run('a STARTTLS')
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
    await expect(peer.secure({ ca: live.ca, servername: 'localhost', ...old })).rejects.toThrow(/alert/)
    expect((await live.next('tls-failed')).reason).toBe('the client offers only TLS versions before 1.2')
  })
})

describe('TLS of the client', () => {
  it('that is left without a word right behind the handshake is taken for a refusal, with the way out', async () => {
    await begin(saySilence)
    const peer = await Peer.openTls(live.imaps, { ca: live.ca, servername: 'localhost' })
    peer.socket.end()
    const failed = await live.next('tls-failed')
    expect(failed.reason).toMatch(/without a word; some do so when they refuse a certificate/)
    expect(failed.advice).toMatch(/imaptap ca export/)
    expect((await live.next('closed')).reason).toBe(failed.reason)
    await expect.poll(() => upstream.open).toBe(0)
  })

  it('that gives up on a slow server is not', async () => {
    await begin(saySilence)
    const peer = await Peer.openTls(live.imaps, { ca: live.ca, servername: 'localhost' })
    await live.next('secured')
    const clock = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 2_500)
    peer.socket.end()
    await live.next('closed').finally(() => clock.mockRestore())
    expect(live.of('closed')[0]?.reason).toBe('the client left before the greeting')
    expect(live.of('tls-failed')).toEqual([])
  })

  it('is resumed', async () => {
    await begin(speakImap())
    const options = { ca: live.ca, servername: 'localhost' }
    const first = await Peer.openTls(live.imaps, options)
    peers.push(first)
    let session: Buffer | undefined
    if ('getSession' in first.socket) first.socket.on('session', (ticket: Buffer) => (session = ticket))
    await first.run('a LOGOUT')
    await expect.poll(() => session).toBeDefined()
    const second = await Peer.openTls(live.imaps, { ...options, ...(session && { session }) })
    peers.push(second)
    await second.run('a NOOP')
    expect((await live.next('secured')).tls.isResumed).toBe(false)
    expect((await live.next('secured')).tls.isResumed).toBe(true)
  })

  it.each(['--key-log', 'SSLKEYLOGFILE'])(
    'leaves the secrets of both legs for the owner of %s alone',
    async (where) => {
      const keyLog = folder.join(`keys${where}`)
      if (where === 'SSLKEYLOGFILE') vi.stubEnv(where, keyLog)
      await begin(serving('imaps'), 'imaps', where === '--key-log' ? { keyLog } : {})
      vi.unstubAllEnvs()
      const peer = await Peer.openTls(live.imaps, { ca: live.ca, servername: 'localhost' })
      peers.push(peer)
      await peer.run('a NOOP')
      expect(statSync(keyLog).mode & 0o777).toBe(0o600)
      const lines = readFileSync(keyLog, 'utf8').trimEnd().split('\n')
      const secrets = lines.filter((line) => /^CLIENT_TRAFFIC_SECRET_0 [0-9a-f]{64} [0-9a-f]+$/.test(line))
      // One for each leg: the second field is the random of that leg's client.
      expect(new Set(secrets.map((line) => line.split(' ')[1])).size).toBe(2)
    },
  )
})

describe('STARTTLS to upstream', () => {
  it.each([
    [
      'answered NO',
      answerStartTls((tag) => `${tag} NO not today\r\n`, saySilence),
      'upstream refuses STARTTLS',
    ],
    [
      'with octets behind its OK',
      answerStartTls((tag) => `${tag} OK go\r\n* CAPABILITY AUTH=PLAIN\r\n`, saySilence),
      'upstream sent octets in the clear behind its STARTTLS answer',
    ],
  ])('%s ends with a BYE, and no command of the client leaves', async (_what, conduct, reason) => {
    await begin(conduct, 'imap+starttls')
    const peer = await Peer.open(live.imap)
    peers.push(peer)
    const text = await peer.send('a LOGIN ann lantern\r\n').end()
    expect(text).toBe(`* BYE [UNAVAILABLE] imaptap: ${reason}\r\n`)
    const warning = await live.next('warning')
    expect(warning.reason).toBe(reason)
    expect(warning.advice).toMatch(/imaps:\/\//)
  })

  it('followed by cleartext in place of a handshake says so', async () => {
    const conduct = answerStartTls(
      (tag) => `${tag} OK go\r\n`,
      (socket) => void socket.once('data', () => void socket.write('* OK still in the clear\r\n')),
    )
    await begin(conduct, 'imap+starttls')
    const peer = await Peer.open(live.imap)
    peers.push(peer)
    expect(await peer.end()).toMatch(/^\* BYE .* accepted STARTTLS and then spoke cleartext\r\n$/)
    expect((await live.next('tls-failed')).advice).toMatch(/imaps:\/\//)
  })
})

describe('a client that talks on while it is refused', () => {
  it('gets its BYE: no reset overtakes it', async () => {
    await begin(saySilence)
    const peer = await Peer.open(live.imap)
    peers.push(peer)
    // More than is kept for a greeting to come.
    const stop = keepTalking(peer, 'x'.repeat(64 * 1024))
    expect(await peer.end()).toBe(
      '* BYE [UNAVAILABLE] imaptap: the client sent too much before the greeting\r\n',
    )
    stop()
    expect(peer.error).toBeUndefined()
    expect((await live.next('warning')).advice).toMatch(/IMAP clients/)
  })

  it('and does not close is cut off soon', async () => {
    await begin(say('220 mail.example ESMTP\r\n'))
    const peer = await Peer.open(live.imap)
    peers.push(peer)
    expect(await peer.end()).toBe('* BYE [UNAVAILABLE] imaptap: upstream speaks SMTP, not IMAP\r\n')
    const stop = keepTalking(peer, 'a NOOP\r\n')
    await sleep(150)
    expect(peer.error, 'a reset').toBeUndefined()
    await expect.poll(() => peer.socket.closed, { timeout: 3_000 }).toBe(true)
    stop()
  })
})

function keepTalking(peer: Peer, text: string): () => void {
  const timer = setInterval(() => peer.send(text), 2)
  return () => clearInterval(timer)
}

describe('time', () => {
  const openWithFrozenTimers = async (conduct: Conduct, protocol: Protocol): Promise<Peer> => {
    await begin(conduct, protocol)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const peer = await Peer.open(live.imap)
    peers.push(peer)
    await live.next('opened')
    return peer
  }

  it('ends the wait for a greeting after 30 seconds, and tells the client', async () => {
    const peer = await openWithFrozenTimers(saySilence, 'imap')
    vi.advanceTimersByTime(29_000)
    expect(live.of('closed')).toEqual([])
    vi.advanceTimersByTime(1_000)
    expect((await live.next('closed')).reason).toBe('upstream sent no greeting in time')
    vi.useRealTimers()
    expect(await peer.end()).toBe('* BYE [UNAVAILABLE] imaptap: upstream sent no greeting in time\r\n')
    expect((await live.next('warning')).advice).toMatch(/--upstream/)
  })

  it('ends a handshake that upstream does not answer after ten seconds', async () => {
    const peer = await openWithFrozenTimers(saySilence, 'imaps')
    vi.advanceTimersByTime(10_000)
    expect((await live.next('closed')).reason).toMatch(/^no answer from 127\.0\.0\.1:/)
    vi.useRealTimers()
    expect(await peer.end()).toMatch(/^\* BYE \[UNAVAILABLE\] imaptap: no answer from /)
  })

  it('ends a handshake that the client does not finish after ten seconds', async () => {
    await begin(speakImap())
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const peer = await Peer.open(live.imaps)
    peers.push(peer)
    await live.next('opened')
    vi.advanceTimersByTime(10_000)
    expect((await live.next('closed')).reason).toBe('the client did not finish its TLS handshake in time')
    expect(upstream.sockets).toEqual([])
  })
})

function hash(text: string): string {
  return `${text.length} ${createHash('sha256').update(text, 'latin1').digest('hex')}`
}
