/** A policy out of its file, compiled, for commands that try it: its mistakes as the proxy would tell them; it runs nothing. */

import { loadPolicyFile } from '../../config/policy-settings.ts'
import { BadConfiguration } from '../../config/problem.ts'
import type { PolicyDocument } from '../../config/policy-document.ts'
import { compilePolicy, type CompiledPolicy } from '../../policy/compile.ts'
import type { CompiledRule } from '../../policy/compiled-rule.ts'
import type { CurrentPolicy, GuardHost } from '../../policy/guard-host.ts'
import { isRefusal, Ledger } from '../../policy/ledger.ts'
import { makeMailboxView } from '../../policy/mailbox-view.ts'
import type { WallTime } from '../../policy/rule-context.ts'
import { weekdays } from '../../policy/context.ts'
import { RuleIndex } from '../../policy/rule-index.ts'
import { SessionGuard } from '../../policy/session-guard.ts'
import type { Guard, SessionOrigin } from '../../relay/guard.ts'

/** Throws BadConfiguration. */
export function openPolicy(file: string): CurrentPolicy {
  const { document } = loadPolicyFile(file)
  const compilation = compilePolicy(document)
  if (compilation.ok) return { document, compiled: compilation.policy, view: makeMailboxView(document) }
  throw new BadConfiguration(compilation.problems.map((problem) => ({ source: 'file', ...problem })))
}

/** What a trial shows is what would be done: a policy that is only asked is taken at its word. */
export function enforced(current: CurrentPolicy): CurrentPolicy {
  return { ...current, compiled: { ...current.compiled, mode: 'enforce' } }
}

export type RuleAnswer = 'fits' | 'does not fit' | 'failed'

/** What the rules were asked while the latest command was decided; what cannot fit by its words alone is not asked. */
export class RuleAnswers {
  readonly #answers = new Map<string, RuleAnswer>()

  of(rule: string): RuleAnswer | undefined {
    return this.#answers.get(rule)
  }

  note(rule: string, answer: RuleAnswer): void {
    this.#answers.set(rule, answer)
  }

  clear(): void {
    this.#answers.clear()
  }
}

/** The same policy; each condition tells its answer. */
export function listenTo(current: CurrentPolicy, answers: RuleAnswers): CurrentPolicy {
  const rules = current.compiled.rules.map((rule) => listenToRule(rule, answers))
  const index = new RuleIndex(rules.filter(({ effect }) => effect.kind !== 'hide'))
  const compiled: CompiledPolicy = { ...current.compiled, rules, index }
  return { ...current, compiled }
}

function listenToRule(rule: CompiledRule, answers: RuleAnswers): CompiledRule {
  const { condition, name } = rule
  if (!condition) return rule
  return {
    ...rule,
    condition: {
      ...condition,
      ask: (context) => {
        const answer = condition.ask(context)
        answers.note(name, answer.ok ? (answer.fits ? 'fits' : 'does not fit') : 'failed')
        return answer
      },
    },
  }
}

/** Guards of one policy for sessions that nobody has: names for hidden mailboxes are told apart by how they begin. */
export class TrialGuards {
  readonly #host: GuardHost

  constructor(current: CurrentPolicy, wallTime: WallTime) {
    this.#host = {
      current,
      ledger: new Ledger(unlimited(current.document)),
      compress: 'follow',
      hideCapabilities: [],
      wallTime: () => wallTime,
      makeAlias: () => token,
    }
  }

  /** Undefined where its address may open no more. */
  make(origin: SessionOrigin, at: number): Guard | undefined {
    const account = this.#host.ledger.openSession({ address: origin.address.host, at })
    if (isRefusal(account)) return undefined
    return new SessionGuard({ host: this.#host, origin, account })
  }
}

/** Limits that depend on who else is connected say nothing of one command. */
function unlimited({ limits }: PolicyDocument): PolicyDocument['limits'] {
  return { ...limits, sessionsPerAddress: undefined, sessionsPerUser: undefined }
}

/** In the place of what nobody can guess: a trial has no secrets. */
const token = '0123456789abcdef'.repeat(2)
const alias = new RegExp(`x${token}n\\d+`, 'gu')

export const namesHidden = (text: string): boolean => text.includes(`x${token}n`)
/** For people: what stands there is another each time. */
export const showAlias = (text: string): string => text.replaceAll(alias, '<no-such-name>')

export function wallTimeOf(date: Date): WallTime {
  const weekday = weekdays[date.getDay()] ?? 'sunday'
  return { hour: date.getHours(), minute: date.getMinutes(), weekday }
}
