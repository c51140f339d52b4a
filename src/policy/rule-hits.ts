/** How often each rule fitted, and when last; knows no rule but by its name. */

import type { Millis } from '../relay/input.ts'

export interface RuleHit {
  readonly count: number
  /** Of these, how often it was only asked. */
  readonly dryRuns: number
  readonly lastAt: Millis | undefined
}

export interface Named {
  readonly name: string
}

export interface Fitted {
  readonly final: Named | undefined
  readonly passed: readonly Named[]
  readonly dryRuns: readonly Named[]
}

type Counter = { -readonly [Key in keyof RuleHit]: RuleHit[Key] }

const none: RuleHit = { count: 0, dryRuns: 0, lastAt: undefined }

/** Outlives a reload: a rule keeps its count with its name. */
export class RuleHits {
  readonly #counters: ReadonlyMap<string, Counter>

  constructor(rules: readonly Named[], before?: RuleHits) {
    const counted = before ? before.#counters : new Map<string, Counter>()
    this.#counters = new Map(rules.map(({ name }) => [name, counted.get(name) ?? { ...none }]))
  }

  of(name: string): RuleHit {
    return this.#counters.get(name) ?? none
  }

  note({ final, passed, dryRuns }: Fitted, at: Millis): void {
    if (final) this.#count(final.name, at)
    for (const { name } of passed) this.#count(name, at)
    for (const { name } of dryRuns) this.#count(name, at, 1)
  }

  #count(name: string, at: Millis, dryRuns = 0): void {
    const counter = this.#counters.get(name)
    if (!counter) return
    counter.count += 1
    counter.dryRuns += dryRuns
    counter.lastAt = at
  }
}
