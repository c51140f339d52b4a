/** Sessions over real sockets whose legs are compressed, one, the other or both: what arrives, when, and how it ends. */

import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { deflateRawSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import type { Config } from '../../src/config/config.ts'
import { CompressedPeer, compressingServer, deflated, type CompressingServer } from '../support/compressed.ts'
import { behindTls, FakeUpstream, speakImap, type Conduct } from '../support/fake-upstream.ts'
import { openIdentities, type Identities } from '../support/identities.ts'
import { startLiveProxy, type LiveProxy } from '../support/live-proxy.ts'
import { Peer } from '../support/peer.ts'
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts'

let folder: TempFolder
let identities: Identities
beforeAll(async () => {
  folder = await createTempFolder('zlib')
  identities = await openIdentities(folder.join('upstream-ca'))
})
afterAll(() => folder.remove())

let upstream: FakeUpstream
let live: LiveProxy
const peers: Peer[] = []
afterEach(async () => {
  for (const peer of peers.splice(0)) peer.close()
  await live.stop()
  await upstream.close()
})

/** TLS to the client and to upstream. */
async function begin(conduct: Conduct, compress: Config['compress']): Promise<Peer> {
  upstream = await FakeUpstream.start(behindTls(identities.issue('127.0.0.1'), conduct))
  const url = `imaps://127.0.0.1:${upstream.port}`
  live = await startLiveProxy({ upstream: url, upstreamCa: identities.caFile, compress })
  return open()
}

async function open(): Promise<Peer> {
  const peer = await Peer.openTls(live.imaps, { ca: live.ca, servername: 'localhost' })
  peers.push(peer)
  await peer.until(/^\* OK .*\r\n/)
  return peer
}

async function compressed(server: CompressingServer, mode: Config['compress']): Promise<CompressedPeer> {
  const peer = await begin(server.conduct, mode)
  await peer.run('l LOGIN ann secret')
  await peer.run('c COMPRESS DEFLATE')
  return new CompressedPeer(peer)
}

const modes: readonly [Config['compress'], client: boolean, upstream: boolean][] = [
  ['follow', true, true],
  ['client', true, false],
  ['upstream', false, true],
  ['both', true, true],
  ['never', false, false],
]

describe.each(modes)('%s', (mode, isClient, isUpstream) => {
  it(`compresses the client: ${isClient}, upstream: ${isUpstream}`, async () => {
    const server = compressingServer()
    const peer = await begin(server.conduct, mode)
    const login = await peer.run('l LOGIN ann secret')
    expect(login.includes('COMPRESS=DEFLATE')).toBe(isClient)
    const answer = await peer.run('c COMPRESS DEFLATE')
    expect(answer).toMatch(isClient ? /c OK/ : /c NO \[CANNOT\]/)
    const client = isClient ? new CompressedPeer(peer) : peer
    await client.run('n NOOP')
    expect(server.lines.includes('z n NOOP')).toBe(isUpstream)
    expect(server.lines.includes('n NOOP')).toBe(!isUpstream)
    // What comes by itself comes at once.
    client.send('i IDLE\r\n')
    await client.until(/\+ idling\r\n/)
    const before = performance.now()
    server.say('* 7 EXISTS\r\n')
    expect(await client.until(/EXISTS\r\n/)).toBe('* 7 EXISTS\r\n')
    expect(performance.now() - before).toBeLessThan(500)
    client.send('DONE\r\n')
    await client.until(/i OK done\r\n/)
    expect(live.of('unreadable')).toEqual([])
    const names = live.of('exchange-completed').map(({ exchange }) => exchange.name)
    expect(names).toEqual(['LOGIN', 'COMPRESS', 'NOOP', 'IDLE'])
  })
})

describe('follow', () => {
  it('goes on uncompressed after a refusal', async () => {
    const server = compressingServer('NO not today')
    const peer = await begin(server.conduct, 'follow')
    await peer.run('l LOGIN ann secret')
    expect(await peer.send('c COMPRESS DEFLATE\r\nn NOOP\r\n').until(/n OK done\r\n/)).toContain(
      'c NO not today',
    )
    expect(server.lines.slice(-2)).toEqual(['c COMPRESS DEFLATE', 'n NOOP'])
  })

  it('ends compression at UNAUTHENTICATE, on both legs, in the middle of a segment', async () => {
    const server = compressingServer()
    const client = await compressed(server, 'follow')
    // The command compressed and what follows it not, in one segment.
    const [peer] = peers
    peer?.socket.write(
      Buffer.concat([deflated('u UNAUTHENTICATE\r\n'), Buffer.from('l2 LOGIN bob secret\r\n')]),
    )
    await client.until(/u OK out\r\n/)
    const plain = client.end()
    expect(await plain.until(/l2 OK .*\r\n/)).toMatch(/^\* CAPABILITY IMAP4rev1\r\nl2 OK /)
    expect(server.lines.slice(-2)).toEqual(['z u UNAUTHENTICATE', 'l2 LOGIN bob secret'])
    await plain.run('c2 COMPRESS DEFLATE')
    await new CompressedPeer(plain).run('n NOOP')
    expect(server.lines.at(-1)).toBe('z n NOOP')
    expect(live.of('warning')).toEqual([])
  })

  it('says which side sent rubbish, and ends the session', async () => {
    const server = compressingServer()
    const client = await compressed(server, 'follow')
    peers[0]?.send('a NOOP in the clear\r\n')
    expect(await client.until(/BYE .*\r\n/)).toContain(
      'what the client sends behind COMPRESS is no DEFLATE stream',
    )
    expect((await live.next('warning')).advice).toContain('--compress never')
  })

  it('says so of a server that compresses in another way', async () => {
    const acts = {
      COMPRESS: (socket: Socket, tag: string) =>
        void socket.write(`${tag} OK active\r\n\x78\x9c\xff\xff\xff\xff`, 'latin1'),
    }
    const peer = await begin(speakImap({ acts }), 'follow')
    await peer.run('l LOGIN ann secret')
    await peer.run('c COMPRESS DEFLATE')
    expect((await live.next('warning')).reason).toContain('what the server sends behind COMPRESS')
    expect((await live.next('closed')).reason).toContain('no DEFLATE stream')
  })

  it('delivers what was said before an end on either side', async () => {
    const server = compressingServer()
    const client = await compressed(server, 'follow')
    client.send('n NOOP\r\n')
    peers[0]?.socket.end()
    await client.until(/n OK done\r\n/)
    expect((await live.next('closed')).reason).toMatch(/closed the connection/)
  })
})

describe('legs without TLS, or with STARTTLS', () => {
  it('are compressed like others', async () => {
    const server = compressingServer()
    upstream = await FakeUpstream.start(server.conduct)
    live = await startLiveProxy({ upstream: `imap://127.0.0.1:${upstream.port}` })
    const peer = await Peer.open(live.imap)
    peers.push(peer)
    await peer.until(/^\* OK .*\r\n/)
    await peer.run('s STARTTLS')
    await peer.secure({ ca: live.ca, servername: 'localhost' })
    await peer.run('l LOGIN ann secret')
    await peer.run('c COMPRESS DEFLATE')
    await new CompressedPeer(peer).run('n NOOP')
    expect(server.lines.at(-1)).toBe('z n NOOP')
  })
})

describe('octets that grow', () => {
  const bomb = deflateRawSync(Buffer.alloc(256 * 1024 * 1024, 'x'), { level: 9 })

  it('are inflated no faster than the other side takes them', async () => {
    const server = compressingServer()
    await compressed(server, 'client')
    // Upstream reads nothing from here on.
    for (const socket of upstream.sockets) socket.pause()
    const before = process.memoryUsage().rss
    peers[0]?.send(deflated(`a APPEND x {${256 * 1024 * 1024}+}\r\n`).toString('latin1'))
    peers[0]?.socket.write(bomb)
    await sleep(1_500)
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024)
  })
})

describe('a large body', () => {
  it.each<Config['compress']>(['follow', 'client', 'upstream'])('arrives whole: %s', async (mode) => {
    const server = compressingServer()
    const peer = await begin(server.conduct, mode)
    await peer.run('l LOGIN ann secret')
    await peer.run('c COMPRESS DEFLATE')
    const client = mode === 'upstream' ? peer : new CompressedPeer(peer)
    const body = Array.from({ length: 60_000 }, (_, at) => `${at * 7919} `).join('')
    server.say(`* 1 FETCH (BODY[] {${body.length}}\r\n${body})\r\n* 2 EXISTS\r\n`)
    expect(await client.until(/2 EXISTS\r\n/)).toBe(
      `* 1 FETCH (BODY[] {${body.length}}\r\n${body})\r\n* 2 EXISTS\r\n`,
    )
  })
})
