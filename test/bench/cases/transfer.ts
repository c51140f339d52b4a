/** The cases that move many octets from upstream to the client: bodies, bodies in small records, metadata. */

import type { CorpusName } from '../upstream/corpus.ts'
import { GIB, metered, MIB, type BenchCase, type Metric, type Target } from './case.ts'

/** Sessions that fetch at the same time. */
const SESSIONS = 4

interface Transfer {
  readonly name: string
  readonly about: string
  readonly corpus: CorpusName
  readonly recordOctets: number
  /** Of each session in a round. */
  readonly fetches: { readonly full: number; readonly quick: number }
  readonly cpuTargets?: readonly Target[]
  readonly speedTargets?: readonly Target[]
}

/** 10 MiB a fetch: 1,000 MiB a round. */
export const bulk = makeTransfer({
  name: 'bulk',
  about: 'FETCH of bodies in literals of 256 KiB to 1 MiB, 4 sessions',
  corpus: 'bodies',
  recordOctets: 0,
  fetches: { full: 25, quick: 7 },
  cpuTargets: [{ peer: 'nginx', bound: 1.1, stretch: 1 }],
  speedTargets: [
    { peer: 'nginx', bound: 0.95 },
    { subject: 'imaptap-policy', peer: 'imaptap', bound: 0.95 },
  ],
})

export const bulkSmallRecords = makeTransfer({
  name: 'bulk-small-records',
  about: 'the same from a server that writes TLS records of 4,096 octets, as Dovecot does',
  corpus: 'bodies',
  recordOctets: 4096,
  fetches: { full: 12, quick: 3 },
})

export const metadata = makeTransfer({
  name: 'metadata',
  about: 'FETCH (UID FLAGS ENVELOPE BODYSTRUCTURE) of 10,000 messages, 4 sessions',
  corpus: 'metadata',
  recordOctets: 0,
  fetches: { full: 28, quick: 8 },
  cpuTargets: [{ peer: 'nginx', bound: 1.6, stretch: 1.3 }],
})

function makeTransfer(transfer: Transfer): BenchCase {
  const { name, about, corpus, recordOctets } = transfer
  const fetch = { kind: 'fetch', corpus, concurrency: SESSIONS } as const
  const open = { kind: 'open', sessions: SESSIONS, concurrency: SESSIONS } as const
  return {
    name,
    about,
    recordOctets,
    isOnOneCore: false,
    needsFreshPeer: false,
    skips: [],
    metrics: metricsOf(transfer),
    async warm(client, peer) {
      const { cipher } = await client.order({ ...open, port: peer.port })
      await client.order({ ...fetch, fetches: 2, isHashed: true })
      await client.order({ kind: 'close' })
      return cipher ?? 'unknown'
    },
    async measure(client, peer, isQuick) {
      await client.order({ ...open, port: peer.port })
      const fetches = isQuick ? transfer.fetches.quick : transfer.fetches.full
      const { figures, cpu } = await metered(peer, () => client.order({ ...fetch, fetches, isHashed: false }))
      await client.order({ kind: 'close' })
      const octets = figures.octets ?? 0
      return { cpuPerGib: (cpu * GIB) / octets, mibPerSecond: octets / MIB / figures.seconds }
    },
  }
}

function metricsOf(transfer: Transfer): readonly Metric[] {
  const cpu: Metric = { key: 'cpuPerGib', label: 'CPU s/GiB', better: 'lower', digits: 2 }
  const speed: Metric = { key: 'mibPerSecond', label: 'MiB/s', better: 'higher', digits: 0 }
  return [
    { ...cpu, targets: transfer.cpuTargets ?? [] },
    { ...speed, targets: transfer.speedTargets ?? [] },
  ]
}
