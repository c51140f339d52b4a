/** Adds up what a policy would have done with recorded commands: by rule and effect, with the first examples. */

import type { Judged, JudgedEffect } from './policy-replay.ts'

export interface Example {
  readonly session: string
  readonly tag: string
  readonly command: string
  readonly at: number
}

export interface TalliedRule {
  readonly rule: string
  readonly effect: JudgedEffect
  /** What the rule would do if it held. */
  readonly isDryRun: boolean
  readonly why: string
  count: number
  /** Of these, those of which not all was known. */
  guesses: number
  readonly examples: Example[]
}

/** Examples kept of each. */
const EXAMPLES = 3
/** Rules and effects told apart: more than a policy has. */
const MOST = 10_000

export class PolicyTally {
  readonly sessions = new Set<string>()
  readonly effects: Record<JudgedEffect, number> = {
    allow: 0,
    deny: 0,
    hide: 0,
    rewrite: 0,
    hold: 0,
    delay: 0,
    close: 0,
  }
  commands = 0
  guesses = 0
  readonly #rules = new Map<string, TalliedRule>()

  add(judged: Judged): void {
    const { session, effect, rule, why, isGuess, dryRuns } = judged
    this.sessions.add(session)
    this.commands += 1
    this.effects[effect] += 1
    if (isGuess) this.guesses += 1
    this.#count({ rule, effect, isDryRun: false, why }, judged)
    for (const dry of dryRuns) {
      const would = dry.effect === 'record' ? 'allow' : dry.effect
      this.#count({ rule: dry.rule, effect: would, isDryRun: true, why: dry.why }, judged)
    }
  }

  /** What somebody would have missed first, then the most frequent. */
  rules(): readonly TalliedRule[] {
    return [...this.#rules.values()].toSorted(
      (a, b) => weights[a.effect] - weights[b.effect] || b.count - a.count,
    )
  }

  #count(about: Pick<TalliedRule, 'rule' | 'effect' | 'isDryRun' | 'why'>, judged: Judged): void {
    const key = `${about.isDryRun} ${about.effect} ${about.rule}`
    const known = this.#rules.get(key) ?? { ...about, count: 0, guesses: 0, examples: [] }
    if (this.#rules.size < MOST) this.#rules.set(key, known)
    known.count += 1
    if (judged.isGuess) known.guesses += 1
    if (known.examples.length < EXAMPLES) known.examples.push(exampleOf(judged))
  }
}

const weights: Readonly<Record<JudgedEffect, number>> = {
  close: 0,
  deny: 1,
  hide: 2,
  hold: 3,
  rewrite: 4,
  delay: 5,
  allow: 6,
}

const exampleOf = ({ session, at, exchange: { tag, name, args } }: Judged): Example => ({
  session,
  at,
  tag,
  command: `${name} ${args}`.trimEnd(),
})
