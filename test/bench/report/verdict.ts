/** Holds our own figures against the targets of the design; knows not how either came about. */

import type { BenchCase, Metric, Target } from '../cases/case.ts'
import type { CaseResult } from './result.ts'
import { summarize, type Summary } from './statistics.ts'

export interface Verdict {
  readonly caseName: string
  /** The peer it is about. */
  readonly subject: string
  readonly metric: string
  /** `1.05x nginx` or `121.4`. */
  readonly shown: string
  /** `<= 1.10x nginx (stretch 1.00)`. */
  readonly target: string
  readonly outcome: 'met' | 'stretch met' | 'NOT MET' | 'unknown'
}

const SUBJECT = 'imaptap'

export function judge(benchCase: BenchCase, result: CaseResult): readonly Verdict[] {
  return benchCase.metrics.flatMap((metric) => {
    const summaries = summarize(result.rounds, metric.key)
    return (metric.targets ?? []).map((target) => {
      const subject = target.subject ?? SUBJECT
      const own = summaries.find(({ peer }) => peer === subject)
      return judgeMetric({ caseName: benchCase.name, subject }, metric, { target, own })
    })
  })
}

function judgeMetric(
  about: { readonly caseName: string; readonly subject: string },
  metric: Metric,
  { target, own }: { readonly target: Target; readonly own: Summary | undefined },
): Verdict {
  const value = target.peer === undefined ? own?.median : own?.ratios[target.peer]
  const shown = value === undefined ? '-' : show(value, target)
  return {
    ...about,
    metric: metric.label,
    shown,
    target: describe(metric, target),
    outcome: value === undefined ? 'unknown' : outcomeOf(value, metric, target),
  }
}

function outcomeOf(value: number, metric: Metric, target: Target): Verdict['outcome'] {
  const isWithin = (bound: number): boolean => (metric.better === 'lower' ? value <= bound : value >= bound)
  if (target.stretch !== undefined && isWithin(target.stretch)) return 'stretch met'
  return isWithin(target.bound) ? 'met' : 'NOT MET'
}

function describe(metric: Metric, target: Target): string {
  const sign = metric.better === 'lower' ? '<=' : '>='
  const stretch = target.stretch === undefined ? '' : ` (stretch ${target.stretch})`
  return `${sign} ${show(target.bound, target)}${stretch}`
}

function show(value: number, target: Target): string {
  return target.peer === undefined ? value.toFixed(1) : `${value.toFixed(2)}x ${target.peer}`
}
