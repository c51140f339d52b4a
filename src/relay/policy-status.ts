/** What a running policy tells of itself, for screens and for the control socket; knows no policy. */

import type { Millis } from './input.ts'

export interface PolicyStatus {
  readonly mode: 'enforce' | 'dry-run'
  readonly default: 'allow' | 'deny'
  /** The files that it was read from. */
  readonly files: readonly string[]
  /** On the clock of events. */
  readonly loadedAt: Millis
  /** Why a later version of the files was not taken: file, line, and what to write instead. */
  readonly problem?: string | undefined
  /** In the order in which they are asked. */
  readonly rules: readonly RuleStatus[]
  /** What is not as the files say, until they are read again; absent where all is. */
  readonly switched?: readonly LiveSwitch[]
}

/** A dry run that somebody began or ended while the proxy ran. */
export interface LiveSwitch {
  /** Undefined: all of the policy. */
  readonly rule: string | undefined
  /** The files say the opposite. */
  readonly isDryRun: boolean
  /** On the clock of events. */
  readonly at: Millis
  /** Who did it, as far as it is known: `ann by the dashboard`, ... */
  readonly by: string
}

export interface RuleStatus {
  readonly name: string
  /** In words: `deny`, `allow`, `rewrite examine peek`, `hold 5m, then deny`. */
  readonly effect: string
  /** Its condition as it was written; undefined applies always. */
  readonly when: string | undefined
  readonly hits: number
  /** On the clock of events. */
  readonly lastHit: Millis | undefined
  readonly isDryRun: boolean
  readonly record: 'count' | 'log' | 'audit'
}

/** What can be asked of it; each answer of `setDryRun` is what is wrong, if something is. */
export interface PolicyPort {
  /** Undefined: there is no policy. */
  status(): PolicyStatus | undefined
  /** Without a name: all of the policy. `by` is who asks, for the records of it. */
  setDryRun(rule: string | undefined, on: boolean, by: string): Promise<string | undefined>
}

/** Whether more may pass then: a rule that allows lets pass only where it holds, all others where they do not. */
export function isLoosened({ effect }: Pick<RuleStatus, 'effect'>, isDryRun: boolean): boolean {
  if (effect === 'record') return false
  // It decides: what stands behind it may refuse.
  if (effect.startsWith('hold ')) return true
  return effect === 'allow' ? !isDryRun : isDryRun
}

/** `rule no-delete: dry run`, and the opposite: `the policy: enforced`. */
export function writeSwitch({ rule, isDryRun }: Pick<LiveSwitch, 'rule' | 'isDryRun'>): string {
  return `${rule === undefined ? 'the policy' : `rule ${rule}`}: ${isDryRun ? 'dry run' : 'enforced'}`
}
