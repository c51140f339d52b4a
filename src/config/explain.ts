/** Turns what zod found into sentences a person can act on; it does not know where in a file the values stand. */

import { z } from 'zod'
import { suggest } from './nearest-word.ts'
import { isMap } from './settings.ts'
import { settingsSchema, type Settings } from './schema.ts'

export interface Complaint {
  readonly path: readonly string[]
  /** The key itself is the fault, not its value. */
  readonly isKey: boolean
  readonly message: string
}

export type Checked<T> =
  | { readonly ok: true; readonly settings: T }
  | { readonly ok: false; readonly complaints: readonly Complaint[] }

export function checkSettings(data: unknown): Checked<Settings> {
  return checkBy(settingsSchema, data)
}

export function checkBy<T>(schema: z.ZodType<T>, data: unknown): Checked<T> {
  const parsed = schema.safeParse(data)
  if (parsed.success) return { ok: true, settings: parsed.data }
  const whole: Whole = { schema, data }
  return { ok: false, complaints: parsed.error.issues.flatMap((issue) => explain(issue, whole, [])) }
}

/** What was checked, and by what. */
interface Whole {
  readonly schema: z.ZodType
  readonly data: unknown
}

function explain(issue: z.core.$ZodIssue, whole: Whole, above: readonly string[]): readonly Complaint[] {
  const path = [...above, ...issue.path.map(String)]
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => explainKey(whole, path, key))
    case 'invalid_union':
      return explainUnion(issue, whole, path)
    case 'invalid_type':
      return [explainType(path, nameOf(issue.expected), valueAt(whole.data, path))]
    case 'invalid_value':
      return [{ path, isKey: false, message: `expected one of ${issue.values.join(', ')}` }]
    case 'too_small':
      return [
        {
          path,
          isKey: false,
          message:
            issue.origin === 'int' || issue.origin === 'number'
              ? `must be ${issue.minimum} at least`
              : 'must not be empty',
        },
      ]
    default:
      return [{ path, isKey: false, message: issue.message }]
  }
}

function explainKey({ schema }: Whole, path: readonly string[], key: string): Complaint {
  return { path: [...path, key], isKey: true, message: `unknown key${suggest(key, keysAt(schema, path))}` }
}

/** The keys that a map at this path may have, whichever branch of a union it is. */
function keysAt(schema: z.ZodType, path: readonly string[]): readonly string[] {
  let nodes: readonly unknown[] = branches(z.toJSONSchema(schema, { io: 'input' }))
  for (const step of path) {
    nodes = nodes.flatMap((node) => {
      if (!isMap(node)) return []
      const inner = isMap(node['properties']) ? node['properties'][step] : undefined
      return branches(inner ?? node['items'])
    })
  }
  return nodes.flatMap((node) =>
    isMap(node) && isMap(node['properties']) ? Object.keys(node['properties']) : [],
  )
}

function branches(node: unknown): readonly unknown[] {
  return isMap(node) && Array.isArray(node['anyOf']) ? node['anyOf'].flatMap(branches) : [node]
}

/** Only the branch that the value was meant for is worth reading. */
function explainUnion(
  issue: z.core.$ZodIssueInvalidUnion,
  whole: Whole,
  path: readonly string[],
): readonly Complaint[] {
  const meant = issue.errors.find((branch) => !branch.some(isWrongKind))
  if (meant !== undefined) return meant.flatMap((inner) => explain(inner, whole, path))
  const kinds = issue.errors.flatMap((branch) =>
    branch.flatMap((inner) => {
      if (inner.code === 'invalid_value') return inner.values.map(String)
      return inner.code === 'invalid_type' ? nameOf(inner.expected) : []
    }),
  )
  return [explainType(path, kinds.join(' or '), valueAt(whole.data, path))]
}

/** The value is of another kind than the branch wants: text where a map stands, or `true` where only `false` may. */
function isWrongKind(issue: z.core.$ZodIssue): boolean {
  return (issue.code === 'invalid_type' || issue.code === 'invalid_value') && issue.path.length === 0
}

function explainType(path: readonly string[], expected: string, value: unknown): Complaint {
  const isYesNo = typeof value === 'string' && /^(yes|no|on|off|true|false)$/i.test(value)
  const hint = expected === 'true or false' && isYesNo ? ': write true or false, without quotes' : ''
  return { path, isKey: false, message: `expected ${expected}, got ${kindOf(value)}${hint}` }
}

function nameOf(expected: string): string {
  const names: Record<string, string> = {
    string: 'text',
    boolean: 'true or false',
    array: 'a list',
    object: 'a map',
  }
  return names[expected] ?? expected
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'string') return 'text'
  if (typeof value === 'boolean') return 'true or false'
  return typeof value === 'object' ? 'a map' : `a ${typeof value}`
}

function valueAt(data: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => {
    if (Array.isArray(value)) return value[Number(key)]
    return isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined
  }, data)
}
