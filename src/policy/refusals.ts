/** Verdicts that need no rule: what was refused, by which protection, and in which words for the client and for the record. */

import type { Decided, DecidedAnswer, GuardAnswer, GuardVerdict } from '../relay/guard.ts'
import type { Refusal } from './ledger.ts'

export interface RefusedBy {
  /** A built-in protection, such as `visibility`. */
  readonly rule: string
  readonly why: string
  readonly mailboxes?: readonly string[]
}

export function refuse(answer: GuardAnswer, by: RefusedBy): GuardVerdict {
  return { action: answer, decided: [decidedBy(by, 'deny')] }
}

export function decidedBy({ rule, why, mailboxes = [] }: RefusedBy, effect: Decided['effect']): Decided {
  return { rule, effect, why, isDryRun: false, mailboxes, level: effect === 'allow' ? 'count' : 'audit' }
}

/** A limit that is final ends the session; others are told with their response code (RFC 9051 section 7.1). */
export function refuseByLimit({ code, text, why, isFinal }: Refusal): GuardVerdict {
  const by: RefusedBy = { rule: 'limit', why }
  if (isFinal) return { action: { kind: 'close', text }, decided: [decidedBy(by, 'close')] }
  return refuse({ kind: 'answer', status: 'NO', code, text }, by)
}

/** The same where a session cannot be closed in the middle of a command. */
export const answerByLimit = ({ code, text, why }: Refusal): DecidedAnswer => ({
  kind: 'answer',
  status: 'NO',
  code,
  text,
  decided: decidedBy({ rule: 'limit', why }, 'deny'),
})

/** A limit must not keep anybody from leaving, and a used-up budget nobody from what opens and closes a session. */
export const mayStillRun = (name: string, code: string): boolean =>
  name === 'LOGOUT' || (code === 'OVERQUOTA' && isSessionOnly.has(name))

export const isSessionOnly: ReadonlySet<string> = new Set([
  'CAPABILITY',
  'LOGOUT',
  'NOOP',
  'CLOSE',
  'UNSELECT',
])
