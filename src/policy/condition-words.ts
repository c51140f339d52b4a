/** Words that a condition compares with what never has them, each a slip that would make it fit too little or too much; asks no command. */

import { commandNames } from '../imap/commands/index.ts'
import { nearestWord } from '../config/nearest-word.ts'
import { expressionFault, showWord, type ConditionFault } from './condition-fault.ts'
import { mirrored } from './condition-claims.ts'
import { findItemFault } from './condition-items.ts'
import { subjectOf, walkWithin, type Scope, type Subject } from './condition-subject.ts'
import { dayEnd, dayTimes, findTimeFault } from './condition-time.ts'
import { findFragmentFault, findLetterFault, isFragmentTest } from './condition-fragments.ts'
import { explainStar } from './condition-stars.ts'
import { callOf, partsOf, textOf, textsOf, variableOf, walk, type Expression } from './expression.ts'
import { parseNetwork, plainAddress } from './network.ts'
import { foldUser } from './user-name.ts'

export function findUnknownWords(
  expression: Expression,
  unknownCommands: readonly string[],
): readonly ConditionFault[] {
  const commands = [...commandNames, ...unknownCommands]
  const namesUnknown = [...walk(expression)].some((part) => textOf(part) === 'unknown')
  return [...walkWithin(expression)].flatMap(([part, scope]) =>
    checkPart(part, { scope, commands, namesUnknown }),
  )
}

interface Known {
  readonly scope: Scope
  readonly commands: readonly string[]
  /** Somewhere in the condition. */
  readonly namesUnknown: boolean
}

const comparisons = new Set(['==', '!=', 'in', '<', '<=', '>', '>='])

function checkPart(part: Expression, known: Known): readonly ConditionFault[] {
  if (callOf(part)) return checkCall(part, known)
  const [left, right] = partsOf(part)
  if (!left || !right || !comparisons.has(part.op)) return []
  if (part.op === 'in') return checkIn(left, right, known)
  return [
    ...checkAgainst(left, right, part.op, known),
    ...checkAgainst(right, left, mirrored[part.op] ?? part.op, known),
  ]
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
  known: Known,
): readonly ConditionFault[] {
  const subject = subjectOf(variable, known.scope)
  const word = textOf(place)
  if (!subject || word === undefined) return []
  const isOrder = op !== '==' && op !== '!='
  const message = isOrder
    ? findOrderFault(subject, { name: variableOf(variable) ?? subject.name, word, op })
    : findWordFault(subject, { word, op }, known)
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

interface Compared {
  readonly word: string
  /** As if the variable stood on the left. */
  readonly op: string
}

function findOrderFault(
  subject: Subject,
  { name, word, op }: Compared & { readonly name: string },
): string | undefined {
  // The end of a day is no time of it.
  if (subject.name === 'time') return word === dayEnd && op.startsWith('<') ? undefined : findTimeFault(word)
  if (!subject.words) return undefined
  if (subject.hasOrder) return subject.words.includes(word) ? undefined : explainUnknown(subject, word)
  const [one = '', other = ''] = subject.words
  return `\`${name}\` has no order: name the words, as in ${name} in ["${one}", "${other}"]`
}

function findWordFault(
  subject: Subject,
  { word, op }: Compared,
  { commands, namesUnknown }: Known,
): string | undefined {
  const { name, words } = subject
  if (name === 'command') return findCommandFault(word, commands)
  if (name === 'address') return findAddressFault(word)
  if (name === 'time') return findTimeFault(word)
  if (words) return words.includes(word) ? undefined : explainUnknown(subject, word)
  const star = explainStar(subject, word, op)
  if (star !== undefined) return star
  if (name === 'user' && foldUser(word) !== word)
    return `\`user\` has small letters only: write ${JSON.stringify(foldUser(word))}`
  return findLetterFault(subject, word) ?? findItemFault({ variable: name, word, namesUnknown })
}

function explainUnknown({ name, words = [] }: Subject, word: string): string {
  const all = words.filter((one) => one !== '')
  const nearest = guessWord(word, all)
  const hint = nearest === undefined ? `it is one of ${all.join(', ')}` : `did you mean "${nearest}"?`
  return `\`${name}\` never has "${showWord(word)}": ${hint}`
}

/** `TLSv1.0` is TLSv1, and `unauthenticated` is the opposite of what it ends with. */
function guessWord(written: string, words: readonly string[]): string | undefined {
  const word = written.replace(/\.0$/u, '')
  if (words.includes(word)) return word
  const nearest = nearestWord(word, words) ?? words.find((one) => word !== '' && one.endsWith(word))
  const opposite = word.startsWith('un') && words.find((one) => one === `not-${word.slice(2)}`)
  return opposite || nearest
}

function findCommandFault(word: string, commands: readonly string[]): string | undefined {
  if (word === '' || commands.includes(word)) return undefined
  const nearest = nearestWord(word, commands)
  if (nearest !== undefined) return `there is no command "${word}", did you mean "${nearest}"?`
  return `there is no command "${word}" here: name it in unknownCommands if the server has it`
}

function findAddressFault(word: string): string | undefined {
  if (word.includes('/')) return explainNetwork(word)
  if (!parseNetwork(word).ok) return `"${word}" is no address`
  return plainAddress(word) === word ? undefined : `addresses stand there as "${plainAddress(word)}"`
}

function explainNetwork(word: string): string {
  const network = parseNetwork(word).ok ? word : '10.0.0.0/8'
  return `an address is never a network: write inNetwork(address, "${network}")`
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
  if (subject.name === 'address' && call.name !== 'matches' && word.includes('/'))
    return faultAt(place, subject, word, explainNetwork(word))
  const values = subject.name === 'command' ? commands : subject.name === 'time' ? dayTimes : subject.words
  return faultAt(place, subject, word, findFragmentFault(subject, { test: call.name, word, values }))
}
