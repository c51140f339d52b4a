/** Reads V8's CPU profiles and ranks functions by the time spent in themselves; knows nothing of the bench. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface RankedFunction {
  /** `name file:line`. */
  readonly place: string
  readonly milliseconds: number
  /** Of all time that was not idle. */
  readonly share: number
}

interface CallFrame {
  readonly functionName: string
  readonly url: string
  readonly lineNumber: number
}

interface ProfileNode {
  readonly id: number
  readonly callFrame: CallFrame
  readonly children?: readonly number[]
}

interface CpuProfile {
  readonly nodes: readonly ProfileNode[]
  readonly samples: readonly number[]
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[]
}

/** All profiles of a folder together: one per thread and process. */
export function rankFunctions(folder: string, limit: number): readonly RankedFunction[] {
  const byPlace = new Map<string, number>()
  for (const profile of readProfiles(folder)) addSelfTimes(profile, byPlace)
  byPlace.delete('(idle)')
  let total = 0
  for (const time of byPlace.values()) total += time
  const ranked = [...byPlace].sort(([, a], [, b]) => b - a).slice(0, limit)
  return ranked.map(([place, time]) => ({ place, milliseconds: time / 1000, share: time / total }))
}

export function tabulateProfile(ranked: readonly RankedFunction[]): string {
  const rows = ranked.map(({ place, milliseconds, share }) => {
    return `${(share * 100).toFixed(1).padStart(6)}%${milliseconds.toFixed(0).padStart(8)} ms  ${place}`
  })
  return `${rows.join('\n')}\n`
}

function readProfiles(folder: string): readonly CpuProfile[] {
  if (!existsSync(folder)) return []
  const files = readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'))
  return files.map((name) => {
    // V8 wrote the file a moment ago; its shape is V8's contract.
    const profile: CpuProfile = JSON.parse(readFileSync(join(folder, name), 'utf8'))
    return profile
  })
}

function addSelfTimes(profile: CpuProfile, byPlace: Map<string, number>): void {
  const places = placeNodes(profile.nodes)
  for (const [at, id] of profile.samples.entries()) {
    const place = places.get(id) ?? '(unknown)'
    byPlace.set(place, (byPlace.get(place) ?? 0) + (profile.timeDeltas[at] ?? 0))
  }
}

function placeNodes(nodes: readonly ProfileNode[]): Map<number, string> {
  const callers = new Map<number, CallFrame>()
  for (const { callFrame, children } of nodes) {
    for (const child of children ?? []) callers.set(child, callFrame)
  }
  return new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame, callers.get(id))]))
}

function placeOf(frame: CallFrame, caller: CallFrame | undefined): string {
  if (frame.url !== '') return `${nameOf(frame)}  ${fileOf(frame)}`
  // V8's own entries, such as (garbage collector), say all by themselves; native functions do not.
  if (frame.functionName.startsWith('(') || !caller) return nameOf(frame)
  return `${nameOf(frame)}  native, called by ${nameOf(caller)} ${fileOf(caller)}`.trimEnd()
}

const nameOf = (frame: CallFrame): string => (frame.functionName === '' ? '(anonymous)' : frame.functionName)

function fileOf(frame: CallFrame): string {
  if (frame.url === '') return ''
  return `${frame.url.replace(/^.*\/(?=(?:src|test|node_modules)\/)/, '')}:${frame.lineNumber + 1}`
}
