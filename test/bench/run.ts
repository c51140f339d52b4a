/** Runs one case: warms every peer up, then visits them A B C A B C; a peer that fails is dropped, the others go on. */

import { join } from 'node:path'
import type { BenchCase, Measures } from './cases/case.ts'
import { end } from './machine/processes.ts'
import type { Peer, RunningPeer } from './peers/peer.ts'
import type { CaseFailure, CaseResult } from './report/result.ts'
import type { RoundResult } from './report/statistics.ts'
import { Stand, type Ground } from './stand.ts'

export interface Plan {
  readonly ground: Omit<Ground, 'recordOctets'>
  readonly peers: readonly Peer[]
  readonly rounds: number
  readonly isQuick: boolean
  readonly profileFolder: string | undefined
  /** Hears what is going on, for a person who waits. */
  readonly tell: (progress: string) => void
}

export async function runCase(benchCase: BenchCase, plan: Plan): Promise<CaseResult> {
  const started = performance.now()
  const stand = await Stand.open(groundOf(benchCase, plan))
  const run = new CaseRun(benchCase, plan, stand)
  try {
    await run.warmAll()
    for (let round = 1; round <= plan.rounds; round++) await run.visitAll(round)
  } finally {
    await run.endAll()
    await stand.close()
  }
  return run.result((performance.now() - started) / 1000)
}

function groundOf(benchCase: BenchCase, plan: Plan): Ground {
  const { cores } = plan.ground
  const chosen = benchCase.isOnOneCore ? { proxy: cores.proxy, others: cores.proxy } : cores
  return { ...plan.ground, cores: chosen, recordOctets: benchCase.recordOctets }
}

class CaseRun {
  readonly #case: BenchCase
  readonly #plan: Plan
  readonly #stand: Stand
  readonly #standing = new Map<Peer, RunningPeer>()
  readonly #rounds: RoundResult[] = []
  readonly #failures: CaseFailure[] = []
  readonly #ciphers: Record<string, string> = {}
  #peers: readonly Peer[]

  constructor(benchCase: BenchCase, plan: Plan, stand: Stand) {
    this.#case = benchCase
    this.#plan = plan
    this.#stand = stand
    this.#peers = plan.peers.filter(({ name }) => !benchCase.skips.includes(name))
  }

  async warmAll(): Promise<void> {
    if (this.#case.needsFreshPeer) return
    for (const peer of this.#peers) await this.#attempt(peer, undefined, () => this.#raise(peer, 0))
  }

  async visitAll(round: number): Promise<void> {
    const standards: { direct?: Measures; imaptap?: Measures } = {}
    for (const peer of this.#peers) {
      const measures = await this.#attempt(peer, round, () => this.#visit(peer, round))
      if (!measures) continue
      const isStandard = peer.name === 'direct' || peer.name === 'imaptap'
      const derived = peer.name === 'direct' ? undefined : this.#case.derive?.(measures, standards)
      if (isStandard) standards[peer.name] = measures
      this.#rounds.push({ round, peer: peer.name, measures: { ...measures, ...derived } })
    }
  }

  async endAll(): Promise<void> {
    await Promise.all([...this.#standing.keys()].map((peer) => this.#lower(peer)))
  }

  result(seconds: number): CaseResult {
    const { name } = this.#case
    return { name, rounds: this.#rounds, failures: this.#failures, ciphers: this.#ciphers, seconds }
  }

  async #visit(peer: Peer, round: number): Promise<Measures> {
    this.#plan.tell(`${this.#case.name} round ${round}/${this.#plan.rounds} ${peer.name}`)
    const { needsFreshPeer } = this.#case
    const running = this.#standing.get(peer) ?? (await this.#raise(peer, round))
    const measures = await this.#case.measure(this.#stand.client, running, this.#plan.isQuick)
    if (needsFreshPeer) await this.#lower(peer)
    return measures
  }

  async #raise(peer: Peer, round: number): Promise<RunningPeer> {
    const mark = `${this.#case.name}-${peer.name}`
    const profile = this.#plan.profileFolder
    const running = await this.#stand.start(peer, `${mark}-${round}`, profile && join(profile, mark))
    this.#standing.set(peer, running)
    this.#ciphers[peer.name] = await this.#case.warm(this.#stand.client, running)
    return running
  }

  async #lower(peer: Peer): Promise<void> {
    const child = this.#standing.get(peer)?.child
    this.#standing.delete(peer)
    if (child) await end(child)
  }

  /** Notes a failure with what the peer said, and takes the peer out of this case. */
  async #attempt<T>(peer: Peer, round: number | undefined, task: () => Promise<T>): Promise<T | undefined> {
    try {
      return await task()
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      const said = this.#standing.get(peer)?.child?.said() ?? ''
      this.#failures.push({ peer: peer.name, round, reason: said === '' ? reason : `${reason}\n${said}` })
      this.#peers = this.#peers.filter((other) => other !== peer)
      await this.#lower(peer)
      return undefined
    }
  }
}
