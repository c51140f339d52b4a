/** Reads from /proc what a process and all its descendants have used; knows not what they did with it. */

import { readFileSync, readdirSync } from 'node:fs'

/** `utime` and `stime` are counted in USER_HZ, which is 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100

/** User and system seconds of the whole tree, threads and ended children included. */
export function cpuSeconds(pid: number): number {
  let ticks = 0
  for (const member of processTree(pid)) ticks += ticksOf(member)
  return ticks / TICKS_PER_SECOND
}

/** Proportional set size of the whole tree in KiB: private pages, and of the shared ones its share. */
export function pssKib(pid: number): number {
  let kib = 0
  for (const member of processTree(pid)) {
    const found = /^Pss:\s+(\d+) kB/m.exec(read(`/proc/${member}/smaps_rollup`))
    kib += Number(found?.[1] ?? 0)
  }
  return kib
}

/** The process and its descendants, parents first. */
export function processTree(pid: number): number[] {
  const tree = [pid]
  for (const member of tree) tree.push(...childrenOf(member))
  return tree
}

function childrenOf(pid: number): number[] {
  const children: number[] = []
  for (const thread of threadsOf(pid)) {
    const line = read(`/proc/${pid}/task/${thread}/children`).trim()
    if (line !== '') children.push(...line.split(' ').map(Number))
  }
  return children
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch {
    return []
  }
}

function ticksOf(pid: number): number {
  const stat = read(`/proc/${pid}/stat`)
  // The command name stands in parentheses and may hold spaces: count the fields behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [utime, stime, cutime, cstime] = fields.slice(11, 15).map(Number)
  return (utime ?? 0) + (stime ?? 0) + (cutime ?? 0) + (cstime ?? 0)
}

/** Empty when the process is gone. */
function read(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
