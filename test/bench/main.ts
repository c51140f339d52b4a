/** `npm run bench`: measures the proxy beside its peers, prints tables and leaves a JSON file; ends all it started. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { makeCertificates } from './machine/certificates.ts'
import { chooseCores, describeMachine } from './machine/machine.ts'
import { endAll, killAll } from './machine/processes.ts'
import { readOptions, USAGE, type Options } from './options.ts'
import type { Found, Peer } from './peers/peer.ts'
import { benchCaptures } from './capture/main.ts'
import { benchDashboard } from './dashboard/main.ts'
import { benchParser } from './parser/main.ts'
import { benchPolicy } from './policy/main.ts'
import { rankFunctions, tabulateProfile } from './profile.ts'
import { archive, defaultArchive } from './report/archive.ts'
import type { CaseResult, RunResult } from './report/result.ts'
import { introduce, tabulateCase, tabulateTargets } from './report/tables.ts'
import { runCase, type Plan } from './run.ts'

const EXIT_FAILED = 1
const EXIT_USAGE = 2
/** 128 and SIGINT's number, as shells have it. */
const EXIT_INTERRUPTED = 130
const RANKED_FUNCTIONS = 30

async function main(): Promise<number> {
  const [first, ...rest] = process.argv.slice(2)
  // Readers are compared by themselves: no proxy, no sockets.
  if (first === 'parser') return benchParser(rest, say)
  if (first === 'policy') return benchPolicy(say)
  if (first === 'captures') return benchCaptures(rest, say)
  if (first === 'dashboard') return benchDashboard(rest, say)
  if (process.platform !== 'linux') return complain('the bench reads /proc and needs Linux', EXIT_FAILED)
  const options = understand()
  if (typeof options === 'number') return options
  const folder = mkdtempSync(join(tmpdir(), 'imaptap-bench-'))
  const stopListening = endOnSignals(folder)
  try {
    return report(await bench(options, folder), options)
  } finally {
    await endAll()
    rmSync(folder, { recursive: true, force: true })
    stopListening()
  }
}

function understand(): Options | number {
  try {
    const options = readOptions(process.argv.slice(2))
    if (options) return options
    say(USAGE)
    return 0
  } catch (error) {
    return complain(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`, EXIT_USAGE)
  }
}

async function bench(options: Options, folder: string): Promise<RunResult> {
  const found = new Map(options.peers.map((peer) => [peer, peer.find()]))
  const cores = chooseCores()
  const facts = factsOf(options, found, cores.proxy !== undefined)
  say(introduce(facts))
  const plan: Plan = {
    ground: { folder, certificates: makeCertificates(folder), cores },
    peers: options.peers.filter((peer) => found.get(peer)?.kind === 'here'),
    rounds: options.rounds,
    isQuick: options.isQuick,
    profileFolder: options.profileFolder && resolve(options.profileFolder),
    tell: showProgress,
  }
  const results: CaseResult[] = []
  for (const benchCase of options.cases) {
    const result = await runCase(benchCase, plan)
    results.push(result)
    showProgress('')
    say(tabulateCase(benchCase, result))
    sayProfiles(plan, benchCase.name)
  }
  return { ...facts, cases: results }
}

function factsOf(
  options: Options,
  found: ReadonlyMap<Peer, Found>,
  isPinned: boolean,
): Omit<RunResult, 'cases'> {
  return {
    startedAt: new Date().toISOString(),
    machine: describeMachine(),
    isPinned,
    isQuick: options.isQuick,
    isProfiled: options.profileFolder !== undefined,
    rounds: options.rounds,
    peers: Object.fromEntries([...found].map(([peer, where]) => [peer.name, where])),
  }
}

function sayProfiles(plan: Plan, caseName: string): void {
  if (plan.profileFolder === undefined) return
  for (const peer of plan.peers.filter(({ isNode }) => isNode)) {
    const folder = join(plan.profileFolder, `${caseName}-${peer.name}`)
    const ranked = rankFunctions(folder, RANKED_FUNCTIONS)
    if (ranked.length === 0) say(`\nNo profile of ${peer.name}: it did not end in good order.\n`)
    else say(`\n-- ${caseName}: self time in ${peer.name}\n${tabulateProfile(ranked)}`)
  }
}

function report(run: RunResult, options: Options): number {
  say(tabulateTargets(options.cases, run.cases))
  const file = options.json ?? defaultArchive(new Date(run.startedAt))
  archive(run, file)
  say(`\nRaw rounds: ${file}\n`)
  return run.cases.some(({ failures }) => failures.length > 0) ? EXIT_FAILED : 0
}

/** On Ctrl-C nothing may stay behind: neither processes nor the folder with the key. A second one is not patient. */
function endOnSignals(folder: string): () => void {
  let isStopping = false
  const leave = (): void => {
    killAll()
    rmSync(folder, { recursive: true, force: true })
    process.exit(EXIT_INTERRUPTED)
  }
  const stop = (): void => {
    if (isStopping) leave()
    isStopping = true
    void endAll().then(leave)
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, stop)
  return () => {
    for (const signal of signals) process.off(signal, stop)
  }
}

/** One line that overwrites itself, on terminals only. */
function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`)
}

function say(text: string): void {
  process.stdout.write(text)
}

function complain(text: string, code: number): number {
  process.stderr.write(`bench: ${text}\n`)
  return code
}

process.exitCode = await main()
