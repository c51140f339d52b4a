/** Words that a condition compares with what never has them, each a slip that would make it fit too little or too much; asks no command. */

import { commandNames } from '../imap/commands/index.ts'
import { nearestWord } from '../config/nearest-word.ts'
import { expressionFault, showWord, type ConditionFault } from './condition-fault.ts'
import { findItemFault } from './condition-items.ts'
import { subjectOf, walkWithin, type Scope, type Subject } from './condition-subject.ts'
import { dayTimes, findTimeFault } from './condition-time.ts'
import { findFragmentFault, findLetterFault, isFragmentTest } from './condition-fragments.ts'
import { explainStar } from './condition-stars.ts'
import { callOf, partsOf, textOf, textsOf, variableOf, type Expression } from './expression.ts'
import { parseNetwork, plainAddress } from './network.ts'
import { foldUser } from './user-name.ts'

export function findUnknownWords(
  expression: Expression,
  unknownCommands: readonly string[],
): readonly ConditionFault[] {
  const commands = [...commandNames, ...unknownCommands]
  return [...walkWithin(expression)].flatMap(([part, scope]) => checkPart(part, { scope, commands }))
}

interface Known {
  readonly scope: Scope
  readonly commands: readonly string[]
}

const comparisons = new Set(['==', '!=', 'in', '<', '<=', '>', '>='])

function checkPart(part: Expression, known: Known): readonly ConditionFault[] {
  if (callOf(part)) return checkCall(part, known)
  const [left, right] = partsOf(part)
  if (!left || !right || !comparisons.has(part.op)) return []
  if (part.op === 'in') return checkIn(left, right, known)
  return [...checkAgainst(left, right, part.op, known), ...checkAgainst(right, left, part.op, known)]
}

function checkIn(left: Expression, right: Expression, known: Known): readonly ConditionFault[] {
  if (textsOf(right)) return partsOf(right).flatMap((word) => checkAgainst(left, word, '==', known))
  // Nothing is in a text: what is said of its type is enough.
  if (subjectOf(right, known.scope)?.type !== 'list<string>') return []
  return checkAgainst(right, left, '==', known)
}

function checkAgainst(
  variable: Expression,
  place: Expression,
  op: string,
  { scope, commands }: Known,
): readonly ConditionFault[] {
  const subject = subjectOf(variable, scope)
  const word = textOf(place)
  if (!subject || word === undefined) return []
  const isOrder = op !== '==' && op !== '!='
  const message = isOrder
    ? findOrderFault(subject, variableOf(variable) ?? subject.name, word)
    : findWordFault(subject, word, commands)
  return faultAt(place, subject, word, message)
}

function faultAt(
  place: Expression,
  subject: Subject,
  word: string,
  message: string | undefined,
): readonly ConditionFault[] {
  if (message === undefined) return []
  const fault = expressionFault(place, message)
  // In small letters it cannot be named in unknownCommands either.
  const isUnknownCommand = subject.name === 'command' && word === word.toUpperCase()
  return [isUnknownCommand ? { ...fault, kind: 'unknown-command' } : fault]
}

function findOrderFault(subject: Subject, name: string, word: string): string | undefined {
  if (subject.name === 'time') return findTimeFault(word)
  if (!subject.words) return undefined
  if (subject.hasOrder) return findWordFault(subject, word, [])
  const [one = '', other = ''] = subject.words
  return `\`${name}\` has no order: name the words, as in ${name} in ["${one}", "${other}"]`
}

function findWordFault(subject: Subject, word: string, commands: readonly string[]): string | undefined {
  const { name, words } = subject
  if (name === 'command') return findCommandFault(word, commands)
  if (name === 'address') return findAddressFault(word)
  if (name === 'time') return findTimeFault(word)
  if (words) return words.includes(word) ? undefined : explainUnknown(subject, word)
  const star = explainStar(subject, word)
  if (star !== undefined) return star
  if (name === 'user' && foldUser(word) !== word)
    return `\`user\` has small letters only: write ${JSON.stringify(foldUser(word))}`
  return findLetterFault(subject, word) ?? findItemFault(name, word)
}

function explainUnknown({ name, words = [] }: Subject, word: string): string {
  const nearest = nearestWord(word, words) ?? words.find((one) => word !== '' && one.endsWith(word))
  const all = words.filter((one) => one !== '').join(', ')
  const hint = nearest === undefined ? `it is one of ${all}` : `did you mean "${nearest}"?`
  return `\`${name}\` never has "${showWord(word)}": ${hint}`
}

function findCommandFault(word: string, commands: readonly string[]): string | undefined {
  if (word === '' || commands.includes(word)) return undefined
  const nearest = nearestWord(word, commands)
  if (nearest !== undefined) return `there is no command "${word}", did you mean "${nearest}"?`
  return `there is no command "${word}" here: name it in unknownCommands if the server has it`
}

function findAddressFault(word: string): string | undefined {
  if (word.includes('/')) return `an address is never a network: write inNetwork(address, "${word}")`
  if (!parseNetwork(word).ok) return `"${word}" is no address`
  return plainAddress(word) === word ? undefined : `addresses stand there as "${plainAddress(word)}"`
}

/** `user.endsWith("...")`, `glob(user, "...")`. */
function checkCall(part: Expression, { scope, commands }: Known): readonly ConditionFault[] {
  const call = callOf(part)
  const [first, second] = call?.args ?? []
  const [variable, place] = call?.receiver ? [call.receiver, first] : [first, second]
  const subject = variable && subjectOf(variable, scope)
  const word = place && textOf(place)
  if (!call || !subject || !place || word === undefined) return []
  if (call.name === 'glob') return faultAt(place, subject, word, findLetterFault(subject, word))
  if (!isFragmentTest(call.name) || subject.type !== 'string') return []
  const values = subject.name === 'command' ? commands : subject.name === 'time' ? dayTimes : subject.words
  return faultAt(place, subject, word, findFragmentFault(subject, { test: call.name, word, values }))
}
