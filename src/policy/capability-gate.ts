/** Which capabilities a session does not get to see, and what becomes of commands that use one all the same; decides by no other rule. */

import type { Command } from '../imap/commands/index.ts'
import type { GuardVerdict } from '../relay/guard.ts'
import type { Millis } from '../relay/input.ts'
import type { CompiledPolicy } from './compile.ts'
import type { CompiledRule } from './compiled-rule.ts'
import { hiddenBy, hiddenCapabilities, hidingRules } from './evaluate.ts'
import { enforceHidden } from './hidden-capabilities.ts'
import { refuse } from './refusals.ts'
import type { RuleContext } from './rule-context.ts'
import { capabilitiesUsedBy } from './used-capabilities.ts'

/** What the gate asks of its session, as it stands. */
export interface CapabilityPort {
  readonly policy: CompiledPolicy
  /** Told of no command. */
  readonly context: RuleContext
  /** Hidden whatever the policy says. */
  readonly always: readonly string[]
  /** By the server, upper case. */
  readonly announced: readonly string[]
}

const none: readonly never[] = []

export class CapabilityGate {
  readonly #port: () => CapabilityPort
  /** Rules that would have refused the command that was checked last, if they were not only asked. */
  dryRuns: readonly CompiledRule[] = none

  constructor(port: () => CapabilityPort) {
    this.#port = port
  }

  hidden(): readonly string[] {
    const { policy, context, always } = this.#port()
    return [...always, ...hiddenCapabilities(policy, context)]
  }

  /** Few commands use a capability: for the others no rule that hides is asked. */
  check(command: Command, at: Millis): GuardVerdict | undefined {
    this.dryRuns = none
    if (capabilitiesUsedBy(command).length === 0) return undefined
    const { policy, context, always, announced } = this.#port()
    const patterns = [...always, ...policy.document.hideCapabilities]
    const use = enforceHidden(command, patterns, announced)
    if (use) return refuse(use.answer, { rule: 'capabilities', why: use.why })
    const rules = hidingRules(policy, context)
    // The rule that closes the last way to what the command needs is the one that refuses it.
    for (const rule of rules) {
      if (rule.isDryRun) continue
      patterns.push(...hiddenBy(rule))
      const hidden = enforceHidden(command, patterns, announced)
      if (!hidden) continue
      policy.hits.note({ final: rule, passed: none, dryRuns: none }, at)
      return refuse(hidden.answer, { rule: rule.name, why: hidden.why })
    }
    this.dryRuns = rules.filter(
      (rule) => rule.isDryRun && enforceHidden(command, [...patterns, ...hiddenBy(rule)], announced),
    )
    return undefined
  }
}
