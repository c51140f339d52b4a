/** `npm run bench dashboard`: what the open dashboard costs the traffic, how often it draws, and whether its memory grows. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { cpuSeconds, pssKib } from '../machine/accounting.ts'
import { makeCertificates } from '../machine/certificates.ts'
import { chooseCores, describeMachine, hasTool } from '../machine/machine.ts'
import { endAll, freePort, launch, untilListening } from '../machine/processes.ts'
import { rankFunctions, tabulateProfile } from '../profile.ts'
import { Contender, variants, type Place } from './contender.ts'
import type { PacedFigures } from './order.ts'
import { summarizeVisits, tabulateVisits, tellTargets, tellVisit, type Visit } from './summary.ts'

const UPSTREAM = fileURLToPath(new URL('../upstream/server.ts', import.meta.url))
/** Seconds of load before the first figure: by then the dashboard keeps as much as it ever does. */
const WARM_UP = 20
const RANKED = 40
const MINUTE = 60
/** Milliseconds that a profile takes to be written. */
const PROFILE_PATIENCE = 6_000

interface Options {
  readonly rounds: number
  readonly seconds: number
  readonly minutes: number
  readonly sessions: number
  readonly rate: number
  readonly keys: string
  readonly only: string | undefined
  readonly profile: string | undefined
}

type Say = (text: string) => void

/** Answers the exit code. */
export async function benchDashboard(args: readonly string[], say: Say): Promise<number> {
  const options = readOptions(args)
  if (process.platform !== 'linux' || !hasTool('script')) {
    say('bench: the dashboard is measured on Linux, in a terminal made by util-linux script\n')
    return 1
  }
  const folder = mkdtempSync(join(tmpdir(), 'imaptap-bench-'))
  try {
    return await measure(options, folder, say)
  } catch (error) {
    say(`bench: ${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  } finally {
    await endAll()
    rmSync(folder, { recursive: true, force: true })
  }
}

function readOptions(args: readonly string[]): Options {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { ...text, default: '5' },
      seconds: { ...text, default: '10' },
      minutes: { ...text, default: '0' },
      sessions: { ...text, default: '50' },
      rate: { ...text, default: '2000' },
      keys: { ...text, default: '' },
      only: text,
      profile: text,
    },
  })
  const { keys, only, profile } = values
  const [rounds = 0, seconds = 0, minutes = 0, sessions = 0, rate = 0] = [
    values.rounds,
    values.seconds,
    values.minutes,
    values.sessions,
    values.rate,
  ].map(Number)
  return { rounds, seconds, minutes, sessions, rate, keys, only, profile: profile && resolve(profile) }
}

async function measure(options: Options, folder: string, say: Say): Promise<number> {
  const { cpu, node, load } = describeMachine()
  say(`${cpu}, Node ${node}, load ${load.toFixed(2)}\n`)
  say(`${options.sessions} sessions, ${options.rate} commands/s in all, terminal 160x45\n`)
  const place = await prepare(options, folder)
  const contenders: Contender[] = []
  for (const variant of variants) {
    if (options.only !== undefined && !options.only.split('/').includes(variant.name)) continue
    const contender = await Contender.start(variant, place)
    contenders.push(contender)
    await contender.order({ kind: 'open', port: contender.port, sessions: options.sessions })
    contender.type(options.keys)
    await contender.order({ kind: 'run', seconds: WARM_UP, rate: options.rate })
  }
  const visits: Visit[] = []
  for (let round = 0; round < options.rounds; round++)
    for (const contender of contenders) visits.push(await visit(contender, options))
  say(tabulateVisits(summarizeVisits(visits)))
  const isMet = tellTargets(visits, say)
  const last = contenders.at(-1)
  const isFlat = options.minutes === 0 || !last ? true : await soak(last, options, say)
  if (options.profile !== undefined) await tellProfiles(contenders, options.profile, say)
  return isMet && isFlat ? 0 : 1
}

async function prepare({ profile }: Options, folder: string): Promise<Place> {
  const certificates = makeCertificates(folder)
  const cores = chooseCores()
  const upstreamPort = await freePort()
  const { certificate, key } = certificates
  const command = [process.execPath, UPSTREAM, certificate, key, String(upstreamPort), '0']
  const upstream = launch({ command, cores: cores.others, hasChannel: true })
  await untilListening(upstream, upstreamPort)
  return { folder, certificates, cores, upstreamPort, profileFolder: profile }
}

async function visit(contender: Contender, { seconds, rate }: Options): Promise<Visit> {
  const { frames, octets } = contender.drawn
  const before = { frames, octets, cpu: cpuSeconds(contender.pid), at: performance.now() }
  const figures: PacedFigures = await contender.order({ kind: 'run', seconds, rate })
  const took = (performance.now() - before.at) / 1000
  return {
    variant: contender.variant,
    figures,
    cpu: (cpuSeconds(contender.pid) - before.cpu) / took,
    frames: (contender.drawn.frames - before.frames) / took,
    drawn: (contender.drawn.octets - before.octets) / took,
    mib: pssKib(contender.pid) / 1024,
  }
}

/** Memory over a long time: the first quarter fills what is kept, then the second is held against the last. */
async function soak(contender: Contender, options: Options, say: Say): Promise<boolean> {
  const slices = Math.ceil((options.minutes * MINUTE) / options.seconds)
  const memory: number[] = []
  for (let slice = 1; slice <= slices; slice++) {
    const seen = await visit(contender, options)
    memory.push(seen.mib)
    say(`${String(slice * options.seconds).padStart(5)} s  ${tellVisit(seen)}\n`)
  }
  const quarter = Math.ceil(slices / 4)
  const early = meanOf(memory.slice(quarter, 2 * quarter))
  const late = meanOf(memory.slice(-quarter))
  const isFlat = late <= early * GROWTH_ALLOWED
  const verdict = isFlat ? 'flat' : 'IT GROWS'
  say(`memory: second quarter ${early.toFixed(0)} MiB, last quarter ${late.toFixed(0)} MiB: ${verdict}\n`)
  return isFlat
}

/** The collector works in steps: a tenth more is no leak. */
const GROWTH_ALLOWED = 1.1

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}

async function tellProfiles(contenders: readonly Contender[], folder: string, say: Say): Promise<void> {
  for (const contender of contenders) contender.end()
  await wait(PROFILE_PATIENCE)
  for (const { variant } of contenders) {
    const ranked = rankFunctions(join(folder, variant.name.replaceAll(/\W+/gu, '-')), RANKED)
    say(`\n-- ${variant.name}: self time\n${tabulateProfile(ranked)}`)
  }
}
