/** A `when` of a rule: read, checked and made to run; the one file that knows the expression language's package. */

import { Environment, EvaluationError, ParseError, TypeError as CelTypeError } from '@marcbachmann/cel-js'
import { applyEdits, editCondition, type Edited, type FixedTest } from './condition-edits.ts'
import type { ConditionFault } from './condition-fault.ts'
import { explainAnswer, explainComplaint } from './condition-messages.ts'
import { findForeign } from './condition-names.ts'
import { requirementsOf, type Requirement } from './condition-sense.ts'
import { findSlips } from './condition-slips.ts'
import { findNonsense } from './condition-truth.ts'
import { findUnknownWords } from './condition-words.ts'
import { constants, records, variables } from './context.ts'
import {
  conjunctsOf,
  disjunctsOf,
  isExpression,
  variableOf,
  walk,
  writeExpression,
  type Expression,
} from './expression.ts'
import type { NameTester } from './name-test.ts'
import { SessionCounts, Tls, Usage, type RuleContext } from './rule-context.ts'

export type Answer =
  | { readonly ok: true; readonly fits: boolean }
  | { readonly ok: false; readonly why: string }

export interface Condition {
  /** As it was written. */
  readonly text: string
  /** Never throws for what a client did. */
  ask(context: Partial<RuleContext>): Answer
  /** The `&&`-parts that ask only for what stays from command to command: where they are false, the condition does not fit. */
  readonly standing: Condition['ask'] | undefined
  readonly requirements: readonly Requirement[]
  /** Each `&&`-part in one spelling: a condition with all of another's parts fits only where the other fits. */
  readonly parts: ReadonlySet<string>
  /** The one answer of what asks for nothing. */
  readonly constant: boolean | undefined
  /** It compares names of mailboxes: the same text fits more in a denial than in a grant. */
  readonly comparesNames: boolean
}

export type CompiledCondition =
  | { readonly ok: true; readonly condition: Condition }
  | { readonly ok: false; readonly faults: readonly ConditionFault[] }

export interface ConditionUse {
  /** The rule refuses or restricts: denials take names broadly. */
  readonly refuses: boolean
  /** It is asked without a command, as for hiding capabilities. */
  readonly isWithoutCommand: boolean
  readonly unknownCommands: readonly string[]
  readonly tester: NameTester
}

/** No condition of a person is near these. */
const bounds = {
  maxAstNodes: 2_000,
  maxDepth: 48,
  maxListElements: 1_000,
  maxMapEntries: 1,
  maxCallArguments: 4,
}

const never = (): boolean => false

/** Whoever promises nothing is taken for asynchronous. */
const sync = { async: false }

/** The types of what is asked for, and functions as placeholders: what they really do is fixed for each condition. */
const base = makeBase()

function makeBase(): Environment {
  const environment = new Environment({ limits: bounds })
  const shapes = { Tls, Session: SessionCounts, Usage }
  for (const [name, ctor] of Object.entries(shapes)) {
    // The names of the records are the keys of `shapes`.
    const fields = Object.entries(records[name as keyof typeof records]).map(([key, { type }]) => [key, type])
    environment.registerType(name, { ctor, fields: Object.fromEntries(fields) })
  }
  for (const { name, type } of variables) environment.registerVariable(name, type)
  for (const [name, value] of Object.entries(constants))
    environment.registerConstant(name, 'int', BigInt(value))
  return environment
    .registerFunction('glob(string, string): bool', never, sync)
    .registerFunction('glob(list<string>, string): bool', never, sync)
    .registerFunction('inNetwork(string, string): bool', never, sync)
    .registerFunction('lower(string): string', (text: string) => text.toLowerCase(), sync)
}

export function compileCondition(text: string, use: ConditionUse): CompiledCondition {
  const read = readExpression(text)
  if (!read.ok) return { ok: false, faults: [...read.faults, ...findWordFaults(read.expression, use)] }
  const { expression } = read
  const edited = editCondition(expression, { source: text, ...use })
  const faults = [...edited.faults, ...findWordFaults(expression, use)]
  const nonsense = findNonsense(expression)
  if (nonsense) faults.push(nonsense)
  if (faults.length > 0) return { ok: false, faults }
  const ask = build(applyEdits(text, edited.edits), edited.tests)
  const condition: Condition = {
    text,
    ask,
    standing: buildStanding(expression, text, edited),
    requirements: requirementsOf(expression),
    parts: new Set(conjunctsOf(expression).map(writeExpression)),
    constant: isConstant(expression) ? answerOf(ask({})) : undefined,
    comparesNames: edited.tests.some(({ kind }) => kind === 'mailbox'),
  }
  return { ok: true, condition }
}

/** What shows by its words alone, whatever else is wrong. */
function findWordFaults(
  expression: Expression | undefined,
  { unknownCommands, isWithoutCommand }: ConditionUse,
): readonly ConditionFault[] {
  if (!expression) return []
  return [
    ...findUnknownWords(expression, unknownCommands),
    ...(isWithoutCommand ? findCommandVariables(expression) : []),
  ]
}

function isConstant(expression: Expression): boolean {
  const names = [...walk(expression)].map((part) => variableOf(part))
  return names.every((name) => name === undefined || Object.hasOwn(constants, name))
}

/** Of the session, and known before its first command but for a login or an ID. */
const standingNames: ReadonlySet<string> = new Set([
  'user',
  'client',
  'clientVersion',
  'address',
  'listener',
  'tls',
  ...Object.keys(constants),
])

/** `false && x` is false whatever x comes to, also where it comes to no answer: so says the language. */
function buildStanding(
  expression: Expression,
  text: string,
  { edits, tests }: Edited,
): Condition['ask'] | undefined {
  const parts = conjunctsOf(expression).filter((part) => isStanding(part) && isCutOut(part, text))
  const texts = parts.map(({ start, end }) => {
    const own = edits.filter((edit) => edit.start >= start && edit.end <= end)
    const moved = own.map((edit) => ({ ...edit, start: edit.start - start, end: edit.end - start }))
    return `(${applyEdits(text.slice(start, end), moved)})`
  })
  return texts.length === 0 ? undefined : build(texts.join(' && '), tests)
}

function isStanding(part: Expression): boolean {
  const parts = [...walk(part)]
  const names = parts.map(variableOf).filter((name) => name !== undefined)
  const isAbout = names.some((name) => !Object.hasOwn(constants, name))
  return isAbout && names.every((name) => standingNames.has(name))
}

/** The text between its ends is this part and nothing else: parentheses may stand outside of them. */
function isCutOut(part: Expression, text: string): boolean {
  try {
    const { ast } = base.parse(text.slice(part.start, part.end))
    return isExpression(ast) && writeExpression(ast) === writeExpression(part)
  } catch (error) {
    if (error instanceof ParseError) return false
    throw error
  }
}

const answerOf = (answer: Answer): boolean => answer.ok && answer.fits

type ReadExpression =
  | { readonly ok: true; readonly expression: Expression }
  | {
      readonly ok: false
      readonly faults: readonly ConditionFault[]
      /** Where its form is plain: other mistakes can be told as well. */
      readonly expression: Expression | undefined
    }

/** Parsed, and of the right types. */
function readExpression(text: string): ReadExpression {
  try {
    const parsed = base.parse(text)
    const expression = isExpression(parsed.ast) ? parsed.ast : undefined
    // Before types: they speak of overloads where a word is simply not known.
    const foreign = expression ? findForeign(expression) : []
    if (foreign.length > 0) return { ok: false, faults: foreign, expression }
    const { error, type } = parsed.check()
    if (error)
      return {
        ok: false,
        faults: findTypeFaults(expression, text, explain(error, text, expression)),
        expression,
      }
    if (type === 'bool') return { ok: true, expression: parsed.ast }
    const message = explainAnswer(type ?? 'nothing')
    return { ok: false, faults: [{ start: parsed.ast.start, message }], expression }
  } catch (error) {
    const fault = explain(error, text)
    const slips = findSlips(text)
    return { ok: false, faults: slips.length > 0 ? slips : [fault], expression: undefined }
  }
}

/** The language tells the first mistake of types; each `&&`-part and `||`-part may have one. */
function findTypeFaults(
  expression: Expression | undefined,
  text: string,
  first: ConditionFault,
): readonly ConditionFault[] {
  const isJoint = expression?.op === '&&' || expression?.op === '||'
  const sides = isJoint ? conjunctsOf(expression).flatMap(disjunctsOf) : []
  const faults = sides.flatMap((side): readonly ConditionFault[] => {
    if (!isCutOut(side, text)) return []
    const own = text.slice(side.start, side.end)
    const parsed = base.parse(own)
    const { error } = parsed.check()
    if (!error) return []
    const fault = explain(error, own, isExpression(parsed.ast) ? parsed.ast : undefined)
    return findTypeFaults(side, text, { ...fault, start: fault.start + side.start })
  })
  return faults.length > 0 ? faults : [first]
}

function findCommandVariables(expression: Expression): readonly ConditionFault[] {
  const ofCommands = new Set(variables.filter(({ scope }) => scope === 'command').map(({ name }) => name))
  return [...walk(expression)].flatMap((part) => {
    const name = variableOf(part) ?? ''
    const message = `what is hidden is decided without a command: \`${name}\` has no value there`
    return ofCommands.has(name) ? [{ start: part.start, message }] : []
  })
}

function build(text: string, tests: readonly FixedTest[]): Condition['ask'] {
  const own = base.clone()
  for (const { name, kind, test } of tests) {
    if (kind === 'method') own.registerFunction(`string.${name}(string): bool`, test, sync)
    else own.registerFunction(`${name}(string, string): bool`, test, sync)
    if (kind === 'mailbox') own.registerFunction(`${name}(list<string>, string): bool`, test, sync)
  }
  const run = own.parse(text)
  const checked = run.check()
  if (!checked.valid) throw new Error(`an edited condition is not sound: ${checked.error?.summary ?? ''}`)
  return (context) => {
    try {
      const fits: unknown = run(context)
      return typeof fits === 'boolean' ? { ok: true, fits } : { ok: false, why: 'it came to no answer' }
    } catch (error) {
      // Also for a mistake of our own: what decides must never let a command by because it broke.
      return { ok: false, why: error instanceof EvaluationError ? error.summary : String(error) }
    }
  }
}

function explain(error: unknown, text: string, whole?: Expression): ConditionFault {
  if (!(error instanceof CelTypeError) && !(error instanceof ParseError)) throw error
  const { code, summary, range } = error
  const start = range?.start ?? 0
  const part = whole && [...walk(whole)].find((one) => one.start === start && one.end === range?.end)
  return { start, message: explainComplaint({ code, summary, start, text, part }) }
}
