/** The cases of many sessions: what one costs to set up, and what a thousand that idle hold in memory. */

import { setTimeout as wait } from 'node:timers/promises'
import { pssKib } from '../machine/accounting.ts'
import { metered, type BenchCase } from './case.ts'

const CONCURRENCY = 16
/** Sessions before the first that counts: a proxy runs for months, so what a compiler does in its first seconds is not the question. */
const WARM_SESSIONS = 3000
/** The time a process gets to give memory back before it is read. */
const SETTLE_MS = 700
/** FETCHes of 300 messages that each session makes between idling and idling. */
const TRAFFIC_FETCHES = 2

export const setup: BenchCase = {
  name: 'setup',
  about: `connect, TLS without resumption, LOGIN, LOGOUT; ${CONCURRENCY} at once`,
  isOnOneCore: false,
  recordOctets: 0,
  needsFreshPeer: false,
  skips: [],
  metrics: [
    {
      key: 'perSecond',
      label: 'sessions/s',
      better: 'higher',
      digits: 0,
      targets: [{ peer: 'haproxy', bound: 0.9, stretch: 1 }],
    },
    { key: 'cpuPerThousand', label: 'CPU s per 1,000', better: 'lower', digits: 2 },
  ],
  async warm(client, peer) {
    await client.order({ kind: 'setup', port: peer.port, sessions: WARM_SESSIONS, concurrency: CONCURRENCY })
    const { cipher } = await client.order({ kind: 'open', port: peer.port, sessions: 1, concurrency: 1 })
    await client.order({ kind: 'close' })
    return cipher ?? 'unknown'
  },
  async measure(client, peer, isQuick) {
    const sessions = isQuick ? 400 : 2000
    const order = { kind: 'setup', port: peer.port, sessions, concurrency: CONCURRENCY } as const
    const { figures, cpu } = await metered(peer, () => client.order(order))
    return { perSecond: sessions / figures.seconds, cpuPerThousand: (cpu * 1000) / sessions }
  },
}

export const idle: BenchCase = {
  name: 'idle',
  about: 'sessions in IDLE, Pss of the process tree over its level before; 1,000 (--quick: 500)',
  isOnOneCore: false,
  recordOctets: 0,
  needsFreshPeer: true,
  skips: ['direct'],
  metrics: [
    {
      key: 'freshKib',
      label: 'KiB/session, fresh',
      better: 'lower',
      digits: 1,
      targets: [{ bound: 128, stretch: 96 }],
    },
    {
      key: 'usedKib',
      label: 'KiB/session, after traffic',
      better: 'lower',
      digits: 1,
      targets: [{ bound: 160, stretch: 110 }],
    },
    { key: 'baseKib', label: 'KiB, the process before', better: 'lower', digits: 0 },
  ],
  async warm(client, peer) {
    const { cipher } = await client.order({
      kind: 'open',
      port: peer.port,
      sessions: 20,
      concurrency: CONCURRENCY,
    })
    await client.order({ kind: 'fetch', corpus: 'metadata-few', fetches: 1, concurrency: 4, isHashed: true })
    await client.order({ kind: 'close' })
    await wait(SETTLE_MS)
    return cipher ?? 'unknown'
  },
  async measure(client, peer, isQuick) {
    const sessions = isQuick ? 500 : 1000
    const baseKib = pssKib(peer.pid)
    await client.order({ kind: 'open', port: peer.port, sessions, concurrency: CONCURRENCY })
    await client.order({ kind: 'idle' })
    await wait(SETTLE_MS)
    const fresh = pssKib(peer.pid)
    await client.order({ kind: 'end-idle' })
    const traffic = {
      kind: 'fetch',
      corpus: 'metadata-few',
      concurrency: CONCURRENCY,
      isHashed: false,
    } as const
    await client.order({ ...traffic, fetches: TRAFFIC_FETCHES })
    await client.order({ kind: 'idle' })
    await wait(SETTLE_MS)
    const used = pssKib(peer.pid)
    await client.order({ kind: 'close' })
    return { baseKib, freshKib: (fresh - baseKib) / sessions, usedKib: (used - baseKib) / sessions }
  },
}
