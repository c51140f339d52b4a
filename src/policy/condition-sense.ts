/** Conditions that can never be true, as far as that shows without a command; asks for nothing but words and numbers. */

import { commandNames } from '../imap/commands/index.ts'
import { nearestWord } from '../config/nearest-word.ts'
import { expressionFault, type ConditionFault } from './condition-fault.ts'
import { variables, type VariableDoc } from './context.ts'
import {
  callOf,
  conjunctsOf,
  disjunctsOf,
  isLoop,
  numberOf,
  partsOf,
  textOf,
  textsOf,
  variableOf,
  walk,
  type Expression,
} from './expression.ts'
import { parseNetwork, plainAddress } from './network.ts'

/** Of a variable of text one of these has to be its value, or of a list to be in it. */
export interface Requirement {
  readonly variable: string
  readonly words: ReadonlySet<string>
}

const docs = new Map(variables.map((variable) => [variable.name, variable]))

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

/** Words that no value has: each is a slip. */
export function findUnknownWords(
  expression: Expression,
  unknownCommands: readonly string[],
): readonly ConditionFault[] {
  const parts = [...walk(expression)]
  const known = new Map([...docs, ...parts.flatMap(loopVariable)])
  return parts.flatMap((part) => {
    const [left, right] = partsOf(part)
    if (!left || !right || !['==', '!=', 'in'].includes(part.op)) return []
    const pairs: readonly (readonly [Expression, Expression])[] = [
      [left, right],
      [right, left],
    ]
    return pairs.flatMap(([variable, value]) => {
      const doc = known.get(variableOf(variable) ?? '')
      const words = textsOf(value) ? partsOf(value) : [value]
      return doc === undefined ? [] : words.flatMap((word) => checkWord(doc, word, unknownCommands))
    })
  })
}

/** In `actions.all(a, ...)` a is one of the actions. */
function loopVariable(expression: Expression): readonly (readonly [string, VariableDoc])[] {
  const call = callOf(expression)
  if (!call || !isLoop(call)) return []
  const doc = docs.get(call.receiver ? (variableOf(call.receiver) ?? '') : '')
  const name = call.args[0] && variableOf(call.args[0])
  return doc && name !== undefined ? [[name, doc]] : []
}

function checkWord(
  doc: VariableDoc,
  place: Expression,
  unknownCommands: readonly string[],
): readonly ConditionFault[] {
  const word = textOf(place)
  if (word === undefined) return []
  const message = findWordFault(doc, word, unknownCommands)
  if (message === undefined) return []
  const fault = expressionFault(place, message)
  // In small letters it cannot be named in unknownCommands either.
  const isUnknownCommand = doc.name === 'command' && word === word.toUpperCase()
  return [isUnknownCommand ? { ...fault, kind: 'unknown-command' } : fault]
}

function findWordFault(
  doc: VariableDoc,
  word: string,
  unknownCommands: readonly string[],
): string | undefined {
  if (doc.name === 'command') return findCommandFault(word, unknownCommands)
  if (doc.name === 'address') return findAddressFault(word)
  if (doc.words && !doc.words.includes(word)) {
    const nearest = nearestWord(word, doc.words)
    const hint = nearest === undefined ? `it is one of ${doc.words.join(', ')}` : `did you mean "${nearest}"?`
    return `\`${doc.name}\` never has "${word}": ${hint}`
  }
  if (doc.letters === 'upper' && word !== word.toUpperCase())
    return `\`${doc.name}\` has capital letters only: write ${JSON.stringify(word.toUpperCase())}`
  if (doc.letters === 'lower' && word !== word.toLowerCase())
    return `\`${doc.name}\` has small letters only: write ${JSON.stringify(word.toLowerCase())}`
  return undefined
}

function findCommandFault(word: string, unknownCommands: readonly string[]): string | undefined {
  if (word === '' || commandNames.has(word) || unknownCommands.includes(word)) return undefined
  const nearest = nearestWord(word, [...commandNames, ...unknownCommands])
  if (nearest !== undefined) return `there is no command "${word}", did you mean "${nearest}"?`
  return `there is no command "${word}" here: name it in unknownCommands if the server has it`
}

function findAddressFault(word: string): string | undefined {
  if (word.includes('/')) return `an address is never a network: write inNetwork(address, "${word}")`
  if (!parseNetwork(word).ok) return `"${word}" is no address`
  return plainAddress(word) === word ? undefined : `addresses stand there as "${plainAddress(word)}"`
}

/** Two conjuncts that no value satisfies together. */
export function findContradiction(expression: Expression): ConditionFault | undefined {
  const conjuncts = conjunctsOf(expression)
  return findEmptyWords(conjuncts) ?? findEmptyRange(conjuncts) ?? findDenied(conjuncts)
}

function findEmptyWords(conjuncts: readonly Expression[]): ConditionFault | undefined {
  const left = new Map<string, ReadonlySet<string>>()
  for (const conjunct of conjuncts) {
    const requirement = requirementOf(conjunct)
    // A list may have several words at once; a text has one value.
    if (!requirement || docs.get(requirement.variable)?.type !== 'string') continue
    const { variable, words } = requirement
    const before = left.get(variable)
    const both = before ? new Set([...words].filter((word) => before.has(word))) : words
    if (both.size === 0)
      return expressionFault(conjunct, `this rule can never match: \`${variable}\` cannot be both`)
    left.set(variable, both)
  }
  return undefined
}

interface Range {
  low?: bigint
  high?: bigint
}

function findEmptyRange(conjuncts: readonly Expression[]): ConditionFault | undefined {
  const ranges = new Map<string, Range>()
  for (const conjunct of conjuncts) {
    const bound = boundOf(conjunct)
    if (!bound) continue
    const range = ranges.get(bound.variable) ?? wholeRange(bound.variable)
    ranges.set(bound.variable, range)
    if (bound.low !== undefined && bound.low > (range.low ?? bound.low - 1n)) range.low = bound.low
    if (bound.high !== undefined && bound.high < (range.high ?? bound.high + 1n)) range.high = bound.high
    const isEmpty = range.low !== undefined && range.high !== undefined && range.low > range.high
    if (isEmpty)
      return expressionFault(conjunct, `this rule can never match: \`${bound.variable}\` has no such value`)
  }
  return undefined
}

/** All integers here count something. */
function wholeRange(variable: string): Range {
  const most = docs.get(variable)?.most
  return most === undefined ? { low: 0n } : { low: 0n, high: BigInt(most) }
}

const mirrored: Readonly<Record<string, string>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=', '==': '==' }

/** Of `size > 5` the values that fit. */
function boundOf(expression: Expression): (Range & { readonly variable: string }) | undefined {
  const [left, right] = partsOf(expression)
  if (!left || !right || mirrored[expression.op] === undefined) return undefined
  const isTurned = numberOf(left) !== undefined
  const variable = variableOf(isTurned ? right : left)
  const value = numberOf(isTurned ? left : right)
  if (variable === undefined || value === undefined || docs.get(variable)?.type !== 'int') return undefined
  const op = isTurned ? mirrored[expression.op] : expression.op
  if (op === '==') return { variable, low: value, high: value }
  if (op === '<' || op === '<=') return { variable, high: op === '<' ? value - 1n : value }
  return { variable, low: op === '>' ? value + 1n : value }
}

/** `a && !a`. */
function findDenied(conjuncts: readonly Expression[]): ConditionFault | undefined {
  const plain = new Set(conjuncts.flatMap((conjunct) => variableOf(conjunct) ?? []))
  const denied = conjuncts.find(({ op, ...rest }) => {
    const [inner] = partsOf({ op, ...rest })
    return op === '!_' && inner && plain.has(variableOf(inner) ?? '')
  })
  return denied && expressionFault(denied, 'this rule can never match: this is asked for and refused at once')
}
