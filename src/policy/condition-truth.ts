/** Conditions, and parts of them, that are never or always true: nobody means them; looks at words, numbers and times only. */

import { boundOf, choiceOf, type Bound, type Choice } from './condition-claims.ts'
import { expressionFault, type ConditionFault } from './condition-fault.ts'
import { asksForMailbox, wholesWithin, type Scope } from './condition-subject.ts'
import { conjunctsOf, disjunctsOf, partsOf, writeExpression, type Expression } from './expression.ts'

/** The first of the whole and of the sides of each `||`, and of what is said of the items of a list. */
export function findNonsense(expression: Expression): ConditionFault | undefined {
  for (const [whole, scope] of wholesWithin(expression)) {
    const fault = findWithin(whole, scope, whole === expression ? 'this rule can never match' : neverTrue)
    if (fault) return fault
  }
  return undefined
}

const neverTrue = 'this can never be true'

function findWithin(expression: Expression, scope: Scope, never: string): ConditionFault | undefined {
  const conflict = findConflict(literalsOf(expression, false), scope)
  if (conflict) return expressionFault(conflict.at, `${never}: ${explainNever(conflict, expression)}`)
  const always = findAlways(expression, scope)
  if (always) return expressionFault(expression, `this is always true${explainAlways(always, expression)}`)
  for (const side of sidesOf(expression)) {
    const fault = findWithin(side, scope, neverTrue)
    if (fault) return fault
  }
  return undefined
}

/** What within it is looked at by itself. A lower bound of 0 and the like is no mistake beside an upper one. */
function sidesOf(expression: Expression): readonly Expression[] {
  if (expression.op === '||') return disjunctsOf(expression)
  return conjunctsOf(expression).filter(
    (part) => part !== expression && (part.op === '||' || (part.op === '!_' && joinOf(part) === '&&')),
  )
}

/** Where its opposite is never true, or each of its `&&`-parts is always true. */
function findAlways(expression: Expression, scope: Scope): Conflict | undefined {
  if (expression.op !== '&&') return findConflict(literalsOf(expression, true), scope)
  const conflicts = conjunctsOf(expression).map((part) => findAlways(part, scope))
  return conflicts.every((conflict) => conflict !== undefined) ? conflicts[0] : undefined
}

/** A part that has to be true, or with `isNegated` false. */
interface Literal {
  readonly expression: Expression
  readonly isNegated: boolean
}

/** All have to hold for the expression to be true; with `isNegated`, to be false. */
function literalsOf(expression: Expression, isNegated: boolean): readonly Literal[] {
  const parts = partsOf(expression)
  if (expression.op === '!_') return parts.flatMap((part) => literalsOf(part, !isNegated))
  if (expression.op !== (isNegated ? '||' : '&&')) return [{ expression, isNegated }]
  return parts.flatMap((part) => literalsOf(part, isNegated))
}

interface Conflict {
  readonly kind: 'words' | 'range' | 'opposite' | 'empty'
  readonly at: Expression
  /** What it is about, where it is one thing. */
  readonly name: string
  /** One part is enough for it. */
  readonly isAlone: boolean
  /** A range that would go over midnight. */
  readonly isOvernight: boolean
}

function findConflict(literals: readonly Literal[], scope: Scope): Conflict | undefined {
  const held = new Held()
  for (const literal of literals) {
    const { expression, isNegated } = literal
    const found =
      held.addChoice(choiceOf(expression, isNegated, scope)) ??
      held.addBound(boundOf(expression, isNegated, scope)) ??
      held.addPlain(literal, scope)
    if (found) return { isOvernight: false, ...found, at: expression, isAlone: literals.length === 1 }
  }
  return undefined
}

type Found = Pick<Conflict, 'kind' | 'name'> & Partial<Pick<Conflict, 'isOvernight'>>

interface Range {
  readonly low: bigint
  readonly high: bigint | undefined
  /** One value was asked for. */
  readonly isExact: boolean
}

/** What is asked for so far. */
class Held {
  readonly #allowed = new Map<string, ReadonlySet<string>>()
  readonly #excluded = new Map<string, ReadonlySet<string>>()
  readonly #ranges = new Map<string, Range>()
  readonly #signs = new Map<string, boolean>()

  addChoice(choice: Choice | undefined): Found | undefined {
    if (!choice) return undefined
    const { key, subject, words, isExcluded } = choice
    // Of a name of a mailbox denials and grants take the opposite differently.
    if (isExcluded && subject.isMailbox) return undefined
    if (!isExcluded && words.size === 0) return { kind: 'empty', name: subject.name }
    const held = isExcluded ? this.#excluded : this.#allowed
    const before = held.get(key)
    const both = [...words].filter((word) => isExcluded || !before || before.has(word))
    held.set(key, new Set(isExcluded && before ? [...before, ...both] : both))
    const allowed = this.#allowed.get(key) ?? subject.words
    const excluded = this.#excluded.get(key)
    const isNone = allowed && [...allowed].every((word) => excluded?.has(word))
    return isNone ? { kind: 'words', name: subject.name } : undefined
  }

  addBound(bound: Bound | undefined): Found | undefined {
    if (!bound) return undefined
    const { key, subject, least, most } = bound
    const before = this.#ranges.get(key) ?? { low: least, high: most, isExact: false }
    const isExact = bound.low !== undefined && bound.high !== undefined
    const low = bound.low !== undefined && bound.low > before.low ? bound.low : before.low
    const high = lower(bound.high, before.high)
    this.#ranges.set(key, { low, high, isExact: isExact || before.isExact })
    if (high === undefined || low <= high) return undefined
    if (isExact && before.isExact) return { kind: 'words', name: subject.name }
    const isWithin = most !== undefined && low > least && low <= most && high < most && high >= least
    // A range that begins where it ends would be the whole day.
    const isOvernight = isWithin && !isExact && !before.isExact && low > high + 1n
    return { kind: 'range', name: subject.name, isOvernight }
  }

  /** `a && !a`. */
  addPlain({ expression, isNegated }: Literal, scope: Scope): Found | undefined {
    const key = writeExpression(expression)
    const before = this.#signs.get(key)
    this.#signs.set(key, isNegated)
    if (before === undefined || before === isNegated || asksForMailbox(expression, scope)) return undefined
    return { kind: 'opposite', name: '' }
  }
}

function lower(one: bigint | undefined, other: bigint | undefined): bigint | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return one < other ? one : other
}

function explainNever({ kind, name, isOvernight }: Conflict, expression: Expression): string {
  if (kind === 'opposite') return 'this is asked for and refused at once'
  if (kind === 'empty') return `\`${name}\` is never in an empty list`
  if (kind === 'words') return `\`${name}\` cannot be both`
  const hint = joinOf(expression) === '||' ? andForOr : overMidnight
  return `\`${name}\` has no such value${isOvernight ? `; ${hint}` : ''}`
}

const andForOr = 'write && in place of ||'
const overMidnight = 'over midnight write || in place of &&'

function explainAlways({ kind, name, isAlone, isOvernight }: Conflict, expression: Expression): string {
  if (kind === 'opposite') return ', one way or the other: leave it out'
  const isNight = isOvernight && expression.op === '!_' && joinOf(expression) === '&&'
  const hint = expression.op === '||' && !isAlone ? andForOr : 'leave it out'
  return `, whatever \`${name}\` is: ${isNight ? overMidnight : hint}`
}

/** What joins the parts of it, or of what it is the opposite of. */
function joinOf(expression: Expression): string {
  const [inner] = partsOf(expression)
  return expression.op === '!_' && inner ? joinOf(inner) : expression.op
}
