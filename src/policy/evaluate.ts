/** Which rules of a policy fit a command, in order, up to the first that decides; does nothing about it. */

import type { CompiledPolicy } from './compile.ts'
import type { Answer } from './condition.ts'
import { isFinal, isRestricting, type CompiledRule } from './compiled-rule.ts'
import { askForEach, noPairs } from './named-mailboxes.ts'
import type { RuleContext } from './rule-context.ts'
import { withoutDetail, withoutDomain } from './user-name.ts'

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
  for (const rule of hidingRules(policy, context)) if (!rule.isDryRun) hidden.push(...hiddenBy(rule))
  return hidden
}

/** Rules that hide something from this session, in order, those that are only asked among them. */
export function hidingRules({ rules }: CompiledPolicy, context: RuleContext): readonly CompiledRule[] {
  return rules.filter((rule) => {
    if (rule.effect.kind !== 'hide') return false
    const answer = askBroadly(rule, context)
    // What came to no answer is hidden as well.
    return !answer?.ok || answer.fits
  })
}

export const hiddenBy = ({ effect }: CompiledRule): readonly string[] =>
  effect.kind === 'hide' ? effect.capabilities : nothing

/** With rules that fitted before the others were asked, and are only asked. */
export const withDryRuns = (evaluation: Evaluation, dryRuns: readonly CompiledRule[]): Evaluation =>
  dryRuns.length === 0 ? evaluation : { ...evaluation, dryRuns: [...dryRuns, ...evaluation.dryRuns] }

/**
 * A rule that restricts `ann` restricts `ann+x` as well, and where it speaks of no domain `ann@anything`: a server that
 * passes over these would let ann around it. A rule that allows is for the name as it was said.
 */
export function askBroadly(
  { effect, condition }: CompiledRule,
  context: RuleContext,
  part: 'ask' | 'standing' = 'ask',
): Answer | undefined {
  const run = condition?.[part]
  const ask = (): Answer | undefined =>
    run &&
    // What stays from command to command is about no mailbox.
    (part === 'standing' || context.pairs() === noPairs
      ? run(context)
      : askForEach(run, context, {
          text: condition.text,
          standing: condition.standing,
          isGrant: effect.kind === 'allow',
        }))
  const answer = ask()
  if (!condition || !answer?.ok || answer.fits || effect.kind === 'allow') return answer
  if (!condition.text.includes('user')) return answer
  for (const user of namesMeantBy(context.user, condition.text)) {
    const other = context.askAs(user, ask)
    if (!other?.ok || other.fits) return other
  }
  return answer
}

/** Whoever speaks of domains means them: that nobody is in `@example.org` is no word about those without any. */
function namesMeantBy(user: string, condition: string): readonly string[] {
  const plain = withoutDetail(user)
  const local = speaksOfDomains(condition) ? undefined : withoutDomain(plain)
  return [plain, local].flatMap((name) => (name === undefined || name === user ? [] : [name]))
}

/** `!user.endsWith("example.org")` fits every name that lost its domain. */
const speaksOfDomains = (condition: string): boolean =>
  condition.includes('@') || (userParts.test(condition) && negation.test(condition))

const userParts = /\buser\s*\.\s*(?:endsWith|matches|contains)\b/u
const negation = /!|\bfalse\b/u

/** Whether it fits; or why nobody knows, and undefined where that was told before. */
function askRule(rule: CompiledRule, context: RuleContext, told: Set<string>): boolean | string | undefined {
  const answer = askBroadly(rule, context)
  if (!answer) return true
  if (answer.ok) return answer.fits
  if (told.has(rule.name)) return undefined
  told.add(rule.name)
  return `the condition of rule "${rule.name}" failed: ${answer.why}`
}
