/** What a client may do before it is logged in, and how much it gets, over real sockets; a crowd that says nothing (threat 47). */

import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createSecureContext } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'

import type { Listen, Upstream } from '../../src/config/config.ts'
import { Connection, type ConnectionContext } from '../../src/net/connection.ts'
import { Dialer } from '../../src/net/dialer.ts'
import { Listener } from '../../src/net/listener.ts'
import type { LoginBounds } from '../../src/net/login-watch.ts'
import { makeRules } from '../../src/policy/rules.ts'
import type { ProxyEvent } from '../../src/relay/event.ts'
import { FakeUpstream, speakImap, type ImapOptions } from '../support/fake-upstream.ts'
import { Peer } from '../support/peer.ts'

let upstream: FakeUpstream
let listener: Listener
const connections = new Set<Connection>()
const peers: Peer[] = []

afterEach(async () => {
  for (const peer of peers.splice(0)) peer.close()
  for (const connection of connections) connection.kill('the test is over')
  listener.stop()
  await upstream.close()
})

const unbounded: LoginBounds = { millis: 60_000, octets: undefined }
const much = `* 1 FETCH (BODY[] {8000000}\r\n${'x'.repeat(8_000_000)})\r\n`
const fetchMuch: ImapOptions = {
  acts: { FETCH: (socket, tag) => void socket.write(`${much}${tag} OK done\r\n`) },
}

interface Stand {
  readonly events: ProxyEvent[]
  readonly open: () => Promise<Peer>
}

/** Sessions in the clear on both sides, whose clients have to log in within these bounds. */
async function begin(loginBounds: LoginBounds, meter?: Wishes['meter']): Promise<Stand> {
  const events: ProxyEvent[] = []
  upstream = await FakeUpstream.start(speakImap(fetchMuch))
  const publish = (event: ProxyEvent): void => void events.push(event)
  const context = makeContext(upstream.port, { loginBounds, meter, publish })
  let sessions = 0
  listener = new Listener({
    host: '127.0.0.1',
    port: 0,
    onClient: (accepted) => void connections.add(new Connection(`S${(sessions += 1)}`, accepted, context)),
    onError: (error) => void Promise.reject(error),
  })
  const port = await listener.start()
  const open = async (): Promise<Peer> => {
    const peer = await Peer.open(port)
    peers.push(peer)
    return peer
  }
  return { events, open }
}

interface Wishes {
  readonly loginBounds: LoginBounds
  readonly meter: ConnectionContext['meter']
  readonly publish: (event: ProxyEvent) => void
}

function makeContext(port: number, { loginBounds, meter, publish }: Wishes): ConnectionContext {
  const listen: Listen = { protocol: 'imap', host: '127.0.0.1', port: 1143 }
  const target: Upstream = {
    protocol: 'imap',
    host: '127.0.0.1',
    port,
    ca: undefined,
    name: undefined,
    isInsecure: false,
  }
  const digest = () => undefined
  return {
    listen,
    listenerUrl: 'imap://127.0.0.1:1143',
    upstream: target,
    upstreamUrl: `imap://127.0.0.1:${port}`,
    dialer: new Dialer({ upstream: target, ca: undefined, onKeyLog: undefined }),
    certificates: { fixed: undefined, contextFor: () => createSecureContext() },
    caPath: undefined,
    relay: {
      decider: makeRules({ hideCapabilities: [] }),
      interests: { messages: false },
      digesters: { client: digest, server: digest },
    },
    loginBounds: () => loginBounds,
    meter,
    makeTag: () => 'T1',
    now: () => performance.now(),
    publish,
    onKeyLog: undefined,
    onClosed: (connection) => void connections.delete(connection),
  }
}

const reasons = (events: readonly ProxyEvent[]): string[] =>
  events.flatMap((event) => (event.kind === 'closed' ? [event.reason] : []))

/** What the log and the audit are told of it, and that it came before the end of the session. */
const limited = (events: readonly ProxyEvent[]): string[] =>
  events
    .slice(0, events.findIndex(({ kind }) => kind === 'closed') + 1)
    .flatMap((event) => (event.kind === 'decided' ? [event.decided] : []))
    .map(({ rule, effect, why, level }) => [rule, effect, level, why].join(' '))

const logIn: string = 'a LOGIN ann secret'

describe('before login', () => {
  it('a client has its time, and hears why it is over', async () => {
    const { events, open } = await begin({ millis: 300, octets: undefined })
    const peer = await open()
    await peer.until(/^\* OK .*\r\n/)
    await peer.run('a NOOP')
    expect(await peer.end()).toBe(
      '* BYE [UNAVAILABLE] imaptap: no login within 0.3 s (limit preAuthTime)\r\n',
    )
    expect(reasons(events)).toEqual(['no login within 0.3 s (limit preAuthTime)'])
    expect(limited(events)).toEqual(['limit close audit preAuthTime: no login within 0.3 s'])
    await expect.poll(() => upstream.open).toBe(0)
  })

  it('a client has its octets, in however many commands', async () => {
    const { events, open } = await begin({ millis: 60_000, octets: 1000 })
    const peer = await open()
    await peer.until(/^\* OK .*\r\n/)
    for (let n = 0; n < 50; n++) peer.send('a NOOP padding!!!!!\r\n')
    peer.send('x'.repeat(10))
    expect(await peer.end()).toContain(
      '* BYE [UNAVAILABLE] imaptap: more than 1000 octets before login (limit preAuthOctets)\r\n',
    )
    expect(reasons(events)).toEqual(['more than 1000 octets before login (limit preAuthOctets)'])
    expect(limited(events)).toEqual(['limit close audit preAuthOctets: more than 1000 octets before login'])
  })

  it('a client that has said farewell is kept from nothing when its time is over', async () => {
    const { events, open } = await begin({ millis: 300, octets: undefined })
    const peer = await open()
    await peer.until(/^\* OK .*\r\n/)
    await peer.run('a LOGOUT')
    await expect.poll(() => reasons(events)).toEqual(['logout'])
    await sleep(400)
    expect(events.map(({ kind }) => kind)).not.toContain('decided')
  })

  it('a line that never ends does not hide its octets', async () => {
    const { events, open } = await begin({ millis: 60_000, octets: 1000 })
    const peer = await open()
    await peer.until(/^\* OK .*\r\n/)
    for (let n = 0; n < 11; n++) peer.send('x'.repeat(100))
    await peer.end()
    expect(reasons(events)).toEqual(['more than 1000 octets before login (limit preAuthOctets)'])
  })
})

describe('once logged in', () => {
  it('a client has all the time, and as many octets as it likes', async () => {
    const { events, open } = await begin({ millis: 300, octets: 100 })
    const peer = await open()
    await peer.until(/^\* OK .*\r\n/)
    await peer.run(logIn)
    await sleep(600)
    for (let n = 0; n < 20; n++) expect(await peer.run(`b${n} NOOP`)).toContain('OK')
    expect(reasons(events)).toEqual([])
  })
})

describe('what a client gets', () => {
  it('is counted to the octet, from the greeting on', async () => {
    let counted = 0
    const { open } = await begin(unbounded, (_session, octets) => void (counted += octets))
    const peer = await open()
    let received = await peer.until(/^\* OK .*\r\n/)
    received += await peer.run('a NOOP')
    received += await peer.run('b FETCH 1 BODY[]')
    expect(counted).toBe(received.length)
  })

  it('ends within a response that passes a limit, and the reason is kept', async () => {
    let counted = 0
    const meter: ConnectionContext['meter'] = (session, octets) =>
      (counted += octets) > 100_000 ? `${session} got too much` : undefined
    const { events, open } = await begin(unbounded, meter)
    const peer = await open()
    await peer.until(/^\* OK .*\r\n/)
    const received = await peer.send('a FETCH 1 BODY[]\r\n').end()
    expect(received.length).toBeGreaterThan(100_000)
    expect(received.length).toBeLessThan(much.length)
    expect(received).not.toContain('a OK')
    expect(reasons(events)).toEqual(['S1 got too much'])
    expect(limited(events)).toEqual(['limit close audit S1 got too much'])
  })
})

describe('a crowd that says an octet now and then (threat 47)', () => {
  it('is gone after its time, and an honest login is answered meanwhile', async () => {
    const { events, open } = await begin({ millis: 1_500, octets: undefined })
    const crowd = await Promise.all(Array.from({ length: 300 }, open))
    const dribble = setInterval(() => crowd.forEach(({ socket }) => drip(socket)), 200)
    const honest = await open()
    await honest.until(/^\* OK .*\r\n/)
    expect(await honest.run(logIn)).toContain('a OK')
    await Promise.all(crowd.map((peer) => peer.end()))
    clearInterval(dribble)
    expect(new Set(reasons(events))).toEqual(new Set(['no login within 1.5 s (limit preAuthTime)']))
    expect(await honest.run('b NOOP')).toContain('b OK')
    expect(connections.size).toBe(1)
  })
})

function drip(socket: Socket): void {
  if (socket.writable) socket.write('x')
}
