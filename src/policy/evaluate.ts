/** Which rules of a policy fit a command, in order, up to the first that decides; does nothing about it. */

import type { CompiledPolicy } from './compile.ts'
import { isFinal, isRestricting, type CompiledRule } from './compiled-rule.ts'
import type { RuleContext } from './rule-context.ts'

export interface Evaluation {
  /** The rule that decides; undefined leaves it to the policy's default. */
  readonly final: CompiledRule | undefined
  /** Rules before it that change or record, and let the next decide. */
  readonly passed: readonly CompiledRule[]
  /** Rules before it that fitted and are only asked. */
  readonly dryRuns: readonly CompiledRule[]
  /** Conditions that came to no answer, each told once for a policy. */
  readonly failures: readonly RuleFailure[]
}

export interface RuleFailure {
  readonly rule: CompiledRule
  /** One sentence. */
  readonly why: string
}

type Asked = Pick<CompiledPolicy, 'index' | 'told'>

const nothing: readonly never[] = []

/** The context has been told of the command; `rules` are those that may fit it. */
export function evaluate(
  policy: Asked,
  context: RuleContext,
  rules: Iterable<CompiledRule> = policy.index.rulesFor(context.command, context.actions),
): Evaluation {
  let passed: CompiledRule[] | undefined
  let dryRuns: CompiledRule[] | undefined
  let failures: RuleFailure[] | undefined
  let final: CompiledRule | undefined
  for (const rule of rules) {
    const why = askRule(rule, context, policy.told)
    if (typeof why === 'string') (failures ??= []).push({ rule, why })
    const fits = why === true || (why !== false && isRestricting(rule.effect))
    if (!fits) continue
    if (rule.isDryRun) (dryRuns ??= []).push(rule)
    else if (!isFinal(rule.effect)) (passed ??= []).push(rule)
    else {
      final = rule
      break
    }
  }
  return { final, passed: passed ?? nothing, dryRuns: dryRuns ?? nothing, failures: failures ?? nothing }
}

/** Capabilities that this session does not get to see, and may not use. The context is told of no command. */
export function hiddenCapabilities(policy: CompiledPolicy, context: RuleContext): readonly string[] {
  const hidden = [...policy.document.hideCapabilities]
  for (const { effect, isDryRun, condition } of policy.rules) {
    if (effect.kind !== 'hide' || isDryRun) continue
    const answer = condition?.ask(context)
    // What came to no answer is hidden as well.
    if (!answer?.ok || answer.fits) hidden.push(...effect.capabilities)
  }
  return hidden
}

/** Whether it fits; or why nobody knows, and undefined where that was told before. */
function askRule(rule: CompiledRule, context: RuleContext, told: Set<string>): boolean | string | undefined {
  if (!rule.condition) return true
  const answer = rule.condition.ask(context)
  if (answer.ok) return answer.fits
  if (told.has(rule.name)) return undefined
  told.add(rule.name)
  return `the condition of rule "${rule.name}" failed: ${answer.why}`
}
