/** What one part of a condition says of one thing: the words that it may be, or the numbers; compares no two parts. */

import { subjectOf, type Scope, type Subject } from './condition-subject.ts'
import { minutesOf } from './condition-time.ts'
import { numberOf, partsOf, textOf, textsOf, writeExpression, type Expression } from './expression.ts'

interface Claim {
  /** The same for all that speaks of the same. */
  readonly key: string
  readonly subject: Subject
}

export interface Choice extends Claim {
  readonly words: ReadonlySet<string>
  /** It is any but these. */
  readonly isExcluded: boolean
}

/** Of `a == "x" || a == "y"` both words, of `a != "x"` all but one; `isNegated`: of its opposite. */
export function choiceOf(expression: Expression, isNegated: boolean, scope: Scope): Choice | undefined {
  if (expression.op === '!_') {
    const [inner] = partsOf(expression)
    return inner && choiceOf(inner, !isNegated, scope)
  }
  if (expression.op !== (isNegated ? '&&' : '||')) return simpleChoice(expression, isNegated, scope)
  const choices = partsOf(expression).map((part) => choiceOf(part, isNegated, scope))
  const [first] = choices
  if (!first || choices.some((choice) => choice?.key !== first.key || choice.isExcluded)) return undefined
  return { ...first, words: new Set(choices.flatMap((choice) => [...(choice?.words ?? [])])) }
}

function simpleChoice(expression: Expression, isNegated: boolean, scope: Scope): Choice | undefined {
  const { op } = expression
  const [left, right] = partsOf(expression)
  if (!left || !right || !['==', '!=', 'in'].includes(op)) return undefined
  const isTurned = op !== 'in' && textOf(left) !== undefined
  const [variable, value] = isTurned ? [right, left] : [left, right]
  const word = textOf(value)
  const words = op === 'in' ? textsOf(value) : word === undefined ? undefined : [word]
  const subject = subjectOf(variable, scope)
  // A list may have several words at once; a text has one value.
  if (!words || subject?.type !== 'string') return undefined
  const isExcluded = (op === '!=') !== isNegated
  return { key: writeExpression(variable), subject, words: new Set(words), isExcluded }
}

export interface Bound extends Claim {
  readonly low: bigint | undefined
  readonly high: bigint | undefined
  /** Of all values. */
  readonly least: bigint
  readonly most: bigint | undefined
}

/** What is written with its sides turned round. */
export const mirrored: Readonly<Record<string, string>> = {
  '<': '>',
  '>': '<',
  '<=': '>=',
  '>=': '<=',
  '==': '==',
  '!=': '!=',
}
const negated: Readonly<Record<string, string>> = {
  '<': '>=',
  '>': '<=',
  '<=': '>',
  '>=': '<',
  '==': '!=',
  '!=': '==',
}

/** Of `size > 5` and `time > "09:00"` the values that fit. */
export function boundOf(expression: Expression, isNegated: boolean, scope: Scope): Bound | undefined {
  const [left, right] = partsOf(expression)
  if (!left || !right || mirrored[expression.op] === undefined) return undefined
  const isTurned = numberOf(left) !== undefined || textOf(left) !== undefined
  const [variable, value] = isTurned ? [right, left] : [left, right]
  const subject = subjectOf(variable, scope)
  const number = subject && numberFor(subject, value)
  if (!subject || number === undefined) return undefined
  const written = isTurned ? mirrored[expression.op] : expression.op
  // Of the end of a day that is no mistake only beside <: what is said of the word is enough.
  if (subject.name === 'time' && number > LAST_MINUTE && !written?.startsWith('<')) return undefined
  const range = rangeOf(isNegated ? negated[written ?? ''] : written, number)
  return range && { key: writeExpression(variable), subject, ...wholeRange(subject), ...range }
}

function numberFor({ name, type }: Subject, value: Expression): bigint | undefined {
  if (type === 'int') return numberOf(value)
  const minutes = name === 'time' ? minutesOf(textOf(value) ?? '') : undefined
  return minutes === undefined ? undefined : BigInt(minutes)
}

function rangeOf(op: string | undefined, value: bigint): Pick<Bound, 'low' | 'high'> | undefined {
  switch (op) {
    case '==':
      return { low: value, high: value }
    case '<':
      return { low: undefined, high: value - 1n }
    case '<=':
      return { low: undefined, high: value }
    case '>':
      return { low: value + 1n, high: undefined }
    case '>=':
      return { low: value, high: undefined }
    default:
      return undefined
  }
}

const LAST_MINUTE = 24n * 60n - 1n

/** All integers here count something. */
function wholeRange({ name, most }: Subject): Pick<Bound, 'least' | 'most'> {
  if (name === 'time') return { least: 0n, most: LAST_MINUTE }
  return { least: 0n, most: most === undefined ? undefined : BigInt(most) }
}
