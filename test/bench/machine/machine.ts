/** What this machine offers: its cores, its tools and their versions; starts nothing that stays. */

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { arch, cpus, loadavg, platform, release } from 'node:os'

/** The cores of a run; undefined where nothing can be pinned. */
export interface Cores {
  readonly proxy: string | undefined
  readonly others: string | undefined
}

export interface MachineFacts {
  readonly cpu: string
  readonly cores: number
  readonly kernel: string
  readonly node: string
  readonly openssl: string
  /** Of the last minute before the run: above about 0.5 the figures are noisy. */
  readonly load: number
}

export function describeMachine(): MachineFacts {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: allowedCores().length,
    kernel: `${platform()} ${release()} ${arch()}`,
    node: process.version,
    openssl: process.versions.openssl,
    load: loadavg()[0] ?? 0,
  }
}

/** The proxy has a core of its own; the load client and upstream share another, where there is one. */
export function chooseCores(): Cores {
  const [first, second] = allowedCores()
  if (!hasTool('taskset') || first === undefined) return { proxy: undefined, others: undefined }
  return { proxy: String(first), others: String(second ?? first) }
}

/** True when the tool is on the PATH. */
export const hasTool = (name: string): boolean => findTool(name) !== undefined

/** Debian keeps daemons in /usr/sbin, which is not on everybody's PATH. */
export function findTool(name: string): string | undefined {
  for (const folder of [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/local/sbin']) {
    if (folder !== '' && existsSync(`${folder}/${name}`)) return `${folder}/${name}`
  }
  return undefined
}

/** What a tool prints, both streams, whatever its exit code. */
export function outputOf(command: string, args: readonly string[]): string {
  const done = spawnSync(command, args, { encoding: 'utf8' })
  return `${done.stdout ?? ''}${done.stderr ?? ''}`
}

function allowedCores(): number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readStatus())?.[1] ?? ''
  return list.split(',').flatMap(readRange)
}

function readRange(range: string): number[] {
  const [first, last = first] = range.split('-').map(Number)
  if (first === undefined || last === undefined || range === '') return []
  return Array.from({ length: last - first + 1 }, (_, at) => first + at)
}

function readStatus(): string {
  try {
    return readFileSync('/proc/self/status', 'latin1')
  } catch {
    return ''
  }
}
