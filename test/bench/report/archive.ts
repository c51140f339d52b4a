/** Writes a run with its raw rounds and its summaries to a JSON file, for comparisons between days. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { cases } from '../cases/index.ts'
import type { CaseResult, RunResult } from './result.ts'
import { summarize, type Summary } from './statistics.ts'
import { judge } from './verdict.ts'

const two = (value: number): string => String(value).padStart(2, '0')

/** `bench-results/2026-11-03-0917.json`, local time. */
export function defaultArchive(now: Date): string {
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
  return join('bench-results', `${day}-${two(now.getHours())}${two(now.getMinutes())}.json`)
}

export function archive(run: RunResult, file: string): void {
  mkdirSync(dirname(file), { recursive: true })
  const written = { ...run, cases: run.cases.map(withSummaries) }
  writeFileSync(file, `${JSON.stringify(written, undefined, 2)}\n`)
}

function withSummaries(result: CaseResult): object {
  const benchCase = cases.find(({ name }) => name === result.name)
  const summaries: Record<string, readonly Summary[]> = {}
  for (const { key } of benchCase?.metrics ?? []) summaries[key] = summarize(result.rounds, key)
  return { ...result, summaries, targets: benchCase ? judge(benchCase, result) : [] }
}
