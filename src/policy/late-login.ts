/** What the rules say of a login once a line of it has named its user, beside what they said of its command before; asks no rule itself. */

import type { Decided, GuardAnswer, GuardVerdict, SaslRefusal } from '../relay/guard.ts'
import type { Millis } from '../relay/input.ts'
import { decidedBy } from './refusals.ts'
import type { Fitted, Named } from './rule-hits.ts'

export type LateVerdict =
  | {
      readonly kind: 'pass'
      /** What has not been told of the command. */
      readonly also: readonly Decided[]
      /** Milliseconds beside those that the command waited. */
      readonly delay: Millis
    }
  | SaslRefusal

/** Of the rules that fit those that did not fit before, for their counts. */
export function newsOf(fitted: Fitted, before: GuardVerdict | undefined): Fitted {
  if (!before) return fitted
  const { final, passed, dryRuns } = fitted
  const isNewRule = newsTo(before)
  const isNews = ({ name }: Named): boolean => isNewRule(name)
  return {
    final: final && isNews(final) ? final : undefined,
    passed: passed.filter(isNews),
    dryRuns: dryRuns.filter(isNews),
  }
}

/** `before` let the command go on; what it did is not done twice. */
export function judgeLate(before: GuardVerdict, now: GuardVerdict): LateVerdict {
  const isNewRule = newsTo(before)
  const isNews = ({ rule }: Decided): boolean => isNewRule(rule)
  const { action, approval } = now
  const decided = now.decided.at(-1) ?? undecided
  if (action.kind === 'answer' || action.kind === 'close')
    return { ...action, also: now.decided.slice(0, -1).filter(isNews), decided }
  if (approval && approval.rule !== before.approval?.rule)
    return {
      ...approval.refusal,
      also: now.decided.slice(0, -1).filter(isNews),
      decided: unasked(approval.rule),
    }
  if (action.kind !== 'forward') return { ...undecidable, decided: undecided }
  const delay = Math.max((now.delay ?? 0) - (before.delay ?? 0), 0)
  return { kind: 'pass', also: now.decided.filter(isNews), delay }
}

/** The server waits for the line, and has less patience than people need. */
const unasked = (rule: string): Decided =>
  decidedBy(
    { rule, why: 'nobody is asked once AUTHENTICATE is upstream: LOGIN, or an initial response, could wait' },
    'deny',
  )

const undecidable: GuardAnswer = {
  kind: 'answer',
  status: 'NO',
  code: 'SERVERBUG',
  text: 'the login could not be decided about',
}
const undecided = decidedBy({ rule: 'login', why: 'the rules came to no decision' }, 'deny')

/** Whether a rule had no part in what was decided before. */
function newsTo({ decided }: GuardVerdict): (rule: string) => boolean {
  const told = new Set(decided.map(({ rule }) => rule))
  return (rule) => !told.has(rule)
}
