/** Why a policy does what it does with one command, as plain data: each rule, the verdict, what both sides get; prints nothing. */

import { decodeText } from '../../imap/utf8.ts'
import type { CurrentPolicy } from '../../policy/guard-host.ts'
import { writeEffect } from '../../policy/effect-words.ts'
import { isFinal, type CompiledRule } from '../../policy/compiled-rule.ts'
import type { Decided } from '../../relay/guard.ts'
import { decidedText } from '../../relay/decided-words.ts'
import { listenTo, namesHidden, RuleAnswers, showAlias } from './open-policy.ts'
import { tryCommand, type Circumstances } from './try-command.ts'
import type { Tried } from './trial.ts'

/** `decides`: the first that fits and is final. `not asked`: another decided before, or it was refused before any rule. */
export type RuleFate = 'decides' | 'fits' | 'dry run' | 'failed' | 'does not fit' | 'not asked'

export interface ExplainedRule {
  readonly name: string
  readonly effect: string
  readonly when: string | undefined
  readonly fate: RuleFate
}

export interface Explanation {
  readonly mode: 'enforce' | 'dry-run'
  /** Set where the session does not get so far: the command before it that was refused. */
  readonly stoppedAt: string | undefined
  readonly rules: readonly ExplainedRule[]
  /** In order; what holds last. */
  readonly decided: readonly Decided[]
  /** One sentence. */
  readonly verdict: string
  readonly upstream: string | undefined
  readonly asked: readonly string[]
  readonly client: Tried['client']
  readonly approval: Tried['approval']
  readonly waitMillis: number
  readonly isClosed: boolean
  /** How the command would better be written. */
  readonly hint?: string
}

export function explain(current: CurrentPolicy, about: Circumstances, text: string): Explanation {
  const answers = new RuleAnswers()
  const attempt = tryCommand(listenTo(current, answers), about, { text, before: () => answers.clear() })
  const { tried } = attempt
  return {
    mode: current.compiled.mode,
    stoppedAt: attempt.kind === 'stopped' ? attempt.command : undefined,
    rules: explainRules(current, answers, tried.decided),
    decided: tried.decided,
    verdict: verdictOf(tried),
    upstream: tried.upstream && shown(tried.upstream),
    asked: tried.asked.map(shown),
    client: tried.client.map(({ line, isOurs }) => ({ line: shown(line), isOurs })),
    approval: tried.approval,
    waitMillis: tried.waitMillis,
    isClosed: tried.isClosed,
  }
}

const shown = (octets: string): string => showAlias(decodeText(octets))

function explainRules(
  { compiled }: CurrentPolicy,
  answers: RuleAnswers,
  decided: readonly Decided[],
): readonly ExplainedRule[] {
  const last = decided.at(-1)?.rule
  // Those that hide come before the others, wherever they stand.
  const isHidden = compiled.rules.some(({ name, effect }) => name === last && effect.kind === 'hide')
  const reached = reachedRules(decided, compiled.rules)
  let isOver = !reached || isHidden
  return compiled.rules.map((rule) => {
    const hides = reached && rule.effect.kind === 'hide'
    const fate = hides ? hidingFate(rule, decided) : isOver ? 'not asked' : fateOf(rule, answers, last)
    if (fate === 'decides') isOver = true
    return { name: rule.name, effect: writeEffect(rule.effect), when: rule.document.when, fate }
  })
}

/** It fits commands that use what it hides. */
function hidingFate({ name }: CompiledRule, decided: readonly Decided[]): RuleFate {
  const own = decided.find(({ rule }) => rule === name)
  return own ? (own.isDryRun ? 'dry run' : 'decides') : 'does not fit'
}

/** Built-in protections come first: then no rule was asked. */
function reachedRules(decided: readonly Decided[], rules: readonly CompiledRule[]): boolean {
  const last = decided.at(-1)
  return last?.rule === 'default' || rules.some(({ name }) => name === last?.rule)
}

function fateOf(rule: CompiledRule, answers: RuleAnswers, last: string | undefined): RuleFate {
  const { name, condition, effect, isDryRun } = rule
  const answer = condition ? (answers.of(name) ?? 'does not fit') : 'fits'
  if (answer !== 'fits') return answer
  if (isDryRun) return 'dry run'
  return name === last && isFinal(effect) ? 'decides' : 'fits'
}

const hidden = 'the mailbox is hidden: upstream gets a name that nobody has'

function verdictOf({ decided, approval, upstream = '' }: Tried): string {
  const isHidden = namesHidden(upstream)
  const thenHidden = isHidden ? `; ${hidden}` : ''
  if (approval) return `held for approval by rule ${approval.rule}${thenHidden}`
  if (isHidden) return hidden
  const last = decided.at(-1)
  return last ? decidedText(last) : 'nothing was decided'
}
