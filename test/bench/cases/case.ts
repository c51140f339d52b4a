/** What a case of the bench is: its orders to the load client, the metrics it yields and their targets. */

import { cpuSeconds } from '../machine/accounting.ts'
import type { Figures } from '../load/order.ts'
import type { PeerName, RunningPeer } from '../peers/peer.ts'
import type { LoadClient } from '../stand.ts'

export const GIB = 1024 ** 3
export const MIB = 1024 ** 2

export interface Target {
  /** Whose figure it is about; our proxy as it is when absent. */
  readonly subject?: PeerName
  /** The peer of the same run that ours is divided by; the bare value counts when absent. */
  readonly peer?: PeerName
  readonly bound: number
  readonly stretch?: number
}

export interface Metric {
  readonly key: string
  readonly label: string
  readonly better: 'lower' | 'higher'
  readonly digits: number
  readonly targets?: readonly Target[]
}

/** By metric key. */
export type Measures = Readonly<Record<string, number>>

/** Peers that others are compared with by a difference, as far as they were visited before in this round. */
export interface Standards {
  readonly direct?: Measures
  /** Our proxy without a policy. */
  readonly imaptap?: Measures
}

export interface BenchCase {
  readonly name: string
  readonly about: string
  /** Latency is compared on one core: across two it measures wake-ups. */
  readonly isOnOneCore: boolean
  /** Octets of upstream's TLS records; 0 for the usual 16 KiB. */
  readonly recordOctets: number
  /** Memory is read from a process that has done nothing before. */
  readonly needsFreshPeer: boolean
  readonly skips: readonly PeerName[]
  readonly metrics: readonly Metric[]
  /** Not measured: warms code up, and checks that the proxy keeps octets as they are. Returns the cipher. */
  warm(client: LoadClient, peer: RunningPeer): Promise<string>
  measure(client: LoadClient, peer: RunningPeer, isQuick: boolean): Promise<Measures>
  /** What can only be said against the figures of another peer in the same round. */
  derive?(own: Measures, standards: Standards): Measures
}

export interface Metered {
  readonly figures: Figures
  /** CPU seconds of the peer's process tree. */
  readonly cpu: number
}

export async function metered(peer: RunningPeer, task: () => Promise<Figures>): Promise<Metered> {
  const before = cpuSeconds(peer.pid)
  const figures = await task()
  return { figures, cpu: cpuSeconds(peer.pid) - before }
}
