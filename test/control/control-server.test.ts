/** Viewers on the control socket of a real proxy: several, slow, hostile and late ones, while commands flow. */

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RecordDecoder } from '../../src/capture/decode.ts'
import type { Encoder } from '../../src/control/channel.ts'
import { ControlClient, type Subscription } from '../../src/control/control-client.ts'
import { ControlServer, type BreakRule, type ControlHost } from '../../src/control/control-server.ts'
import { controlLimits } from '../../src/control/protocol.ts'
import type { ObservedEvent } from '../../src/findings/finding.ts'
import type { Ruling } from '../../src/relay/hold-rule.ts'
import { FakeUpstream, speakImap } from '../support/fake-upstream.ts'
import { startLiveProxy, type LiveProxy } from '../support/live-proxy.ts'
import { Peer } from '../support/peer.ts'
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts'

let folder: TempFolder
let upstream: FakeUpstream
let live: LiveProxy
let path: string
const closing: { close(): void }[] = []

beforeEach(async () => {
  folder = await createTempFolder('ctl')
  path = folder.join('c.sock')
  upstream = await FakeUpstream.start(
    speakImap({ acts: { IDLE: (socket) => void socket.write('+ idling\r\n') } }),
  )
  live = await startLiveProxy({ upstream: `imap://127.0.0.1:${upstream.port}`, control: { socket: path } })
})

afterEach(async () => {
  for (const one of closing.splice(0)) one.close()
  await live.stop()
  await upstream.close()
  await folder.remove()
})

async function attach(): Promise<ControlClient> {
  const client = await ControlClient.open(path)
  closing.push(client)
  return client
}

async function openSession(): Promise<Peer> {
  const peer = await Peer.open(live.imap)
  closing.push(peer)
  await peer.until(/ready\r\n/)
  return peer
}

class Audience {
  readonly recalled: ObservedEvent[] = []
  readonly events: ObservedEvent[] = []

  subscription(messages = false): Subscription {
    return {
      messages,
      makeDecoder: () => new RecordDecoder(),
      // Copies: exchanges go on.
      onEvent: (event, when) =>
        void (when === 'recalled' ? this.recalled : this.events).push(
          'exchange' in event && event.exchange ? { ...event, exchange: { ...event.exchange } } : event,
        ),
    }
  }

  async until(isWanted: (event: ObservedEvent) => boolean): Promise<ObservedEvent> {
    return waitFor(() => this.events.find(isWanted))
  }

  commands(): readonly string[] {
    return this.events.flatMap((event) => (event.kind === 'exchange-completed' ? [event.exchange.name] : []))
  }
}

async function waitFor<T>(find: () => T | undefined): Promise<T> {
  const deadline = performance.now() + 30_000
  for (;;) {
    const found = find()
    if (found !== undefined) return found
    if (performance.now() > deadline) throw new Error('it did not come in time')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

const isCompletion = (name: string) => (event: ObservedEvent) =>
  event.kind === 'exchange-completed' && event.exchange.name === name

/** Someone who speaks to the socket by hand. */
async function speak(...lines: readonly (string | Buffer)[]): Promise<string> {
  const socket = await dial()
  let heard = ''
  socket.on('data', (chunk: Buffer) => (heard += chunk.toString('latin1')))
  for (const line of lines) socket.write(line)
  await once(socket, 'close')
  return heard
}

async function dial(): Promise<Socket> {
  const socket = connect(path).on('error', () => undefined)
  closing.push({ close: () => socket.destroy() })
  await once(socket, 'connect')
  return socket
}

describe('a viewer', () => {
  it('hears where it is, and on which clock', async () => {
    const client = await attach()
    expect(client.hello).toMatchObject({
      version: 1,
      pid: process.pid,
      upstream: `imap://127.0.0.1:${upstream.port}`,
      caPath: live.proxy.caPath,
    })
    expect(client.hello.listen).toContain(`imap://127.0.0.1:${live.imap}`)
    expect(Math.abs(client.now() - performance.now())).toBeLessThan(1_000)
  })

  it('that comes late hears how live sessions began, where they are, and what is in flight', async () => {
    const peer = await openSession()
    await peer.run('a LOGIN ann secret')
    await peer.run('b SELECT INBOX')
    await peer.send('c IDLE\r\n').until(/\+ idling\r\n/)
    const gone = await openSession()
    await gone.run('z LOGOUT')
    gone.close()
    await live.next('closed')
    const audience = new Audience()
    await (await attach()).subscribe(audience.subscription())
    expect(audience.recalled.map(({ kind, session }) => `${session} ${kind}`)).toEqual([
      'S1 opened',
      'S1 changed',
      'S1 exchange-opened',
    ])
    const [opened] = audience.recalled
    expect(opened).toMatchObject({ view: { state: 'selected', user: 'ann', mailbox: { name: 'INBOX' } } })
    expect(opened?.at).toBeCloseTo(live.of('opened')[0]?.at ?? 0, 2)
    expect(audience.recalled.at(-1)).toMatchObject({ exchange: { name: 'IDLE', tag: 'c' } })
  })

  it('hears everything from then on, as the bus told it', async () => {
    const audience = new Audience()
    await (await attach()).subscribe(audience.subscription())
    const peer = await openSession()
    await peer.run('a LOGIN ann secret')
    await peer.run('b SELECT INBOX')
    await peer.run('c LOGOUT')
    peer.close()
    await audience.until(({ kind }) => kind === 'closed')
    expect(audience.events.map(({ kind }) => kind)).toEqual(live.events.map(({ kind }) => kind))
    const selected = audience.events.find(isCompletion('SELECT'))
    expect(selected).toMatchObject({ session: 'S1', view: { user: 'ann', mailbox: { name: 'INBOX' } } })
    expect(JSON.stringify(audience.events)).not.toContain('secret')
  })

  it('hears messages only where it asked for them', async () => {
    const [plain, full] = [new Audience(), new Audience()]
    await (await attach()).subscribe(plain.subscription())
    await (await attach()).subscribe(full.subscription(true))
    const peer = await openSession()
    await peer.run('a LOGIN ann secret')
    await Promise.all([plain, full].map((audience) => audience.until(isCompletion('LOGIN'))))
    expect(plain.events.some(({ kind }) => kind === 'message')).toBe(false)
    const message = full.events.find((event) => event.kind === 'message' && event.side === 'client')
    const shown = message?.kind === 'message' ? message.message.raw.parts : []
    expect(Buffer.concat(shown.map(({ octets = new Uint8Array() }) => octets)).toString()).toMatch(
      /^a LOGIN x+ x+\r\n$|^a LOGIN ann x+\r\n$/,
    )
  })

  it('that was there before is told nothing twice when others come, and misses nothing', async () => {
    const first = new Audience()
    await (await attach()).subscribe(first.subscription(true))
    const peer = await openSession()
    await peer.run('a LOGIN ann secret')
    await first.until(isCompletion('LOGIN'))
    for (let count = 0; count < 5; count++) {
      await (await attach()).subscribe(new Audience().subscription(count % 2 === 0))
      await peer.run(`n${count} NOOP`)
    }
    await peer.run('b SELECT INBOX')
    await first.until(isCompletion('SELECT'))
    expect(first.recalled).toEqual([])
    expect(first.commands()).toEqual(['LOGIN', 'NOOP', 'NOOP', 'NOOP', 'NOOP', 'NOOP', 'SELECT'])
    expect(first.events.find(isCompletion('SELECT'))).toMatchObject({ view: { user: 'ann' } })
  })

  it('sees the sessions as a table, and ends one of them', async () => {
    const client = await attach()
    const peer = await openSession()
    await peer.run('a LOGIN ann secret')
    await openSession()
    const sessions = await client.sessions()
    expect(sessions.map(({ id, state, user }) => [id, state, user])).toEqual([
      ['S1', 'authenticated', 'ann'],
      ['S2', 'not-authenticated', undefined],
    ])
    expect(sessions[0]).toMatchObject({ commands: 1, octetsIn: 20 })
    expect(await client.kill('S1')).toBe(true)
    expect(await peer.end()).toContain('BYE')
    expect(await client.kill('S1\u0000')).toBe(false)
    expect((await client.sessions()).map(({ id }) => id)).toEqual(['S2'])
  })

  it('hears the sessions end, and why it hears no more, when the proxy stops', async () => {
    const audience = new Audience()
    const client = await attach()
    await client.subscribe(audience.subscription())
    await openSession()
    await live.proxy.stop()
    expect(await client.ended).toBe('it has ended')
    expect(audience.events.at(-1)).toMatchObject({ kind: 'closed', session: 'S1' })
    await expect(client.sessions()).rejects.toThrow('it has ended')
    await expect(ControlClient.open(path)).rejects.toThrow('no control socket at')
  })

  it('leaves no trace: nothing is told to nobody', async () => {
    const client = await attach()
    await client.subscribe(new Audience().subscription(true))
    expect(live.proxy.bus.interests.messages).toBe(true)
    client.close()
    await waitFor(() => (live.proxy.bus.interests.messages ? undefined : true))
  })
})

describe('what is no viewer', () => {
  it.each<[string, string | Buffer]>([
    ['IMAP', 'a1 CAPABILITY\r\n'],
    ['HTTP', 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['octets', Buffer.from([0, 255, 254, 10, 10])],
    ['JSON of another kind', '[1,2,3]\n'],
    ['a deep nest', `${'['.repeat(100_000)}\n`],
    ['a request before hello', '{"id":1,"ask":"sessions"}\n'],
    ['another version', '{"id":1,"ask":"hello","version":2}\n'],
    ['a line without an end', 'x'.repeat(controlLimits.requestOctets + 1)],
  ])('is told so and sent away: %s', async (_, said) => {
    const heard = await speak(said)
    expect(heard).toMatch(/^\{"imaptap":"control".*\n\{"bye":".+"\}\n$/)
    const peer = await openSession()
    expect(await peer.run('a NOOP')).toContain('a OK')
    await attach()
  })

  it('may hang up in the middle of anything', async () => {
    for (const said of ['', '{"id":1', '{"id":1,"ask":"hello","version":1}\n{"id":2,"ask":"subscribe"}\n']) {
      const socket = await dial()
      socket.write(said)
      socket.destroy()
    }
    const client = await attach()
    expect(await client.sessions()).toEqual([])
  })

  it('is answered what it asks for in vain, and stays', async () => {
    const client = await attach()
    const socket = await dial()
    let heard = ''
    socket.on('data', (chunk: Buffer) => (heard += chunk.toString()))
    socket.write('{"id":1,"ask":"hello","version":1}\n{"id":7,"ask":"fly"}\n{"id":8,"ask":"sessions"}\n')
    await waitFor(() => (heard.includes('"answer":8') ? true : undefined))
    expect(heard).toContain('{"answer":7,"problem":"this imaptap does not know that question"}')
    expect(await client.sessions()).toEqual([])
  })

  it('cannot drown the others by asking for everything again and again', async () => {
    await openSession()
    const other = await dial()
    let heard = ''
    other.on('data', (chunk: Buffer) => (heard += chunk.toString()))
    other.write('{"id":1,"ask":"hello","version":1}\n{"id":2,"ask":"subscribe"}\n')
    const subscribe = [1, 2, 3].map((id) => `{"id":${id},"ask":"subscribe","messages":${id === 2}}\n`)
    const socket = await dial()
    let told = ''
    socket.on('data', (chunk: Buffer) => (told += chunk.toString()))
    socket.write(`{"id":1,"ask":"hello","version":1}\n${subscribe.join('')}`)
    await waitFor(() => (told.includes('"answer":3') ? true : undefined))
    expect(told.match(/it is subscribed already/gu)).toHaveLength(2)
    await waitFor(() => (heard.split('{"recall":"end"}').length > 2 ? true : undefined))
    expect(heard.split('{"recall":"end"}')).toHaveLength(3)
  })

  it('finds only so many places', async () => {
    for (let count = 0; count < controlLimits.viewers; count++) await attach()
    await expect(ControlClient.open(path)).rejects.toThrow('as many viewers as it takes')
  })
})

describe('a breakpoint of a viewer', () => {
  const isHeld = (event: ObservedEvent): boolean => event.kind === 'held'

  async function holdAt(filter: string): Promise<[ControlClient, Audience]> {
    const [client, audience] = [await attach(), new Audience()]
    await client.subscribe(audience.subscription(true))
    expect(await client.break(filter, 60_000)).toBeUndefined()
    return [client, audience]
  }

  it('holds what the filter fits, and lets it go on edited', async () => {
    const lines: string[] = []
    upstream.conduct = speakImap({ onLine: (line) => void lines.push(line) })
    const [client, audience] = await holdAt('~c SELECT & ~u ann')
    const peer = await openSession()
    await peer.run('a LOGIN ann secret')
    peer.send('b SELECT INBOX\r\n')
    const held = await audience.until(isHeld)
    if (held.kind !== 'held') throw new Error('not held')
    expect(held).toMatchObject({ session: 'S1', side: 'client', isEditable: true })
    const late = new Audience()
    await (await attach()).subscribe(late.subscription(true))
    expect(late.recalled.at(-1)).toMatchObject({ kind: 'held', ticket: held.ticket })
    const octets = Buffer.from('b EXAMINE INBOX\r\n')
    expect(await client.rule('S1', held.ticket, { kind: 'replace', octets })).toBeUndefined()
    await peer.until(/b OK/)
    expect(lines).toEqual(['a LOGIN ann secret', 'b EXAMINE INBOX'])
    await late.until(({ kind }) => kind === 'released')
    expect(await client.rule('S1', held.ticket, { kind: 'forward' })).toContain('nothing is held')
  })

  it('ends with it: what it held goes on', async () => {
    const [client, audience] = await holdAt('~c NOOP')
    const peer = await openSession()
    peer.send('a NOOP\r\n')
    await audience.until(isHeld)
    client.close()
    await peer.until(/a OK/)
    expect(await peer.run('b NOOP')).toContain('b OK')
  })

  it('of which something was blanked on its way cannot be edited', async () => {
    const [, audience] = await holdAt('~c APPEND')
    const peer = await openSession()
    peer.send('a APPEND INBOX {5+}\r\nhello\r\n')
    expect(await audience.until(isHeld)).toMatchObject({ isEditable: false })
  })

  it('needs a filter that can be read', async () => {
    expect(await (await attach()).break('~c (', 10)).toMatch(/^at \d+: /)
  })
})

/** A proxy that only remembers what it was asked. */
class Host implements ControlHost {
  readonly asked: string[] = []
  readonly breakpoints = {
    set: (_: object, { filter, timeoutMillis }: BreakRule) => {
      this.asked.push(`set ${filter} ${timeoutMillis}`)
      return filter === '(' ? 'at 2: it ends too early' : undefined
    },
    rule: (session: string, ticket: number, ruling: Ruling) => {
      this.asked.push(`rule ${session} ${ticket} ${ruling.kind}`)
      return ticket === 1 ? undefined : 'nothing is held there'
    },
    drop: () => void this.asked.push('drop'),
  }
  describe = () => ({ upstream: 'imap://x', listen: [], caPath: undefined, hasFindings: false })
  now = () => 0
  makeEncoder = (): Encoder => ({ encode: () => undefined })
  listeners = new Set<(event: ObservedEvent) => void>()
  subscribe = (listener: (event: ObservedEvent) => void) => {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }
  /** To those of now: who comes because of it hears the next. */
  tell(event: ObservedEvent): void {
    const listening = [...this.listeners]
    for (const listener of listening) listener(event)
  }
  recall = () => []
  sessions = () => []
  kill = () => false
}

/** In the place of the real one. */
async function serve(host: ControlHost): Promise<ControlClient> {
  const server = new ControlServer(host)
  path = folder.join('b.sock')
  await server.start({ path, folder: 'given' })
  stopping.push(() => server.stop())
  return attach()
}

const stopping: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const stop of stopping.splice(0)) await stop()
})

describe('a viewer that does not read', () => {
  const event: ObservedEvent = { kind: 'released', session: 'S1', at: 0, ticket: 1, how: 'gone' }
  const mebibyte = 1024 * 1024

  /** Every event is told in a line of a mebibyte. */
  class LoudHost extends Host {
    encoded = 0
    override makeEncoder = () => ({
      encode: () => {
        this.encoded += 1
        return `{"event":"${'x'.repeat(mebibyte)}"}`
      },
    })
  }

  it('is dropped within bounds, while another hears everything; each line is made once', async () => {
    const host = new LoudHost()
    const client = await serve(host)
    const heard: number[] = []
    const subscription = (): Subscription => ({
      messages: true,
      makeDecoder: () => ({ decode: ({ length }) => (heard.push(length), event) }),
      onEvent: () => undefined,
    })
    const stuck = await dial()
    stuck.pause()
    stuck.write('{"id":1,"ask":"hello","version":1}\n{"id":2,"ask":"subscribe","messages":true}\n')
    await client.subscribe(subscription())
    await waitFor(() => (host.listeners.size === 1 ? true : undefined))
    const count = controlLimits.backlogOctets / mebibyte + 20
    for (let told = 1; told <= count; told++) {
      host.tell(event)
      await waitFor(() => (heard.length === told ? true : undefined))
    }
    expect(host.encoded).toBe(count)
    // All that had waited for it, and what the system holds between the two.
    let waited = 0
    stuck.on('data', ({ length }) => (waited += length))
    stuck.resume()
    await waitFor(() => (stuck.closed ? true : undefined))
    expect(waited).toBeLessThan(controlLimits.backlogOctets + 4 * mebibyte)
    expect(await client.sessions()).toEqual([])
  })

  it('hears why, if it reads again in time', async () => {
    const host = new LoudHost()
    const client = await serve(host)
    let hold: () => void = () => undefined
    const held = new Promise<void>((resolve) => (hold = resolve))
    await client.subscribe({
      messages: true,
      makeDecoder: () => ({ decode: () => event }),
      onEvent: () => undefined,
      settle: () => held,
    })
    const count = controlLimits.backlogOctets / mebibyte + 4
    for (let told = 0; told < count; told++) host.tell(event)
    hold()
    expect(await client.ended).toContain('let this viewer go, which read too slowly')
  })
})

describe('breakpoints', () => {
  it('are set, ruled and ended by a viewer, and end with it', async () => {
    const host = new Host()
    const client = await serve(host)
    expect(await client.break('(', 10)).toBe('at 2: it ends too early')
    expect(await client.break('~c FETCH', 30_000)).toBeUndefined()
    expect(await client.rule('S1', 1, { kind: 'forward' })).toBeUndefined()
    expect(await client.rule('S1', 2, { kind: 'answer', status: 'NO', text: 'x' })).toBe(
      'nothing is held there',
    )
    expect(await client.break(undefined, 0)).toBeUndefined()
    client.close()
    await waitFor(() => (host.asked.length === 6 ? true : undefined))
    expect(host.asked).toEqual([
      'set ( 10',
      'set ~c FETCH 30000',
      'rule S1 1 forward',
      'rule S1 2 answer',
      'drop',
      'drop',
    ])
  })

  it('hold within bounds', async () => {
    const host = new Host()
    const client = await serve(host)
    const wrong = [0, -1, 1.5, controlLimits.holdMillis + 1]
    for (const millis of wrong)
      expect(await client.break('x', millis)).toContain('from 1 to 600000 milliseconds')
    expect(host.asked).toEqual([])
  })

  it('are refused by a proxy that has none', async () => {
    const host: ControlHost = Object.assign(new Host(), { breakpoints: undefined })
    const client = await serve(host)
    expect(await client.break('x', 10)).toBe('this imaptap has no breakpoints')
    expect(await client.rule('S1', 1, { kind: 'forward' })).toBe('this imaptap has no breakpoints')
  })
})
