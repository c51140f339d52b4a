/** What every command that fits a condition has to be, as far as its form shows it; calls nothing a mistake. */

import {
  conjunctsOf,
  disjunctsOf,
  partsOf,
  textOf,
  textsOf,
  variableOf,
  type Expression,
} from './expression.ts'

/** Of a variable of text one of these has to be its value, or of a list to be in it. */
export interface Requirement {
  readonly variable: string
  readonly words: ReadonlySet<string>
}

/** What every command that the condition fits must be: `command == "X" && ...`, `command in [...]`, `"read" in actions`. */
export function requirementsOf(expression: Expression): readonly Requirement[] {
  return conjunctsOf(expression).flatMap((conjunct) => requirementOf(conjunct) ?? [])
}

/** `a == "x" || a == "y"` is one of two. */
function requirementOf(expression: Expression): Requirement | undefined {
  const each = disjunctsOf(expression).map(simpleRequirement)
  const [first] = each
  if (!first || each.some((one) => one?.variable !== first.variable)) return undefined
  return { variable: first.variable, words: new Set(each.flatMap((one) => [...(one?.words ?? [])])) }
}

function simpleRequirement(expression: Expression): Requirement | undefined {
  const [left, right] = partsOf(expression)
  if (!left || !right) return undefined
  if (expression.op === '==') {
    const word = textOf(left) ?? textOf(right)
    const variable = variableOf(left) ?? variableOf(right)
    return word === undefined || variable === undefined ? undefined : { variable, words: new Set([word]) }
  }
  if (expression.op !== 'in') return undefined
  const words = textsOf(right) ?? textOf(left)
  const variable = textsOf(right) ? variableOf(left) : variableOf(right)
  return words === undefined || variable === undefined
    ? undefined
    : { variable, words: new Set([words].flat()) }
}
