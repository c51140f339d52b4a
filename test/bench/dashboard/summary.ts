/** Medians of the dashboard's visits, a table of them and what was promised; measures nothing. */

import { medianOf } from '../report/statistics.ts'
import type { Variant } from './contender.ts'
import type { PacedFigures } from './order.ts'

/** One run of a contender's clients. */
export interface Visit {
  readonly variant: Variant
  readonly figures: PacedFigures
  /** Share of one core. */
  readonly cpu: number
  /** Per second. */
  readonly frames: number
  /** Octets per second to the terminal. */
  readonly drawn: number
  readonly mib: number
}

export interface VisitSummary {
  readonly variant: Variant
  readonly p50: Spread
  readonly p99: Spread
  readonly max: Spread
  readonly late: Spread
  readonly cpu: Spread
  readonly frames: Spread
  readonly drawn: Spread
  readonly mib: Spread
}

interface Spread {
  readonly median: number
  readonly least: number
  readonly most: number
}

/** What the dashboard may add, in milliseconds at p99, and frames a second that it owes. */
const TARGETS = { added: 5, frames: 10 }

export function summarizeVisits(visits: readonly Visit[]): readonly VisitSummary[] {
  const seen = [...new Set(visits.map(({ variant }) => variant))]
  return seen.map((variant) => {
    const own = visits.filter((visit) => visit.variant === variant)
    const spread = (value: (visit: Visit) => number): Spread => spreadOf(own.map(value))
    return {
      variant,
      p50: spread(({ figures }) => figures.p50),
      p99: spread(({ figures }) => figures.p99),
      max: spread(({ figures }) => figures.max),
      late: spread(({ figures }) => figures.lateP99),
      cpu: spread(({ cpu }) => cpu * 100),
      frames: spread(({ frames }) => frames),
      drawn: spread(({ drawn }) => drawn / 1024),
      mib: spread(({ mib }) => mib),
    }
  })
}

function spreadOf(values: readonly number[]): Spread {
  return { median: medianOf(values) ?? 0, least: Math.min(...values), most: Math.max(...values) }
}

export function tabulateVisits(summaries: readonly VisitSummary[]): string {
  const titles = ['p50 ms', 'p99 ms', 'max ms', 'late p99', 'CPU %', 'frames/s', 'KiB/s', 'MiB']
  const head = `${''.padEnd(22)}${titles.map((title) => title.padEnd(20)).join('')}`
  const rows = summaries.map(({ variant, p50, p99, max, late, cpu, frames, drawn, mib }) => {
    const cells = [
      show(p50, 2),
      show(p99, 1),
      show(max, 0),
      show(late, 1),
      show(cpu, 0),
      show(frames, 1),
      show(drawn, 0),
      show(mib, 0),
    ]
    return `${variant.name.padEnd(22)}${cells.map((cell) => cell.padEnd(20)).join('')}`
  })
  return `${[head, ...rows].map((row) => row.trimEnd()).join('\n')}\n`
}

function show({ median, least, most }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${least.toFixed(digits)}-${most.toFixed(digits)})`
}

export function tellVisit({ figures, frames, cpu, mib }: Visit): string {
  const { p50, p99, max } = figures
  const latency = `p50 ${p50.toFixed(2)} p99 ${p99.toFixed(1)} max ${max.toFixed(0)} ms`
  return `${latency}  ${frames.toFixed(1)} frames/s  ${(cpu * 100).toFixed(0)}% CPU  ${mib.toFixed(0)} MiB`
}

/** Each with the dashboard against the same without it, and in the same round: a busy minute hurts both. */
export function tellTargets(visits: readonly Visit[], say: (text: string) => void): boolean {
  let isMet = true
  for (const { variant, frames } of summarizeVisits(visits)) {
    if (!variant.hasDashboard) continue
    const isLively = frames.median >= TARGETS.frames
    const added = medianOf(addedBy(variant, visits))
    isMet &&= isLively && (added === undefined || added <= TARGETS.added)
    if (added !== undefined)
      say(
        `${variant.name}: adds ${added.toFixed(2)} ms at p99, target ${TARGETS.added}: ${verdictOf(added <= TARGETS.added)}\n`,
      )
    say(
      `${variant.name}: ${frames.median.toFixed(1)} frames/s, target ${TARGETS.frames}: ${verdictOf(isLively)}\n`,
    )
  }
  return isMet
}

const verdictOf = (isMet: boolean): string => (isMet ? 'met' : 'MISSED')

/** Milliseconds at p99, round by round. */
function addedBy(variant: Variant, visits: readonly Visit[]): number[] {
  const own = visits.filter((visit) => visit.variant === variant)
  const others = visits.filter(
    ({ variant: { hasDashboard, hasFindings } }) => !hasDashboard && hasFindings === variant.hasFindings,
  )
  return own.flatMap(({ figures }, round) => {
    const other = others[round]
    return other ? [figures.p99 - other.figures.p99] : []
  })
}
