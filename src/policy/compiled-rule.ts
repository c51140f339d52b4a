/** One rule, ready to be asked, and what its effect means for the rules behind it; asks nothing itself. */

import type { EffectDocument, RuleDocument, Where } from '../config/policy-document.ts'
import type { Condition } from './condition.ts'

export interface CompiledRule {
  readonly name: string
  readonly effect: EffectDocument
  /** Undefined always fits. */
  readonly condition: Condition | undefined
  readonly isDryRun: boolean
  readonly record: RuleDocument['record']
  readonly document: RuleDocument
}

export interface PolicyProblem {
  readonly where: Where
  readonly message: string
}

/** Whether a command is worse off where the rule fits: then doubt counts as fitting. */
export const isRestricting = ({ kind }: EffectDocument): boolean => kind !== 'allow' && kind !== 'record'

/** The others let the next rules decide. */
export const isFinal = ({ kind }: EffectDocument): boolean =>
  kind === 'allow' || kind === 'deny' || kind === 'hold' || kind === 'close'

/** `policy.yaml:3:5` of `policy.yaml:3:5: rules.0.name`. */
export const placeOf = (where: Where): string => where.split(': ')[0] ?? where

/** `policy.yaml` of the same. */
export const fileOf = (where: Where): string => placeOf(where).replace(/(?:(?:^|:)\d+)+$/u, '')
