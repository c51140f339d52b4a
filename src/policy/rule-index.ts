/** Which rules can fit a command at all, by its name and what it does; asks no condition. */

import type { CompiledRule } from './compiled-rule.ts'
import { actions, type Action } from './needs.ts'

interface Entry {
  readonly rule: CompiledRule
  /** For each `"read" in actions` the actions of which one has to be there, a bit for each. */
  readonly masks: readonly number[]
}

const bits = new Map<string, number>(actions.map((action, at) => [action, 1 << at]))

export class RuleIndex {
  /** Commands that a condition names, each with the rules that are left for it. */
  readonly #byCommand = new Map<string, readonly Entry[]>()
  /** For any other command. */
  readonly #others: readonly Entry[]

  constructor(rules: readonly CompiledRule[]) {
    const entries = rules.map((rule) => ({ rule, masks: masksOf(rule), commands: commandsOf(rule) }))
    const named = new Set(entries.flatMap(({ commands }) => (commands ? [...commands] : [])))
    for (const name of named)
      this.#byCommand.set(
        name,
        entries.filter(({ commands }) => !commands || commands.has(name)),
      )
    this.#others = entries.filter(({ commands }) => !commands)
  }

  /** In their order. */
  *rulesFor(command: string, does: readonly Action[] | readonly string[]): Generator<CompiledRule> {
    const mask = maskOf(does)
    const entries = this.#byCommand.get(command) ?? this.#others
    for (const { rule, masks } of entries) {
      if (masks.every((needed) => (needed & mask) !== 0)) yield rule
    }
  }
}

/** Undefined: any. */
function commandsOf({ condition }: CompiledRule): ReadonlySet<string> | undefined {
  const sets = condition?.requirements.filter(({ variable }) => variable === 'command') ?? []
  const [first, ...others] = sets
  if (!first) return undefined
  return new Set([...first.words].filter((word) => others.every(({ words }) => words.has(word))))
}

function masksOf({ condition }: CompiledRule): readonly number[] {
  const sets = condition?.requirements.filter(({ variable }) => variable === 'actions') ?? []
  return sets.map(({ words }) => maskOf([...words]))
}

function maskOf(words: readonly string[]): number {
  let mask = 0
  for (const word of words) mask |= bits.get(word) ?? 0
  return mask
}
