/** Kills a process under load again and again, at random moments, and asks whether all that it did is on record. */

import { once } from 'node:events'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'

import { seal } from '../../src/audit/chain.ts'
import { openAuditWriter } from '../../src/audit/open-writer.ts'
import { createRandom, type Random } from '../support/random.ts'
import { createTempFolder } from '../support/temp-folder.ts'
import { makeWorld, numbered, recordsIn, verifyFiles } from './support/audits.ts'
import { loadAudit, loadGateway, type Load } from './support/kill-loads.ts'
import { upstreamKinds, type UpstreamKind } from './support/kill-upstreams.ts'

export interface KillReport {
  readonly kills: number
  /** Commands that were executed, and those of them that have no record. */
  readonly executed: number
  readonly missing: readonly string[]
  /** How many of each kind, by the first letter of their names. */
  readonly byKind: Readonly<Record<string, number>>
  /** Executed, although the policy does not let them pass. */
  readonly forbidden: readonly string[]
  /** Records of commands that were not executed any more, or left nothing that shows it. */
  readonly ahead: number
  /** Torn records that were cut at the next start. */
  readonly recovered: number
  readonly problems: readonly string[]
}

export interface KillOptions {
  readonly times: number
  readonly seed: number
  /** The audit alone, or the gateway before this upstream. */
  readonly load: 'audit' | UpstreamKind
  /** `relaxed` shows that the loop would see what is missing. */
  readonly mode?: 'strict' | 'relaxed'
}

/** Milliseconds that a server has for what is still in its sockets when the last gateway is gone. */
const SETTLE = 1_000

export async function runKillLoop({
  times,
  seed,
  load: kind,
  mode = 'strict',
}: KillOptions): Promise<KillReport> {
  const folder = await createTempFolder('kill')
  const audit = folder.join('audit.ndjson')
  let load: Load | undefined
  try {
    load =
      kind === 'audit'
        ? loadAudit(audit, folder.join('executed'))
        : await loadGateway(folder, { audit, upstream: kind, mode })
    const random = createRandom(seed)
    for (let run = 1; run <= times; run++) {
      await killOnce(load, run, random)
      if (random.below(100) < 20) tearAudit(audit, random)
    }
    await sleep(SETTLE)
    return await judge(audit, load, times)
  } finally {
    await load?.stop()
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
  const moment = isEarly
    ? sleep(random.below(load.startTime))
    : Promise.race([ready, closed]).then(() => load.work(random))
  await Promise.race([moment, closed])
  child.kill('SIGKILL')
  await closed
  if (child.signalCode !== 'SIGKILL' || complaints.length > 0)
    throw new Error(`run ${run}: ${Buffer.concat(complaints).toString()}`)
}

/** What a power cut may leave: a kill hardly ever comes within the system's taking of one write. */
function tearAudit(audit: string, random: Random): void {
  const text = existsSync(audit) ? readFileSync(audit, 'latin1') : ''
  const [, seq, hash] = /"seq":(\d+)[^\n]*"hash":"(\w+)"\}\n$/u.exec(text) ?? []
  if (seq === undefined || hash === undefined) return
  const { line } = seal({ seq: Number(seq), hash }, numbered(0, random.below(500)))
  appendFileSync(audit, line.slice(0, 1 + random.below(line.length - 1)))
}

async function judge(audit: string, load: Load, kills: number): Promise<KillReport> {
  // The last process was killed as well: what it left is mended as the next one would.
  const mending: string[] = []
  await (await openAuditWriter(audit, makeWorld(mending))).close()
  const verdict = await verifyFiles([audit])
  const [forbidden, executed] = partition(await load.executed())
  const recorded = new Set(
    recordsIn(audit).flatMap((record) => (record.kind === 'decision' ? (load.nameIn(record) ?? []) : [])),
  )
  const seen = new Set(executed)
  const missing = executed.filter((name) => !recorded.has(name))
  return {
    kills,
    executed: seen.size,
    missing,
    byKind: countKinds(executed),
    forbidden,
    ahead: recorded.size - (seen.size - missing.length),
    recovered: verdict.counts.get('recovered') ?? 0,
    problems: [
      ...mending,
      ...verdict.problems.map(({ where, text }) => `${where}: ${text}`),
      // Or whoever looks for what was executed does not see all of it.
      ...load.acknowledged.filter((name) => !seen.has(name)).map((name) => `${name} left no trace`),
      ...load.strange.map((answer) => `a client was told: ${answer}`),
    ],
  }
}

function partition(names: readonly string[]): readonly [forbidden: string[], executed: string[]] {
  const { forbidden = [], executed = [] } = Object.groupBy(names, (name) =>
    name.startsWith('!') ? 'forbidden' : 'executed',
  )
  return [forbidden, executed]
}

function countKinds(names: readonly string[]): Readonly<Record<string, number>> {
  const groups = Object.groupBy(names, (name) => name.charAt(0))
  return Object.fromEntries(Object.entries(groups).map(([kind, group = []]) => [kind, group.length]))
}

if (import.meta.main) {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ options: { times: text, seed: text, load: text, mode: text } })
  const seed = Number(values.seed ?? Date.now())
  const load = (['audit', ...upstreamKinds] as const).find((kind) => kind === values.load) ?? 'dovecot'
  const mode = values.mode === 'relaxed' ? 'relaxed' : 'strict'
  const report = await runKillLoop({ times: Number(values.times ?? 200), seed, load, mode })
  console.log(JSON.stringify({ seed, load, mode, ...report }, undefined, 2))
  process.exitCode = report.missing.length + report.forbidden.length + report.problems.length === 0 ? 0 : 1
}
