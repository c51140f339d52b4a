/** Measures show, lint and stats on a large capture: seconds, CPU, MB/s and the most memory; fails above what is promised. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

import { writeBigCapture } from '../../support/big-capture.ts'

const bin = fileURLToPath(new URL('../../../bin/imaptap.js', import.meta.url))

/** Megabytes of memory that no command may take. */
const promised = 300
/** Milliseconds between two looks at a process's memory; the system itself remembers the most. */
const every = 50

const runs: readonly (readonly [name: string, ...words: string[]])[] = [
  ['stats', 'stats'],
  ['show, filtered, no findings', 'show', '--no-findings', '--filter', '~t >1990ms'],
  ['show, one session', 'show', '--session', 'S40', '--wire'],
  ['show, filtered', 'show', '--filter', '~t >1990ms'],
  ['show --wire, filtered', 'show', '--wire', '--filter', '~t >1990ms'],
  ['lint', 'lint', '--fail-on', 'never'],
]

/** Answers the exit code. `--exchanges N` makes a smaller capture, `--file FILE` keeps it or takes one that is there. */
export async function benchCaptures(args: readonly string[], say: (text: string) => void): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { exchanges: { type: 'string', default: '1000000' }, file: { type: 'string' } },
  })
  const file = values.file ?? join(tmpdir(), `it-bench-${process.pid}.ndjson`)
  if (!existsSync(file)) writeBigCapture(file, { exchanges: Number(values.exchanges) })
  const megabytes = statSync(file).size / 1e6
  say(`${megabytes.toFixed(0)} MB of capture\n`)
  let exitCode = 0
  for (const [name, command = '', ...flags] of runs) {
    const run = await measure([command, file, ...flags])
    say(rowOf(name, run, megabytes))
    if (run.code !== 0 || run.most > promised) exitCode = 1
  }
  if (values.file === undefined) rmSync(file)
  return exitCode
}

interface Run {
  readonly code: unknown
  readonly seconds: number
  /** Seconds of processor time, of all threads: what a busy machine does not change much. */
  readonly cpu: number
  /** Megabytes. */
  readonly most: number
}

async function measure(words: readonly string[]): Promise<Run> {
  const started = performance.now()
  const child = spawn(process.execPath, [bin, ...words], { stdio: ['ignore', 'ignore', 'inherit'] })
  let most = 0
  let cpu = 0
  const timer = setInterval(() => {
    most = Math.max(most, memoryOf(child.pid))
    cpu = Math.max(cpu, processorTimeOf(child.pid))
  }, every)
  const [code]: unknown[] = await once(child, 'exit')
  clearInterval(timer)
  return { code, seconds: (performance.now() - started) / 1000, cpu, most }
}

function rowOf(name: string, { seconds, cpu, most }: Run, megabytes: number): string {
  const speed = `${(megabytes / seconds).toFixed(0)} MB/s`
  const columns = [
    `${seconds.toFixed(1)} s`.padStart(8),
    `${cpu.toFixed(1)} s CPU`.padStart(12),
    speed.padStart(9),
    `${most.toFixed(0)} MB`.padStart(7),
  ]
  return `${name.padEnd(30)}${columns.join('')}\n`
}

/** Seconds; 0 where the system does not tell. */
function processorTimeOf(pid: number | undefined): number {
  try {
    const [, , ...fields] = readFileSync(`/proc/${pid ?? 0}/stat`, 'utf8').split(' ')
    // Of user and system, in steps of 10 ms: fields 14 and 15 of proc(5).
    return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / 100
  } catch {
    return 0
  }
}

/** The most memory that the process ever had, in megabytes; 0 where the system does not tell. */
function memoryOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid ?? 0}/status`, 'utf8')
    return Number(/^VmHWM:\s+(\d+) kB$/mu.exec(status)?.[1] ?? 0) / 1000
  } catch {
    // It ended just now, or this is no Linux.
    return 0
  }
}
