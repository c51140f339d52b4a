/** What a running policy tells of itself, for screens and for the control socket; type only. */

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
  /** Without a name: all of the policy. */
  setDryRun(rule: string | undefined, on: boolean): string | undefined
}
