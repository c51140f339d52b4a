import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls, TLSSocket } from 'node:tls'
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib'
import { afterEach, describe, expect, it, vi } from 'vitest'

import { Authority } from '../../src/net/authority.ts'
import { Leg, type LegListener } from '../../src/net/leg.ts'
import { GATHERED } from '../../src/net/write-behind.ts'
import { createTempFolder } from '../support/temp-folder.ts'
import { listen, portOf } from './handshake.ts'

const opened: { destroy(): unknown }[] = []
afterEach(() => {
  vi.useRealTimers()
  for (const one of opened.splice(0)) one.destroy()
})

interface Pair {
  readonly leg: Leg
  /** The other end of the wire, which reads nothing until it is resumed. */
  readonly peer: Socket
  /** What the leg told, one word each; octets as they are. */
  readonly told: string[]
}

async function makePair(): Promise<Pair> {
  const server = createServer({ allowHalfOpen: true })
  await listen(server)
  const accepted = once(server, 'connection')
  const peer = connect({ port: portOf(server), host: '127.0.0.1', allowHalfOpen: true })
  peer.on('error', () => undefined)
  const [socket]: Socket[] = await accepted
  server.close()
  if (!socket) throw new Error('nobody was accepted')
  const told: string[] = []
  const listener: LegListener = {
    onData: (octets) => void told.push(Buffer.from(octets).toString()),
    onEnd: () => void told.push('END'),
    onError: (error) => void told.push(`ERROR ${'code' in error ? String(error.code) : error.message}`),
    onClose: () => void told.push('CLOSE'),
    onDrain: () => void told.push('DRAIN'),
  }
  opened.push(socket, peer)
  return { leg: new Leg(socket, listener), peer, told }
}

/** Writes until the leg asks for a pause, and answers what was written. */
function fill(leg: Leg, chunk: Buffer): number {
  let written = chunk.length
  while (leg.write(chunk) && written < 64 * 1024 * 1024) written += chunk.length
  return written
}

function count(peer: Socket): () => number {
  let octets = 0
  peer.on('data', (chunk: Buffer) => (octets += chunk.length))
  return () => octets
}

describe('a leg', () => {
  it('tells nothing of what comes before it is read, and loses nothing of it', async () => {
    const { leg, peer, told } = await makePair()
    peer.write('early')
    await sleep(20)
    expect(told).toEqual([])
    leg.read()
    await expect.poll(() => told).toEqual(['early'])
  })

  it('asks for a pause when the peer does not read, and tells when it may go on', async () => {
    const { leg, peer, told } = await makePair()
    const written = fill(leg, Buffer.alloc(GATHERED / 2))
    expect(written).toBeLessThan(64 * 1024 * 1024)
    expect(told).toEqual([])
    const got = count(peer)
    await expect.poll(got).toBe(written)
    expect(told).toEqual(['DRAIN'])
    expect(leg.write(Buffer.from('more'))).toBe(true)
  })

  it.each(['plain', 'deflate'] as const)(
    'is read again once no reason to pause is left: %s',
    async (coding) => {
      const { leg, peer, told } = await makePair()
      leg.read()
      for (const reason of ['drain', 'engine'] as const) leg.pause(reason)
      // What was read before its compression began waits as well.
      if (coding === 'deflate') leg.readAs(coding, deflateRawSync('text'))
      else peer.write('text')
      leg.resume('drain')
      await sleep(20)
      expect(told).toEqual([])
      leg.resume('engine')
      await expect.poll(() => told).toEqual(['text'])
    },
  )

  it('may be given the same memory again and again', async () => {
    const { leg, peer } = await makePair()
    const lent = Buffer.alloc(1000)
    const chunks: Buffer[] = []
    peer.on('data', (chunk: Buffer) => chunks.push(chunk))
    for (let round = 0; round < 200; round++) leg.write(lent.fill(round))
    await expect.poll(() => Buffer.concat(chunks).length).toBe(200_000)
    const expected = Buffer.concat(Array.from({ length: 200 }, (_, round) => Buffer.alloc(1000, round)))
    expect(Buffer.concat(chunks).equals(expected)).toBe(true)
  })

  it.each(['end', 'close'] as const)('sends everything that was written before its %s', async (how) => {
    const { leg, peer } = await makePair()
    const written = fill(leg, Buffer.alloc(GATHERED))
    leg[how]()
    leg.write(Buffer.from('too late'))
    const got = count(peer)
    await once(peer, 'end')
    expect(got()).toBe(written)
  })

  it('still reads behind its own end', async () => {
    const { leg, peer, told } = await makePair()
    leg.read()
    leg.end()
    await once(peer.resume(), 'end')
    peer.end('last words')
    await expect.poll(() => told).toEqual(['last words', 'END', 'CLOSE'])
  })

  it('closes after five seconds on a peer that takes nothing', async () => {
    const { leg, told } = await makePair()
    fill(leg, Buffer.alloc(GATHERED))
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    leg.close(500)
    vi.advanceTimersByTime(4_999)
    expect(leg.socket.destroyed).toBe(false)
    vi.advanceTimersByTime(1)
    expect(leg.socket.destroyed).toBe(true)
    vi.useRealTimers()
    await expect.poll(() => told).toContain('CLOSE')
  })

  it('closes at once, or leaves a peer that talks on some time to hear the end', async () => {
    for (const linger of [0, 300]) {
      const { leg, peer } = await makePair()
      leg.read()
      leg.close(linger)
      await once(peer.resume(), 'end')
      const closed = sleep(20).then(() => leg.socket.destroyed)
      expect(await closed).toBe(linger === 0)
      await expect.poll(() => leg.socket.destroyed).toBe(true)
    }
  })

  it('closes as soon as the peer does', async () => {
    const { leg, peer } = await makePair()
    leg.close(60_000)
    await once(peer.resume(), 'end')
    peer.end()
    await expect.poll(() => leg.socket.destroyed).toBe(true)
  })

  it('tells of a reset once, and then of the end', async () => {
    const { leg, peer, told } = await makePair()
    leg.read()
    peer.resetAndDestroy()
    await expect.poll(() => told).toEqual(['ERROR ECONNRESET', 'CLOSE'])
    expect(leg.write(Buffer.from('x'))).toBe(true)
  })
})

describe('a leg whose socket was replaced by TLS while a write in the clear was under way', () => {
  it('does not take the end of that write for the end of one of its own', async () => {
    const folder = await createTempFolder('leg')
    const authority = await Authority.open({ dir: folder.path, leafKey: 'ecdsa' })
    const { leg, peer } = await makePair()
    const clear = fill(leg, Buffer.alloc(1024 * 1024, 'a'))
    leg.replace(
      (socket) => new TLSSocket(socket, { isServer: true, secureContext: authority.contextFor('x') }),
    )
    // The memory is used again after each write, as that of the upstream sockets is.
    const shared = Buffer.alloc(64 * 1024)
    const say = (letter: string): void => void leg.write(shared.fill(letter))
    say('1')
    const secured = await takeClear(peer, clear)
    for (const letter of '23456789') {
      await sleep(1)
      say(letter)
    }
    let text = ''
    secured.on('data', (chunk: Buffer) => (text += chunk.toString()))
    await vi.waitFor(() => expect(text.length).toBe(9 * shared.length))
    expect(text.replace(/(.)\1*/g, '$1')).toBe('123456789')
    await folder.remove()
  })
})

/** Reads what came in the clear, and begins TLS on what is behind it. */
function takeClear(peer: Socket, octets: number): Promise<TLSSocket> {
  return new Promise((resolve) => {
    let taken = 0
    const take = (chunk: Buffer): void => {
      taken += chunk.length
      if (taken < octets) return
      peer.off('data', take).pause()
      resolve(connectTls({ socket: peer, rejectUnauthorized: false }))
    }
    peer.on('data', take)
  })
}

describe('a leg that is compressed', () => {
  it('writes each octet as it was to be written, however fast that changes', async () => {
    const { leg, peer } = await makePair()
    const chunks: Buffer[] = []
    peer.on('data', (chunk: Buffer) => chunks.push(chunk))
    leg.write(Buffer.from('one'))
    for (const round of [1, 2, 3]) {
      leg.writeAs('deflate')
      leg.write(Buffer.from(`[${round}`))
      leg.write(Buffer.from(']'))
      leg.writeAs('plain')
      leg.write(Buffer.from('plain'))
    }
    leg.end()
    await once(peer, 'end')
    const wire = Buffer.concat(chunks)
    let text = ''
    for (let at = 0; at < wire.length;) {
      const begins = wire.indexOf('plain', at)
      const isFirst = at === 0
      const coded = wire.subarray(isFirst ? 3 : at, begins)
      text += `${isFirst ? wire.subarray(0, 3).toString() : ''}${inflateRawSync(coded, { finishFlush: constants.Z_SYNC_FLUSH }).toString()}plain`
      at = begins + 5
    }
    expect(text).toBe('one[1]plain[2]plain[3]plain')
  })

  it('reads what came before its peer closed, also after that', async () => {
    const { leg, peer, told } = await makePair()
    leg.read()
    leg.readAs('deflate', deflateRawSync('a'.repeat(9), { finishFlush: constants.Z_SYNC_FLUSH }))
    leg.end()
    peer.end(deflateRawSync('b'.repeat(9)))
    await expect.poll(() => told).toContain('CLOSE')
    expect(told.join(' ')).toBe(`${'a'.repeat(9)} ${'b'.repeat(9)} END CLOSE`)
  })
})
