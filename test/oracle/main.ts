/** `npm run oracle -- --minutes N --seed S`: hostile streams through the gateway, and real servers as oracles. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'

import { readOptions, type OracleOptions } from './options.ts'
import { inQuickNetwork } from './quick-network.ts'
import { runOracle, type RunReport } from './run.ts'
import { hasServer, type ServerKind } from './servers.ts'

/** Cyrus writes files for every command: on a disk it is fifty times as slow. */
const memoryFolder = '/dev/shm'
/** Set in the process that has one server to itself. */
const INSIDE = 'IMAPTAP_ORACLE_INSIDE'

const args = process.argv.slice(2)
const options = readOptions(args)
if (typeof options === 'string') {
  console.error(options)
  process.exitCode = args.includes('--help') ? 0 : 2
} else if (process.env[INSIDE] === undefined) {
  process.exitCode = await runEach(options)
} else {
  for (const kind of options.servers) process.exitCode = await runOne(kind, options)
}

/** A process for each server, so that both have a processor. */
async function runEach({ servers, seed }: OracleOptions): Promise<number> {
  console.log(`oracle with seed ${seed} on ${servers.join(' and ')}`)
  const codes = await Promise.all(servers.map((server) => runInside(server, seed)))
  return Math.max(...codes)
}

async function runInside(server: ServerKind, seed: number): Promise<number> {
  const own = [...args, '--server', server, '--seed', String(seed)]
  const [file = '', ...rest] = inQuickNetwork([process.execPath, import.meta.filename, ...own])
  const env = { TMPDIR: temporaryFolder(), ...process.env, [INSIDE]: '1' }
  const child = spawn(file, rest, { stdio: 'inherit', env })
  const [code] = (await once(child, 'close')) as [number | null]
  return code ?? 1
}

async function runOne(kind: ServerKind, chosen: OracleOptions): Promise<number> {
  if (!hasServer(kind)) return 2
  // It runs in this very process: what nobody catches there would end the proxy.
  process.once('uncaughtException', (error) => {
    console.log(`${kind}: CRASH of the gateway: ${error.stack ?? error.message}`)
    process.exit(1)
  })
  const report = await runOracle(kind, chosen)
  console.log(describeReport(report, chosen.seed))
  return report.bypasses.length > 0 ? 1 : 0
}

function temporaryFolder(): string | undefined {
  try {
    accessSync(memoryFolder, constants.W_OK)
    return memoryFolder
  } catch {
    return process.env['TMPDIR']
  }
}

function describeReport(report: RunReport, seed: number): string {
  const { server, streams, seconds, sessions, closed, hangs, failedLogins, decisions, bypasses } = report
  return [
    `${server}: ${streams} streams in ${Math.round(seconds)} s (${Math.round(streams / seconds)} a second), seed ${seed}`,
    `${server}: ${sessions} sessions, ${closed} cut, ${failedLogins} logins failed, ${hangs} streams hung`,
    `${server}: ${decisions.forwarded} commands forwarded, ${decisions.refused} refused`,
    `${server}: ${bypasses.length} bypasses`,
  ].join('\n')
}
