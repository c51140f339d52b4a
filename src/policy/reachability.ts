/** Rules that no command ever comes to, or that never fit; looks at forms only, and so does not find all. */

import type { Where } from '../config/policy-document.ts'
import {
  fileOf,
  isFinal,
  isRestricting,
  placeOf,
  type CompiledRule,
  type PolicyProblem,
} from './compiled-rule.ts'
import type { Requirement } from './condition-sense.ts'

/** Profiles that are extended together overrule each other: what stands in files other than `own` is not told of itself. */
export function findLostRules(rules: readonly CompiledRule[], own: Where): readonly PolicyProblem[] {
  const asked = rules.filter(({ effect }) => effect.kind !== 'hide')
  const blocked = asked.flatMap((rule, at) => findBlocked(rule, asked.slice(0, at), own))
  return [...rules.flatMap(findFalse), ...blocked]
}

function findFalse({ condition, document }: CompiledRule): readonly PolicyProblem[] {
  if (condition?.constant !== false) return []
  return [{ where: document.where.when, message: 'this rule can never match: its condition is always false' }]
}

function findBlocked(
  rule: CompiledRule,
  earlier: readonly CompiledRule[],
  own: Where,
): readonly PolicyProblem[] {
  const isOwn = ({ document }: CompiledRule): boolean => fileOf(document.where.rule) === fileOf(own)
  const blocker = earlier.find((other) => (isOwn(other) || isOwn(rule)) && decidesBefore(other, rule))
  if (!blocker) return []
  const why = isAlways(blocker) ? 'has no condition and decides everything' : 'fits wherever this one would'
  const message = `this rule can never match: "${blocker.name}" at ${placeOf(blocker.document.where.rule)} ${why}`
  return [{ where: rule.document.where.rule, message }]
}

const isAlways = ({ condition }: CompiledRule): boolean => !condition || condition.constant === true

function decidesBefore(other: CompiledRule, rule: CompiledRule): boolean {
  if (!isFinal(other.effect) || other.isDryRun) return false
  if (isAlways(other)) return true
  const { condition } = rule
  if (!other.condition || !condition) return false
  // A grant takes names exactly: a denial behind it still finds the other spellings.
  const isNarrower =
    other.condition.comparesNames && !isRestricting(other.effect) && isRestricting(rule.effect)
  if (isNarrower) return false
  if ([...other.condition.parts].every((part) => condition.parts.has(part))) return true
  return other.condition.parts.size === 1 && isMetBy(other.condition.requirements, condition.requirements)
}

/** Whoever meets one of `requirements` meets the only one of `wider`. */
function isMetBy([wider]: readonly Requirement[], requirements: readonly Requirement[]): boolean {
  if (!wider) return false
  return requirements.some(
    ({ variable, words }) => variable === wider.variable && [...words].every((word) => wider.words.has(word)),
  )
}
