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
      return [explainKind(issue, path, valueAt(whole.data, path))]
    case 'invalid_value': {
      const words = issue.values.map(String)
      const message = ownMessage(issue) ?? explainValue(words, valueAt(whole.data, path))
      return [{ path, isKey: false, message }]
    }
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

function explainValue(words: readonly string[], value: unknown): string {
  const nearest = typeof value === 'string' ? suggest(value, words) : ''
  if (words.length > 1) return `expected one of ${words.join(', ')}${nearest}`
  const isYes = words[0] === 'true' && typeof value === 'string' && isYesNo(value)
  return `expected ${words.join('')}${isYes ? ': write true, without quotes, or leave it out' : nearest}`
}

function explainKey({ schema }: Whole, path: readonly string[], key: string): Complaint {
  const known = keysAt(schema, path)
  const hint =
    suggest(key, known) ||
    suggestMeant(key, known) ||
    (known.length > 0 ? `: there are ${known.join(', ')}` : '')
  return { path: [...path, key], isKey: true, message: `unknown key${hint}` }
}

/** What people write for the words that are known here, for which no slip of the pen accounts. */
const otherWords: ReadonlyMap<string, readonly string[]> = new Map([
  ['text', ['message', 'msg', 'reason', 'say']],
  ['for', ['deadline', 'timeout', 'time', 'duration', 'wait', 'within']],
  ['otherwise', ['default', 'fallback', 'else', 'ontimeout']],
  ['when', ['if', 'condition', 'expression']],
  ['deny', ['refuse', 'reject', 'block']],
  ['allow', ['permit', 'accept']],
  ['match', ['mailbox', 'mailboxes', 'pattern', 'patterns']],
  ['rights', ['access', 'permissions', 'allow']],
])

function suggestMeant(key: string, known: readonly string[]): string {
  const meant = known.find((word) => otherWords.get(word)?.includes(key.toLowerCase()) ?? false)
  return meant === undefined ? '' : `, did you mean ${meant}?`
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
  const own = ownMessage(issue)
  if (own !== undefined) return [{ path, isKey: false, message: own }]
  const kinds = issue.errors.flatMap((branch) =>
    branch.flatMap((inner) => {
      if (inner.code === 'invalid_value') return inner.values.map(String)
      return inner.code === 'invalid_type' ? nameOf(inner.expected) : []
    }),
  )
  const value = valueAt(whole.data, path)
  const complaint = explainType(path, kinds.join(' or '), value)
  const nearest = typeof value === 'string' ? suggest(value, kinds) : ''
  return [{ ...complaint, message: complaint.message + nearest }]
}

/** The value is of another kind than the branch wants: text where a map stands, or `true` where only `false` may. */
function isWrongKind(issue: z.core.$ZodIssue): boolean {
  return (issue.code === 'invalid_type' || issue.code === 'invalid_value') && issue.path.length === 0
}

/** Where the schema has a sentence of its own for it, that one. */
function explainKind(issue: z.core.$ZodIssueInvalidType, path: readonly string[], value: unknown): Complaint {
  if (value === undefined) return { path, isKey: false, message: `is missing: ${nameOf(issue.expected)}` }
  const own = ownMessage(issue)
  return own === undefined
    ? explainType(path, nameOf(issue.expected), value)
    : { path, isKey: false, message: own }
}

/** The schema's own sentence, not zod's. */
function ownMessage({ message }: z.core.$ZodIssue): string | undefined {
  return message === '' || /^Invalid (?:input|option)/u.test(message) ? undefined : message
}

function explainType(path: readonly string[], expected: string, value: unknown): Complaint {
  return {
    path,
    isKey: false,
    message: `expected ${expected}, got ${kindOf(value)}${hintOf(expected, value)}`,
  }
}

function hintOf(expected: string, value: unknown): string {
  if (expected === 'true or false' && typeof value === 'string' && isYesNo(value))
    return ': write true or false, without quotes'
  if (/^text\b/.test(expected) && (typeof value === 'number' || typeof value === 'boolean'))
    return ': write it in quotes'
  if (value === false && expected.startsWith('true or ') && expected !== 'true or false')
    return ': leave it out instead'
  if (typeof value !== 'string') return ''
  if (/^a (?:whole )?number$/.test(expected) && /^\d+$/.test(value)) return ': write it without quotes'
  const isList = /\ba list$/.test(expected) && value.includes(',')
  return isList ? ': a list is written [one, two]' : ''
}

const isYesNo = (text: string): boolean => /^(yes|no|on|off|true|false)$/i.test(text)

function nameOf(expected: string): string {
  const names: Record<string, string> = {
    string: 'text',
    boolean: 'true or false',
    array: 'a list',
    object: 'a map',
    number: 'a number',
    int: 'a whole number',
  }
  return names[expected] ?? expected
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'string') return 'text'
  if (typeof value === 'boolean') return String(value)
  return typeof value === 'object' ? 'a map' : `a ${typeof value}`
}

function valueAt(data: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => {
    if (Array.isArray(value)) return value[Number(key)]
    return isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined
  }, data)
}
