/** The tables for people: one block per metric, then the targets; plain text, no colour. */

import type { BenchCase, Metric } from '../cases/case.ts'
import type { CaseResult, RunResult } from './result.ts'
import { summarize, YARDSTICKS, type Summary } from './statistics.ts'
import { judge, type Verdict } from './verdict.ts'

export function introduce(run: Omit<RunResult, 'cases'>): string {
  const { machine } = run
  const lines = [
    `${machine.cpu}, ${machine.cores} cores, ${machine.kernel}, Node ${machine.node}, OpenSSL ${machine.openssl}`,
    `${run.rounds} rounds, interleaved; ${run.isPinned ? 'pinned by taskset' : 'NOT pinned: taskset is missing'}`,
  ]
  if (machine.load > 0.5)
    lines.push(`NOISY: the load average was ${machine.load.toFixed(2)} before the run began.`)
  if (run.isProfiled) lines.push('PROFILED: figures of Node peers include the profiler.')
  for (const [name, found] of Object.entries(run.peers)) {
    lines.push(found.kind === 'here' ? `peer ${name}: ${found.version}` : `MISSING ${name}: ${found.reason}`)
  }
  return `${lines.join('\n')}\n`
}

export function tabulateCase(benchCase: BenchCase, result: CaseResult): string {
  const blocks = benchCase.metrics.map((metric) =>
    tabulateMetric(metric, summarize(result.rounds, metric.key)),
  )
  const failures = result.failures.map(({ peer, round, reason }) => {
    const when = round === undefined ? 'while warming up' : `in round ${round}`
    return `FAILED ${peer} ${when}: ${reason}`
  })
  const heading = `== ${benchCase.name}: ${benchCase.about} (${result.seconds.toFixed(0)} s)`
  return `\n${[heading, ...blocks.filter((block) => block !== ''), ...failures].join('\n')}\n`
}

export function tabulateTargets(benchCases: readonly BenchCase[], results: readonly CaseResult[]): string {
  const verdicts = benchCases.flatMap((benchCase) => {
    const result = results.find(({ name }) => name === benchCase.name)
    return result ? judge(benchCase, result) : []
  })
  if (verdicts.length === 0) return ''
  const head = ['case', 'metric', 'of', 'figure', 'target', 'outcome']
  return `\n== targets\n${layOut([head, ...verdicts.map(rowOf)])}\n`
}

const rowOf = (verdict: Verdict): readonly string[] => [
  verdict.caseName,
  verdict.metric,
  verdict.subject,
  verdict.shown,
  verdict.target,
  verdict.outcome,
]

function tabulateMetric(metric: Metric, summaries: readonly Summary[]): string {
  if (summaries.length === 0) return ''
  const head = [metric.label, 'median', 'least', 'most', ...YARDSTICKS.map((name) => `x ${name}`)]
  const rows = summaries.map((summary) => [
    `  ${summary.peer}`,
    ...[summary.median, summary.least, summary.most].map((value) => value.toFixed(metric.digits)),
    ...YARDSTICKS.map((name) => summary.ratios[name]?.toFixed(2) ?? '-'),
  ])
  return layOut([head, ...rows])
}

/** Columns as wide as their widest cell. */
function layOut(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  // The first column holds names; what follows reads better from the right only where it is a number.
  const lay = (cell: string, column: number): string => {
    const width = widths[column] ?? 0
    return /^[-\d.]+$|^(median|least|most|x .*)$/.test(cell) ? cell.padStart(width) : cell.padEnd(width)
  }
  return rows.map((row) => row.map(lay).join('  ').trimEnd()).join('\n')
}
