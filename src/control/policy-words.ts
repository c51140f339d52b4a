/** How a policy stands, out of the fields that a daemon sent; what is missing is empty. */

import type { LiveSwitch, PolicyStatus, RuleStatus } from '../relay/policy-status.ts'

type Fields = Readonly<Record<string, unknown>>

/** Undefined when the fields tell of no policy. */
export function readPolicyStatus(fields: Fields): PolicyStatus | undefined {
  const { mode, files, loadedAt, problem, rules } = fields
  const switched = listOf(fields['switched']).flatMap((one) => (isFields(one) ? [readSwitch(one)] : []))
  if (mode !== 'enforce' && mode !== 'dry-run') return undefined
  return {
    mode,
    default: fields['default'] === 'allow' ? 'allow' : 'deny',
    files: listOf(files).map(textOf),
    loadedAt: numberOf(loadedAt),
    rules: listOf(rules).flatMap((rule) => (isFields(rule) ? [readRule(rule)] : [])),
    ...(typeof problem === 'string' && { problem }),
    ...(switched.length > 0 && { switched }),
  }
}

function readRule({ name, effect, when, hits, lastHit, isDryRun, record }: Fields): RuleStatus {
  return {
    name: textOf(name),
    effect: textOf(effect),
    when: typeof when === 'string' ? when : undefined,
    hits: numberOf(hits),
    lastHit: typeof lastHit === 'number' ? lastHit : undefined,
    isDryRun: isDryRun === true,
    record: record === 'log' || record === 'audit' ? record : 'count',
  }
}

function readSwitch({ rule, isDryRun, at, by }: Fields): LiveSwitch {
  return {
    rule: typeof rule === 'string' ? rule : undefined,
    isDryRun: isDryRun === true,
    at: numberOf(at),
    by: textOf(by),
  }
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0)
