/** Medians, spread and paired ratios of rounds; knows no case and no peer by name but those it is asked for. */

import type { Measures } from '../cases/case.ts'

export interface RoundResult {
  readonly round: number
  readonly peer: string
  readonly measures: Measures
}

export interface Summary {
  readonly peer: string
  readonly median: number
  readonly least: number
  readonly most: number
  readonly rounds: number
  /** Medians of the ratios within each round, by the peer divided by. */
  readonly ratios: Readonly<Record<string, number>>
}

/** The peers that every figure is compared with. */
export const YARDSTICKS = ['nginx', 'haproxy', 'imaptap'] as const

/** One metric, peer by peer, in the order in which they took part. */
export function summarize(rounds: readonly RoundResult[], key: string): readonly Summary[] {
  const names = [...new Set(rounds.map((round) => round.peer))]
  return names.flatMap((peer) => {
    const values = valuesOf(rounds, peer, key)
    const median = medianOf([...values.values()])
    if (median === undefined) return []
    const all = [...values.values()]
    const spread = { least: Math.min(...all), most: Math.max(...all), rounds: all.length }
    return [{ peer, median, ...spread, ratios: ratiosOf(rounds, values, key) }]
  })
}

export function medianOf(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle]
  if (upper === undefined || sorted.length % 2 === 1) return upper
  return ((sorted[middle - 1] ?? upper) + upper) / 2
}

/** By round, so that only figures of the same minute are divided by each other. */
function valuesOf(rounds: readonly RoundResult[], peer: string, key: string): Map<number, number> {
  const values = new Map<number, number>()
  for (const { round, peer: name, measures } of rounds) {
    const value = measures[key]
    if (name === peer && value !== undefined) values.set(round, value)
  }
  return values
}

function ratiosOf(
  rounds: readonly RoundResult[],
  own: Map<number, number>,
  key: string,
): Record<string, number> {
  const ratios: Record<string, number> = {}
  for (const yardstick of YARDSTICKS) {
    const theirs = valuesOf(rounds, yardstick, key)
    const paired = [...own].flatMap(([round, value]) => {
      const other = theirs.get(round)
      return other === undefined || other <= 0 || value <= 0 ? [] : [value / other]
    })
    const median = medianOf(paired)
    if (median !== undefined) ratios[yardstick] = median
  }
  return ratios
}
