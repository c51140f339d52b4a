/** The cases of many small commands: one after the other for latency, pipelined for throughput. */

import { metered, type BenchCase, type Measures } from './case.ts'

const SESSIONS = 8
const BATCH = 100
/** What a policy of fifty rules may cost a command. */
const POLICY_US = 60

export const noop: BenchCase = {
  name: 'noop',
  about: 'NOOP after NOOP on one session; proxy, client and upstream on one core',
  isOnOneCore: true,
  recordOctets: 0,
  needsFreshPeer: false,
  skips: [],
  metrics: [
    {
      key: 'addedP50Us',
      label: 'p50 added, us',
      better: 'lower',
      digits: 1,
      targets: [{ peer: 'nginx', bound: 1.6, stretch: 1.3 }],
    },
    { key: 'addedP99Us', label: 'p99 added, us', better: 'lower', digits: 1 },
    { key: 'p50Us', label: 'p50, us', better: 'lower', digits: 1 },
    { key: 'p99Us', label: 'p99, us', better: 'lower', digits: 1 },
    {
      key: 'overP50Us',
      label: 'p50 over imaptap, us',
      better: 'lower',
      digits: 1,
      targets: [{ subject: 'imaptap-policy', bound: POLICY_US }],
    },
    { key: 'cpuUsPerCommand', label: 'CPU us/command', better: 'lower', digits: 1 },
  ],
  async warm(client, peer) {
    const { cipher } = await client.order({ kind: 'open', port: peer.port, sessions: 1, concurrency: 1 })
    await client.order({ kind: 'noop', commands: 30_000 })
    await client.order({ kind: 'close' })
    return cipher ?? 'unknown'
  },
  async measure(client, peer, isQuick) {
    await client.order({ kind: 'open', port: peer.port, sessions: 1, concurrency: 1 })
    const commands = isQuick ? 5000 : 20_000
    const { figures, cpu } = await metered(peer, () => client.order({ kind: 'noop', commands }))
    await client.order({ kind: 'close' })
    return {
      p50Us: figures.p50Us ?? 0,
      p99Us: figures.p99Us ?? 0,
      cpuUsPerCommand: (cpu * 1e6) / commands,
    }
  },
  derive: (own, { direct, imaptap }) => ({
    ...(direct && {
      addedP50Us: differenceOf(own, direct, 'p50Us'),
      addedP99Us: differenceOf(own, direct, 'p99Us'),
    }),
    ...(imaptap && { overP50Us: differenceOf(own, imaptap, 'p50Us') }),
  }),
}

export const pipelined: BenchCase = {
  name: 'pipelined',
  about: `NOOP and STORE in batches of ${BATCH}, ${SESSIONS} sessions`,
  isOnOneCore: false,
  recordOctets: 0,
  needsFreshPeer: false,
  skips: [],
  metrics: [
    { key: 'cpuUsPerCommand', label: 'CPU us/command', better: 'lower', digits: 2 },
    { key: 'commandsPerSecond', label: 'commands/s', better: 'higher', digits: 0 },
    {
      key: 'overCpuUs',
      label: 'CPU us/command over imaptap',
      better: 'lower',
      digits: 2,
      targets: [{ subject: 'imaptap-policy', bound: POLICY_US }],
    },
  ],
  async warm(client, peer) {
    const { cipher } = await client.order({
      kind: 'open',
      port: peer.port,
      sessions: SESSIONS,
      concurrency: SESSIONS,
    })
    await client.order({ kind: 'pipeline', batches: 50, batchSize: BATCH })
    await client.order({ kind: 'close' })
    return cipher ?? 'unknown'
  },
  async measure(client, peer, isQuick) {
    await client.order({ kind: 'open', port: peer.port, sessions: SESSIONS, concurrency: SESSIONS })
    const order = { kind: 'pipeline', batches: isQuick ? 300 : 800, batchSize: BATCH } as const
    const { figures, cpu } = await metered(peer, () => client.order(order))
    await client.order({ kind: 'close' })
    const commands = figures.commands ?? 0
    return { cpuUsPerCommand: (cpu * 1e6) / commands, commandsPerSecond: commands / figures.seconds }
  },
  derive: (own, { imaptap }) => (imaptap ? { overCpuUs: differenceOf(own, imaptap, 'cpuUsPerCommand') } : {}),
}

const differenceOf = (own: Measures, other: Measures, key: string): number =>
  (own[key] ?? 0) - (other[key] ?? 0)
