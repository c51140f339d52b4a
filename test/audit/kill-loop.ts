/** Kills a process under load again and again, at random moments, and asks whether all that it did is on record. */

import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'

import { createRandom, type Random } from '../support/random.ts'
import { createTempFolder } from '../support/temp-folder.ts'
import { recordsIn, verifyFiles } from './support/audits.ts'
import { loadAudit, loadGateway, type Load } from './support/kill-loads.ts'

export interface KillReport {
  readonly kills: number
  /** Commands that were executed, and those of them that have no record. */
  readonly executed: number
  readonly missing: readonly string[]
  /** Records of commands that were not executed any more. */
  readonly ahead: number
  /** Torn records that were cut at the next start. */
  readonly recovered: number
  readonly problems: readonly string[]
}

export interface KillOptions {
  readonly times: number
  readonly seed: number
  readonly load: 'audit' | 'gateway'
}

/** Milliseconds of load before the kill, at most; and those within which a process is killed while it starts. */
const LOAD = 120
const START = 400

export async function runKillLoop({ times, seed, load: kind }: KillOptions): Promise<KillReport> {
  const folder = await createTempFolder('kill')
  const audit = folder.join('audit.ndjson')
  const load = kind === 'audit' ? loadAudit(audit, folder.join('executed')) : await loadGateway(audit)
  const random = createRandom(seed)
  try {
    for (let run = 1; run <= times; run++) await killOnce(load, run, random)
    return await judge(audit, load.executed(), times)
  } finally {
    await load.stop()
    await folder.remove()
  }
}

async function killOnce(load: Load, run: number, random: Random): Promise<void> {
  const { process: child, ready } = load.start(run)
  const complaints: Buffer[] = []
  child.stderr?.on('data', (chunk: Buffer) => complaints.push(chunk))
  const closed = once(child, 'close')
  // Some die while they examine and mend what the one before has left.
  const isEarly = random.below(100) < 15
  if (!isEarly) await Promise.race([ready, closed])
  await Promise.race([sleep(random.below(isEarly ? START : LOAD)), closed])
  child.kill('SIGKILL')
  await closed
  if (child.signalCode !== 'SIGKILL' || complaints.length > 0)
    throw new Error(`run ${run}: ${Buffer.concat(complaints).toString()}`)
}

async function judge(audit: string, executed: readonly string[], kills: number): Promise<KillReport> {
  const verdict = await verifyFiles([audit])
  const names = new Set(
    recordsIn(audit).flatMap(({ kind, why, args }) => {
      const [name] = /\d+-\d+/.exec(`${String(why)} ${String(args)}`) ?? []
      return kind === 'decision' && name !== undefined ? [name] : []
    }),
  )
  return {
    kills,
    executed: executed.length,
    missing: executed.filter((name) => !names.has(name)),
    ahead: names.size - new Set(executed).size,
    recovered: verdict.counts.get('recovered') ?? 0,
    // The last process was killed as well: nobody has cut what it left.
    problems: verdict.problems
      .filter(({ what }) => what !== 'torn')
      .map(({ where, text }) => `${where}: ${text}`),
  }
}

if (import.meta.main) {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ options: { times: text, seed: text, load: text } })
  const seed = Number(values.seed ?? Date.now())
  const load = values.load === 'audit' ? 'audit' : 'gateway'
  const report = await runKillLoop({ times: Number(values.times ?? 200), seed, load })
  console.log(JSON.stringify({ seed, load, ...report }, undefined, 2))
  process.exitCode = report.missing.length + report.problems.length === 0 ? 0 : 1
}
