/** Findings gathered by their id, with the first few examples of each, in constant memory; knows no output. */

import type { FindingEvent, FindingLevel, Finding } from '../../findings/finding.ts'

/** Cases of one finding that are shown; the others are counted. */
const EXAMPLES = 3
/** Sessions of one finding that are told apart; beyond, they are not counted. */
export const sessionsCounted = 10_000
/** Kinds of findings: there are a hundred, and a capture may have been edited. */
const GROUPS = 1_000

export interface Example {
  readonly session: string
  readonly at: number
  readonly finding: Finding
}

/** Of one id and level: known noise of known servers has a level of its own. */
export interface FindingGroup {
  readonly id: string
  readonly name: string
  readonly level: FindingLevel
  readonly side: Finding['side']
  readonly reference: string
  readonly advice: string
  readonly count: number
  readonly sessions: number
  /** Oldest first. */
  readonly examples: readonly Example[]
}

interface Gathered {
  count: number
  readonly sessions: Set<string>
  readonly examples: Example[]
}

/** Worst first. */
export const levels: readonly FindingLevel[] = ['error', 'warning', 'note']

export class FindingGroups {
  readonly #groups = new Map<string, Gathered>()

  add({ session, at, finding }: FindingEvent): void {
    const key = `${finding.level} ${finding.id}`
    const known = this.#groups.get(key)
    if (!known && this.#groups.size >= GROUPS) return
    const group = known ?? { count: 0, sessions: new Set(), examples: [] }
    this.#groups.set(key, group)
    group.count++
    if (group.sessions.size < sessionsCounted) group.sessions.add(session)
    if (group.examples.length < EXAMPLES) group.examples.push({ session, at, finding })
  }

  /** The worst first, and of one level the ids in their order. */
  groups(): readonly FindingGroup[] {
    const groups = [...this.#groups.values()].flatMap(readGroup)
    const rank = (group: FindingGroup): string => `${levels.indexOf(group.level)} ${group.id}`
    return groups.sort((one, other) => (rank(one) < rank(other) ? -1 : 1))
  }

  count(level: FindingLevel): number {
    return this.groups()
      .filter((group) => group.level === level)
      .reduce((sum, group) => sum + group.count, 0)
  }
}

function readGroup({ count, sessions, examples }: Gathered): readonly FindingGroup[] {
  const [first] = examples
  if (!first) return []
  const { id, name, level, side, reference, advice } = first.finding
  return [{ id, name, level, side, reference, advice, count, sessions: sessions.size, examples }]
}
