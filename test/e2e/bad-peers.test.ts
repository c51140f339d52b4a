/** The real program between bad clients and bad servers: each is told what is wrong, and the next session works. */

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { run } from '../support/child.ts'
import {
  behindTls,
  FakeUpstream,
  reset,
  say,
  sayAndLeave,
  saySilence,
  speakImap,
  type Conduct,
} from '../support/fake-upstream.ts'
import { openIdentities, type Identities } from '../support/identities.ts'
import { findFreePorts } from '../support/ports.ts'
import { Peer } from '../support/peer.ts'
import { startProxy, type LogRecord, type Proxy } from '../support/proxy.ts'
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts'
import { requireTool } from '../support/tools.ts'

const openssl = requireTool('openssl', { package: 'openssl' })
const curl = requireTool('curl', { package: 'curl' })
const proc = process.platform === 'linux' ? '/proc' : undefined
if (proc === undefined) process.stderr.write('SKIPPED: memory is measured by /proc alone\n')

let folder: TempFolder
let identities: Identities
beforeAll(async () => {
  folder = await createTempFolder('bad')
  identities = await openIdentities(folder.join('upstream-ca'))
})
afterAll(() => folder.remove())

/** A program whose upstream changes its conduct from test to test, and is good again behind each. */
class Stage {
  readonly proxy: Proxy
  readonly upstream: FakeUpstream
  readonly #good: Conduct
  readonly #peers: Peer[] = []
  #seen = 0

  private constructor(proxy: Proxy, upstream: FakeUpstream, good: Conduct) {
    this.proxy = proxy
    this.upstream = upstream
    this.#good = good
  }

  static async open(protocol: 'imap' | 'imaps'): Promise<Stage> {
    const good = protocol === 'imap' ? speakImap() : behindTls(identities.issue('127.0.0.1'), speakImap())
    const upstream = await FakeUpstream.start(good)
    const proxy = await startProxy({
      upstream: `${protocol}://127.0.0.1:${upstream.port}`,
      upstreamCa: identities.caFile,
    })
    const stage = new Stage(proxy, upstream, good)
    await stage.#forgetStart()
    return stage
  }

  /** Waiting for the ports made sessions of its own. */
  async #forgetStart(): Promise<void> {
    const probes = 2
    await this.proxy.waitForRecord(() => this.proxy.logRecords().filter(isClose).length >= probes)
    this.#seen = this.proxy.logRecords().length
  }

  get ca(): Buffer {
    return readFileSync(this.proxy.caFile)
  }

  async client(): Promise<Peer> {
    const peer = await Peer.open(this.proxy.ports.imap)
    this.#peers.push(peer)
    return peer
  }

  async tlsClient(): Promise<Peer> {
    const peer = await Peer.openTls(this.proxy.ports.imaps, { ca: this.ca, servername: 'localhost' })
    this.#peers.push(peer)
    return peer
  }

  /** The first record of a kind in this test. */
  async next(isWanted: (record: LogRecord) => boolean): Promise<LogRecord> {
    const find = (): LogRecord | undefined => this.proxy.logRecords().slice(this.#seen).find(isWanted)
    await this.proxy.waitForRecord(() => find() !== undefined)
    return find() ?? { event: 'none' }
  }

  /** The same process serves a good client by a good server. */
  async recover(): Promise<void> {
    for (const peer of this.#peers.splice(0)) peer.close()
    this.upstream.conduct = this.#good
    const peer = await this.tlsClient()
    await peer.until(/^\* OK fake ready\r\n/)
    expect(await peer.run('g NOOP')).toBe('g OK done\r\n')
    await peer.run('h LOGOUT')
    peer.close()
    await this.next((record) => record.event === 'session.close' && record['reason'] === 'logout')
    this.#seen = this.proxy.logRecords().length
    expect(this.proxy.output()).not.toMatch(/Error|unexpected|at .*\.ts:/)
    expect(this.proxy.logRecords().filter(({ event }) => event === 'fault')).toEqual([])
  }

  async close(exitCode = 143): Promise<void> {
    expect(await this.proxy.stop()).toBe(exitCode)
    for (const peer of this.#peers) peer.close()
    await this.upstream.close()
  }
}

const isClose = (record: LogRecord): boolean => record.event === 'session.close'
const isTlsFault = (record: LogRecord): boolean =>
  record.event === 'session.tls' && record['reason'] !== undefined
const isWarning = (record: LogRecord): boolean => record.event === 'warning'

describe('a client', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await Stage.open('imap')
  })
  afterEach(() => stage.recover())
  afterAll(() => stage.close())

  it('that speaks HTTP is told that this is an IMAP server', async () => {
    stage.upstream.conduct = saySilence
    const client = await stage.client()
    expect(await client.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n').end()).toBe(
      '* BYE [UNAVAILABLE] imaptap: this is an IMAP server\r\n',
    )
    expect(await stage.next(isWarning)).toMatchObject({
      reason: 'the client speaks HTTP',
      advice: expect.stringMatching(/browser or health check/),
    })
  })

  it('that speaks HTTP behind the greeting is told so too', async () => {
    const client = await stage.client()
    await client.until(/^\* OK fake ready\r\n/)
    await client.send('GET / HTTP/1.1\r\n\r\n').end()
    expect((await stage.next(isClose))['reason']).toBe('the client speaks HTTP')
  })

  it('that speaks TLS to the cleartext port is closed with the reason', async () => {
    stage.upstream.conduct = saySilence
    await expect(Peer.openTls(stage.proxy.ports.imap, { ca: stage.ca })).rejects.toThrow()
    const warning = await stage.next(isWarning)
    expect(warning).toMatchObject({ reason: 'the client speaks TLS to a cleartext port' })
    expect(warning['advice']).toMatch(/STARTTLS/)
  })

  it('that speaks cleartext to the TLS port is closed with the reason', async () => {
    const peer = await Peer.open(stage.proxy.ports.imaps)
    await peer.send('a CAPABILITY\r\n').end()
    peer.close()
    const fault = await stage.next(isTlsFault)
    expect(fault['reason']).toBe('the client spoke cleartext where TLS was due')
    expect(fault['advice']).toMatch(/SSL\/TLS/)
    expect((await stage.next(isClose))['reason']).toBe(fault['reason'])
  })

  it('that speaks HTTP to the TLS port is closed with the reason', async () => {
    const peer = await Peer.open(stage.proxy.ports.imaps)
    await peer.send('GET / HTTP/1.1\r\n\r\n').end()
    peer.close()
    expect((await stage.next(isTlsFault))['reason']).toBe('the client spoke HTTP on an IMAP port')
  })

  it.each(['imap', 'imaps'] as const)(
    'that connects and leaves, as a port scanner does, is logged (%s)',
    async (port) => {
      stage.upstream.conduct = saySilence
      const scanner = await Peer.open(stage.proxy.ports[port])
      scanner.close()
      expect((await stage.next(isClose))['reason']).toMatch(/client/)
      await expect.poll(() => stage.upstream.open).toBe(0)
    },
  )

  it.each(['imap', 'imaps'] as const)('that connects and resets is logged (%s)', async (port) => {
    stage.upstream.conduct = saySilence
    const scanner = await Peer.open(stage.proxy.ports[port])
    scanner.socket.resetAndDestroy()
    expect((await stage.next(isClose))['reason']).toMatch(/client/)
    await expect.poll(() => stage.upstream.open).toBe(0)
  })

  it('that sends NULs and garbage is relayed to the server, which answers for itself', async () => {
    const client = await stage.client()
    await client.until(/^\* OK/)
    await client.send('\0\0\xff\xfe\x80\0\r\n').until(/OK done\r\n/)
    expect(await stage.next(({ event }) => event === 'unreadable')).toMatchObject({ side: 'client' })
    expect(await client.run('b NOOP')).toContain('b OK done\r\n')
  })

  it('that sends a megabyte without a line end before the greeting is told, and cut', async () => {
    stage.upstream.conduct = saySilence
    const client = await stage.client()
    client.send('a'.repeat(1024 * 1024))
    expect(await client.end()).toBe(
      '* BYE [UNAVAILABLE] imaptap: the client sent too much before the greeting\r\n',
    )
    expect((await stage.next(isWarning))['advice']).toMatch(/wait for the greeting/)
  })

  it('that offers only HTTP by ALPN gets the alert that says so', async () => {
    const offer = { ca: stage.ca, servername: 'localhost', ALPNProtocols: ['http/1.1'] }
    await expect(Peer.openTls(stage.proxy.ports.imaps, offer)).rejects.toThrow(/alert number 120/)
    expect((await stage.next(isTlsFault))['reason']).toMatch(/another protocol than IMAP/)
  })

  it('that knows only TLS 1.1 gets an alert, and the log says why', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
    await expect(Peer.openTls(stage.proxy.ports.imaps, { ca: stage.ca, ...old })).rejects.toThrow(/alert/)
    expect((await stage.next(isTlsFault))['reason']).toBe('the client offers only TLS versions before 1.2')
  })
})

describe('a client that refuses our certificate', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await Stage.open('imap')
  })
  afterEach(async () => {
    const fault = await stage.next(isTlsFault)
    expect(fault).toMatchObject({ side: 'client', level: 'warn' })
    expect(fault['advice']).toMatch(/imaptap ca export --ca-dir \S+ > imaptap-ca\.pem/)
    expect((await stage.next(isClose))['reason']).toBe(fault['reason'])
    await stage.recover()
  })
  afterAll(() => stage.close())

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('in silence, as Node does (%s)', async (version) => {
    const options = { servername: 'localhost', minVersion: version, maxVersion: version }
    await expect(Peer.openTls(stage.proxy.ports.imaps, options)).rejects.toThrow(
      /self.signed certificate|issuer/,
    )
  })

  it('in silence after STARTTLS', async () => {
    const client = await stage.client()
    await client.until(/^\* OK/)
    await client.run('a STARTTLS')
    await expect(client.secure({ servername: 'localhost' })).rejects.toThrow(/self.signed certificate|issuer/)
  })

  it.skipIf(openssl === undefined)('by an alert, as OpenSSL does', async () => {
    const args = ['s_client', '-connect', `127.0.0.1:${stage.proxy.ports.imaps}`, '-verify_return_error']
    expect((await run('openssl', args)).code).not.toBe(0)
  })

  it.skipIf(openssl === undefined)('by an alert after STARTTLS, as OpenSSL does', async () => {
    const address = `127.0.0.1:${stage.proxy.ports.imap}`
    const args = ['s_client', '-connect', address, '-starttls', 'imap', '-verify_return_error']
    expect((await run('openssl', args)).code).not.toBe(0)
  })

  it.skipIf(curl === undefined)('as curl does', async () => {
    const { code, stderr } = await run('curl', [
      '-sS',
      `imaps://localhost:${stage.proxy.ports.imaps}/`,
      '-u',
      'a:b',
    ])
    expect([code, stderr]).toEqual([60, expect.stringMatching(/certificate/)])
  })
})

interface BadServer {
  readonly what: string
  readonly conduct: () => Conduct
  /** What the client reads, all of it. */
  readonly client: RegExp
  readonly reason: RegExp
  readonly advice: RegExp
}

const bye = (reason: string): RegExp => new RegExp(`^\\* BYE \\[UNAVAILABLE\\] imaptap: ${reason}\\r\\n$`)

const badCleartext: readonly BadServer[] = [
  ...[
    ['SMTP', '220 mail.example ESMTP\r\n'],
    ['POP3', '+OK POP3 ready\r\n'],
    ['HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['SSH', 'SSH-2.0-OpenSSH_9\r\n'],
  ].map(([name = '', greeting = '']) => ({
    what: `speaks ${name}`,
    conduct: () => say(greeting),
    client: bye(`upstream speaks ${name}, not IMAP`),
    reason: new RegExp(`^upstream speaks ${name}, not IMAP$`),
    advice: /check the port of --upstream/,
  })),
  {
    what: 'closes at once',
    conduct: () => sayAndLeave(''),
    client: bye('upstream closed the connection before its greeting'),
    reason: /^upstream closed the connection before its greeting$/,
    advice: /imaps:\/\//,
  },
  {
    what: 'resets at once',
    conduct: () => reset,
    client: bye('the server cut the connection'),
    reason: /^the server cut the connection$/,
    advice: /log of the server/,
  },
  {
    what: 'greets without a line end and closes',
    conduct: () => sayAndLeave('* OK almost'),
    client: bye('upstream closed the connection before its greeting'),
    reason: /^upstream closed the connection before its greeting$/,
    advice: /--upstream/,
  },
  {
    what: 'begins with a TLS alert, as a TLS port does',
    conduct: () => sayAndLeave('\x15\x03\x01\x00\x02\x02\x0a'),
    client: bye('upstream speaks TLS from the first octet, not IMAP'),
    reason: /^upstream speaks TLS from the first octet, not IMAP$/,
    advice: /993/,
  },
]

describe('a cleartext upstream', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await Stage.open('imap')
  })
  afterEach(() => stage.recover())
  afterAll(() => stage.close())

  it.each(badCleartext)('that $what is explained to the client and in the log', async (bad) => {
    stage.upstream.conduct = bad.conduct()
    const client = await stage.tlsClient()
    expect(await client.end()).toMatch(bad.client)
    const warning = await stage.next(isWarning)
    expect(warning['reason']).toMatch(bad.reason)
    expect(warning['advice']).toMatch(bad.advice)
    expect((await stage.next(isClose))['reason']).toMatch(bad.reason)
  })

  it('that greets with BYE is heard by the client itself', async () => {
    stage.upstream.conduct = sayAndLeave('* BYE too many connections\r\n')
    const client = await stage.tlsClient()
    expect(await client.end()).toBe('* BYE too many connections\r\n')
    client.socket.end()
    expect((await stage.next(isClose))['reason']).toBe('upstream said BYE')
  })

  it('that speaks real TLS where cleartext was configured is silent, and the client that left is logged', async () => {
    stage.upstream.conduct = behindTls(identities.issue('127.0.0.1'), speakImap())
    const client = await stage.client()
    await sleep(50)
    expect(client.received).toBe('')
    client.close()
    expect((await stage.next(isClose))['reason']).toBe('the client left before the greeting')
  })
})

const resetOnHello: Conduct = (socket) => void socket.once('data', () => socket.resetAndDestroy())

describe('an upstream behind TLS', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await Stage.open('imaps')
  })
  afterEach(() => stage.recover())
  afterAll(() => stage.close())

  it.each([
    [
      'has expired',
      () => behindTls(identities.issue('127.0.0.1', -9, -1), speakImap()),
      /has expired/,
      /renewed/,
    ],
    [
      'carries another name',
      () => behindTls(identities.issue('mail.example'), speakImap()),
      /mail\.example/,
      /--upstream-name/,
    ],
  ] as const)('whose certificate %s gets no octet of the client', async (_what, conduct, reason, advice) => {
    stage.upstream.conduct = conduct()
    const client = await stage.tlsClient()
    expect(await client.send('a LOGIN ann lantern\r\n').end()).toMatch(
      /^\* BYE \[UNAVAILABLE\] imaptap: .*\r\n$/,
    )
    const fault = await stage.next(isTlsFault)
    expect(fault).toMatchObject({ side: 'server', level: 'warn' })
    expect(fault['reason']).toMatch(reason)
    expect(fault['advice']).toMatch(advice)
    expect((await stage.next(isClose))['reason']).toBe(fault['reason'])
  })

  it('whose certificate comes from a stranger gets no octet of the client', async () => {
    const stranger = await openIdentities(folder.join('stranger'))
    const lines: string[] = []
    const onLine = (line: string): void => void lines.push(line)
    stage.upstream.conduct = behindTls(stranger.issue('127.0.0.1'), speakImap({ onLine }))
    const client = await stage.tlsClient()
    expect(await client.send('a LOGIN ann lantern\r\n').end()).toMatch(/^\* BYE \[UNAVAILABLE\] /)
    expect((await stage.next(isTlsFault))['advice']).toMatch(/--upstream-ca FILE/)
    expect(lines).toEqual([])
  })

  it.each([
    [
      'speaks cleartext',
      () => say('* OK ready\r\n'),
      /speaks cleartext on this port, not TLS/,
      /imap\+starttls:\/\//,
    ],
    [
      'closes in the handshake',
      () => sayAndLeave(''),
      /hung up during the TLS handshake/,
      /openssl s_client/,
    ],
    ['resets in the handshake', () => resetOnHello, /hung up during the TLS handshake/, /openssl s_client/],
  ] as const)('that %s is explained', async (_what, conduct, reason, advice) => {
    stage.upstream.conduct = conduct()
    const client = await stage.client()
    expect(await client.end()).toMatch(reason)
    const fault = await stage.next(isTlsFault)
    expect(fault['reason']).toMatch(reason)
    expect(fault['advice']).toMatch(advice)
  })
})

describe('an upstream that cannot be reached', () => {
  it.each([
    [
      'because nobody listens',
      async () => `imap://127.0.0.1:${(await findFreePorts(1))[0]}`,
      /nothing accepts connections at 127\.0\.0\.1/,
    ],
    [
      'because nobody listens for TLS',
      async () => `imaps://127.0.0.1:${(await findFreePorts(1))[0]}`,
      /nothing accepts connections at 127\.0\.0\.1/,
    ],
    [
      'under any address of its name',
      async () => `imaps://localhost:${(await findFreePorts(1))[0]}`,
      /nothing accepts connections at localhost/,
    ],
    [
      'because it has no such name',
      () => Promise.resolve('imaps://no-such-host.invalid'),
      /no-such-host\.invalid/,
    ],
  ] as const)('%s is no fault of TLS, and every client is told', async (_what, url, reason) => {
    const proxy = await startProxy({ upstream: await url() })
    for (const port of [proxy.ports.imap, proxy.ports.imap]) {
      const client = await Peer.open(port)
      expect(await client.end()).toMatch(/^\* BYE \[UNAVAILABLE\] imaptap: .*\r\n$/)
      client.close()
    }
    const warning = await proxy.waitForRecord(isWarning)
    expect(warning['reason']).toMatch(reason)
    expect(warning['advice']).toMatch(/--upstream|DNS/)
    expect(proxy.logRecords().filter((record) => isTlsFault(record) && record['side'] === 'server')).toEqual(
      [],
    )
    expect(await proxy.stop()).toBe(143)
  })
})

describe('SIGTERM', () => {
  it('says BYE to the clients that may hear one, and ends with 143 within five seconds', async () => {
    const stage = await Stage.open('imap')
    const acts = { FETCH: (socket: Socket) => void socket.write('* 1 FETCH (BODY[] {100}\r\nbegun') }
    stage.upstream.conduct = speakImap({ acts })
    const [idle, secure, fetching] = [await stage.client(), await stage.tlsClient(), await stage.client()]
    for (const client of [idle, secure, fetching]) await client.until(/^\* OK fake ready\r\n/)
    await fetching.send('a FETCH 1 BODY[]\r\n').until(/begun/)
    const begun = performance.now()
    process.kill(stage.proxy.pid, 'SIGTERM')
    expect(await idle.end()).toBe('* BYE [UNAVAILABLE] imaptap: the proxy is stopping\r\n')
    expect(await secure.end()).toBe('* BYE [UNAVAILABLE] imaptap: the proxy is stopping\r\n')
    expect(await fetching.end()).toBe('')
    await stage.close()
    expect(performance.now() - begun).toBeLessThan(5_000)
  })

  it('is not waited for when a second signal comes', async () => {
    const stage = await Stage.open('imap')
    const client = await stage.client()
    await client.until(/^\* OK fake ready\r\n/)
    process.kill(stage.proxy.pid, 'SIGTERM')
    await client.end()
    // The client does not close: the process would stay for it a while, and then end with 143.
    process.kill(stage.proxy.pid, 'SIGINT')
    const begun = performance.now()
    await client.gone()
    expect(performance.now() - begun).toBeLessThan(400)
    await stage.close(130)
  })
})

describe.skipIf(proc === undefined)('a client that stops reading in a FETCH of 1 GB', () => {
  const chunk = Buffer.from(createHash('sha256').update('block').digest('hex').repeat(1024))
  const total = 1024 * 1024 * 1024
  const sessions = 6

  it('makes the server wait, costs no memory, and gets every octet in the end', async () => {
    const stage = await Stage.open('imap')
    let sent = 0
    const acts = {
      FETCH: (socket: Socket, tag: string) => void stream(socket, tag, (octets) => (sent += octets)),
    }
    stage.upstream.conduct = speakImap({ acts })
    // What is measured is the sessions, not the memory that the first octets of a process take.
    await fetchWhole(await stage.tlsClient())
    const before = residentOctets(stage.proxy.pid)
    sent = 0
    const stalled: Peer[] = []
    // Several, so that what a living process takes and gives back weighs little against what they cost.
    for (let count = 0; count < sessions; count++) stalled.push(await stallIn(stage))
    expect(await settle(() => sent)).toBeLessThan((sessions * total) / 4)
    const grown = (residentOctets(stage.proxy.pid) - before) / sessions
    expect(grown, 'octets of resident memory for each session').toBeLessThan(2 * 1024 * 1024)
    const [client] = stalled
    if (client) await readWhole(client)
    await stage.close()
  }, 90_000)

  async function stallIn(stage: Stage): Promise<Peer> {
    const client = await stage.tlsClient()
    await client.until(/^\* OK/)
    client.socket.removeAllListeners('data').pause()
    return client.send('a FETCH 1 BODY[]\r\n')
  }

  async function readWhole({ socket }: Peer): Promise<void> {
    const hash = createHash('sha256')
    let got = 0
    socket.on('data', (octets: Buffer) => {
      hash.update(octets)
      got += octets.length
    })
    socket.resume()
    await expect.poll(() => got, { timeout: 45_000 }).toBe(expected.octets)
    socket.removeAllListeners('data')
    expect(hash.digest('hex')).toBe(expected.hash)
  }

  const expected = ((): { octets: number; hash: string } => {
    const hash = createHash('sha256')
    const [head, tail] = [`* 1 FETCH (BODY[] {${total}}\r\n`, ')\r\na OK done\r\n']
    hash.update(head)
    for (let left = total; left > 0; left -= chunk.length) hash.update(chunk)
    return { octets: head.length + total + tail.length, hash: hash.update(tail).digest('hex') }
  })()

  async function stream(socket: Socket, tag: string, onSent: (octets: number) => void): Promise<void> {
    socket.write(`* 1 FETCH (BODY[] {${total}}\r\n`)
    for (let left = total; left > 0; left -= chunk.length) {
      onSent(chunk.length)
      if (!socket.write(chunk)) await new Promise((resolve) => socket.once('drain', resolve))
    }
    socket.write(`)\r\n${tag} OK done\r\n`)
  }

  async function fetchWhole(client: Peer): Promise<void> {
    await client.until(/^\* OK/)
    client.socket.removeAllListeners('data')
    client.send('a FETCH 1 BODY[]\r\n')
    await readWhole(client)
    client.close()
  }
})

/** Waits until a figure stands still for a while. */
async function settle(read: () => number): Promise<number> {
  let last = -1
  for (let round = 0; round < 40 && read() !== last; round++) {
    last = read()
    await sleep(250)
  }
  return last
}

function residentOctets(pid: number): number {
  const [, kibibytes = ''] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kibibytes) * 1024
}
