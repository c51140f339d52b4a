/** Held messages over real sockets: a client that only has no more to say, and one that never stops. */

import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, it, vi } from 'vitest'

import { limits } from '../../src/imap/limits.ts'
import { FakeUpstream, speakImap } from '../support/fake-upstream.ts'
import { startLiveProxy, type LiveProxy } from '../support/live-proxy.ts'
import { Peer } from '../support/peer.ts'

let upstream: FakeUpstream
let live: LiveProxy
const peers: Peer[] = []
const lines: string[] = []

afterEach(async () => {
  vi.useRealTimers()
  for (const peer of peers.splice(0)) peer.close()
  lines.length = 0
  await live.stop()
  await upstream.close()
})

/** Every NOOP of a client is held. */
async function begin(timeoutMillis: number): Promise<Peer> {
  upstream = await FakeUpstream.start(speakImap({ onLine: (line) => void lines.push(line) }))
  live = await startLiveProxy({ upstream: `imap://127.0.0.1:${upstream.port}` })
  live.proxy.breakpoints.set('me', {
    timeoutMillis,
    mayHold: ({ side, name }) => side === 'client' && name === 'NOOP',
    holds: () => true,
  })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  return open()
}

async function open(): Promise<Peer> {
  const peer = await Peer.open(live.imap)
  peers.push(peer)
  await peer.until(/^\* OK .*\r\n/)
  return peer
}

it('a half-closed client gets its answers when its held command goes on, however late that is', async () => {
  const peer = await begin(150_000)
  peer.send('a NOOP\r\nb LOGOUT\r\n').socket.end()
  await live.next('held')
  await sleep(50)
  vi.advanceTimersByTime(149_000)
  expect(live.of('closed')).toEqual([])
  expect(lines).toEqual([])
  vi.advanceTimersByTime(1_000)
  expect((await live.next('released')).how).toBe('expired')
  vi.useRealTimers()
  expect(await peer.end()).toBe('a OK done\r\n* BYE bye\r\nb OK done\r\n')
})

it('a client that floods what stands behind its held command is not read, and others flow', async () => {
  const peer = await begin(150_000)
  vi.useRealTimers()
  peer.send('a NOOP\r\n')
  const { ticket, session } = await live.next('held')
  // Far more than waits here and in the system's own buffers.
  peer.send(`b CHECK${' '.repeat(limits.lineHeld - 100)}\r\n`.repeat(1_000))
  const other = await open()
  expect(await other.run('c CHECK')).toBe('c OK done\r\n')
  await sleep(100)
  expect(peer.socket.writableLength).toBeGreaterThan(0)
  expect(live.proxy.breakpoints.rule(session, ticket, { kind: 'forward' })).toEqual({ ok: true })
  expect(await peer.run('d LOGOUT')).toMatch(/^a OK done\r\n(?:b OK done\r\n)+\* BYE bye\r\nd OK done\r\n$/u)
})
