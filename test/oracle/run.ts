/** One server's run: server, gateway and lanes are started, batches are played until the time is over, and all is cleared. */

import { setTimeout } from 'node:timers/promises'

import { Direct } from './direct.ts'
import { describeFinding, isBypass, type Finding } from './findings.ts'
import { startGateway, type Counts } from './gateway.ts'
import { samplePool } from './generator/pool.ts'
import { LaneRunner } from './lane.ts'
import type { OracleOptions } from './options.ts'
import { startServer, type ServerKind } from './servers.ts'
import { shrink } from './shrink.ts'
import { buildCanaries } from './truth.ts'
import { describeWorld, introduce, PARENT, type Grant, type World } from './world.ts'

/** Of each user, the last of them blind. */
const grants: readonly Grant[] = ['all', 'visible', 'few-rights', 'all', 'all']
/** Of each user: Cyrus is slow to answer, not to work. */
const connectionsOf = { dovecot: 3, cyrus: 4 } as const
/** Streams of a lane between two looks at the truth. */
const batch = 300
/** More are counted, and not shown. */
const findingsShown = 25
const tellEvery = 15_000

export interface RunReport {
  readonly server: ServerKind
  readonly seconds: number
  readonly streams: number
  readonly sessions: number
  readonly closed: number
  readonly hangs: number
  readonly failedLogins: number
  readonly decisions: Counts
  readonly bypasses: readonly Finding[]
}

export async function runOracle(kind: ServerKind, options: OracleOptions): Promise<RunReport> {
  const lanes = grants.length
  const connections = connectionsOf[kind]
  const users = grants.map((_, lane) => `plain-${'abcdefgh'[lane]}`)
  const server = await startServer(kind, users)
  try {
    const alone = users.map((user, lane) => {
      const isBlind = lane === lanes - 1
      const grant = grants[lane]
      return describeWorld({ seed: options.seed, lane, isBlind, grant }, user, server.passwordOf(user))
    })
    const worlds = introduce(alone)
    const { sources, isTransparent } = options
    const gateway = await startGateway({ sources, isTransparent, worlds, upstream: server.port })
    const run = new Run(kind, options)
    process.once('SIGTERM', run.stop).once('SIGINT', run.stop)
    try {
      const pool = samplePool(options.seed)
      await buildApart(worlds, server.port, isForTruth(options) ? apart : 0)
      for (const [lane, world] of worlds.entries()) {
        const generation = { seed: options.seed, world, isCyrus: kind === 'cyrus', pool, only: options.only }
        const ports = { serverPort: server.port, gatewayPort: gateway.port }
        await run.add({
          lane,
          lanes,
          generation,
          connections,
          ...ports,
          onFinding: run.hear,
          goesOn: run.goesOn,
        })
      }
      await run.play()
      return run.report(gateway.counts)
    } catch (error) {
      console.log(`${kind}: the run broke off; the server's last words:\n${server.logs().slice(-1500)}`)
      throw error
    } finally {
      run.close()
      await gateway.stop()
    }
  } finally {
    await server.stop()
  }
}

/** Milliseconds between mailboxes of one kind and the next: more than the seconds that servers count ahead. */
const apart = 20_000

/** What is over at the first bypass, as the self-test is, need not wait. */
const isForTruth = ({ minutes, streams, isTransparent }: OracleOptions): boolean =>
  streams === undefined ? minutes > 3 : !isTransparent

/**
 * What stands there of itself, then the canaries of all, then what may be seen: a UIDVALIDITY is the time or one more than
 * the last, so that no other mailbox comes to have that of a canary, however often it is made anew.
 */
async function buildApart(worlds: readonly World[], port: number, millis: number): Promise<void> {
  const asEach = async (act: (direct: Direct, world: World) => Promise<unknown>): Promise<void> => {
    for (const world of worlds) {
      const direct = await Direct.open(port, world.user, world.password)
      await act(direct, world)
      direct.close()
    }
    await setTimeout(millis)
  }
  // Cyrus makes a parent together with the first that lies below it, and Dovecot numbers it when it is opened.
  const first = [
    `CREATE ${PARENT}`,
    'LIST "" "*" RETURN (STATUS (UIDVALIDITY))',
    `EXAMINE ${PARENT}`,
    'EXAMINE INBOX',
  ]
  await asEach((direct) => direct.runAll(first))
  await asEach(buildCanaries)
}

class Run {
  readonly #kind: ServerKind
  readonly #options: OracleOptions
  readonly #runners: LaneRunner[] = []
  readonly #bypasses: Finding[] = []
  readonly #began = Date.now()
  #told = Date.now()
  #hangs = 0
  #isStopped = false

  constructor(kind: ServerKind, options: OracleOptions) {
    this.#kind = kind
    this.#options = options
  }

  readonly hear = (finding: Finding): void => {
    if (!isBypass(finding) && ++this.#hangs > 3) return
    if (isBypass(finding)) this.#bypasses.push(finding)
    if (this.#bypasses.length > findingsShown) return
    console.log(`${this.#kind}: ${describeFinding(finding, this.#options.seed)}`)
  }

  readonly goesOn = (): boolean => this.#bypasses.length < this.#options.stopAfter

  /** After the batches that are being played. */
  readonly stop = (): void => {
    this.#isStopped = true
  }

  async add(options: Parameters<typeof LaneRunner.open>[0]): Promise<void> {
    this.#runners.push(await LaneRunner.open(options))
  }

  async play(): Promise<void> {
    await Promise.all(this.#runners.map((runner) => this.#playLane(runner)))
  }

  report(decisions: Counts): RunReport {
    const sum = (pick: (runner: LaneRunner) => number): number =>
      this.#runners.reduce((total, runner) => total + pick(runner), 0)
    return {
      server: this.#kind,
      seconds: (Date.now() - this.#began) / 1000,
      streams: sum(({ counts }) => counts.streams),
      sessions: sum(({ counts }) => counts.sessions),
      closed: sum(({ counts }) => counts.closed),
      hangs: sum(({ counts }) => counts.hangs),
      failedLogins: sum(({ counts }) => counts.failedLogins),
      decisions,
      bypasses: this.#bypasses,
    }
  }

  close(): void {
    for (const runner of this.#runners) runner.close()
  }

  async #playLane(runner: LaneRunner): Promise<void> {
    for (let from = 0; this.#goesOn(); from += batch) {
      const bypassesBefore = this.#bypasses.length
      const isTrue = await runner.runBatch(from, batch)
      if (!isTrue && this.#options.isShrinking) await this.#shrink(runner, bypassesBefore)
      this.#tell()
    }
  }

  #goesOn(): boolean {
    const { minutes, streams } = this.#options
    if (this.#isStopped || !this.goesOn()) return false
    const played = this.#runners.reduce((total, { counts }) => total + counts.streams, 0)
    if (streams !== undefined && played >= streams) return false
    return streams !== undefined || Date.now() - this.#began < minutes * 60_000
  }

  async #shrink(runner: LaneRunner, from: number): Promise<void> {
    const finding = this.#bypasses
      .slice(from)
      .find(({ kind, lane }) => kind === 'truth' && lane === runner.lane)
    if (!finding) return
    const { streams, isCertain } = await shrink(finding.streams, async (some) => {
      return !this.#isStopped && (await runner.replay(some))
    })
    const detail = isCertain
      ? 'shrunk: these streams alone do it'
      : 'not seen again when the batch was played alone'
    console.log(`${this.#kind}: ${describeFinding({ ...finding, streams, detail }, this.#options.seed)}`)
  }

  #tell(): void {
    if (Date.now() - this.#told < tellEvery) return
    this.#told = Date.now()
    const played = this.#runners.reduce((total, { counts }) => total + counts.streams, 0)
    const rate = Math.round((played * 1000) / (Date.now() - this.#began))
    console.log(`${this.#kind}: ${played} streams, ${rate} a second, ${this.#bypasses.length} bypasses`)
  }
}
