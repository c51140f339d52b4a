/** Parts of texts and patterns that no value can have: wrong letters, and words that nothing begins or ends with. */

import { nearestWord } from '../config/nearest-word.ts'
import { showWord } from './condition-fault.ts'
import type { Subject } from './condition-subject.ts'
import { compilePattern } from './linear-pattern.ts'

const tests = {
  startsWith: 'begins with',
  endsWith: 'ends with',
  contains: 'contains',
  matches: 'fits',
} as const
type FragmentTest = keyof typeof tests

export const isFragmentTest = (name: string): name is FragmentTest => Object.hasOwn(tests, name)

export interface Fragment {
  readonly test: FragmentTest
  readonly word: string
  /** All that the subject can be, where they are few. */
  readonly values: readonly string[] | undefined
}

export function findFragmentFault(subject: Subject, fragment: Fragment): string | undefined {
  const { test, word, values } = fragment
  const letters = test === 'matches' ? findPatternLetters(subject, word) : findLetterFault(subject, word)
  if (letters !== undefined) return letters
  if (test === 'endsWith' && word.startsWith('*@'))
    return `* stands for itself here: leave it out, "${showWord(word.slice(1))}"`
  if (!values || values.some(fitsOf(test, word))) return undefined
  return `\`${subject.name}\` never ${tests[test]} "${showWord(word)}"${hintFor(subject, word, values)}`
}

function fitsOf(test: FragmentTest, word: string): (value: string) => boolean {
  if (test === 'startsWith') return (value) => value.startsWith(word)
  if (test === 'endsWith') return (value) => value.endsWith(word)
  if (test === 'contains') return (value) => value.includes(word)
  const pattern = compilePattern(word)
  // What is wrong with a pattern is told elsewhere.
  return pattern.ok ? pattern.finds : () => true
}

function hintFor({ name }: Subject, word: string, values: readonly string[]): string {
  if (name === 'time') return ': times stand there as "07:05"'
  if (name !== 'command') return `: it is one of ${values.filter((value) => value !== '').join(', ')}`
  const nearest = nearestWord(word, values)
  return nearest === undefined
    ? ': name the command in unknownCommands if the server has it'
    : `, did you mean "${nearest}"?`
}

export function findLetterFault({ name, letters }: Subject, word: string): string | undefined {
  if (letters === 'upper' && word !== word.toUpperCase())
    return `\`${name}\` has capital letters only: write ${JSON.stringify(word.toUpperCase())}`
  if (letters === 'lower' && word !== word.toLowerCase())
    return `\`${name}\` has small letters only: write ${JSON.stringify(word.toLowerCase())}`
  return undefined
}

/** What letters of a pattern mean something else: escapes, classes, names and flags of groups. */
const noLetters =
  /\\[pP](?:\{[^}]*\}|.)|\\x(?:\{[^}]*\}|..)|\\[^]|\[\^?\]?(?:\\[^]|\[:\^?\w+:\]|[^\]\\])*\]|\(\?P?<[^>]*>|\(\?[a-zA-Z-]*/gu

function findPatternLetters({ name, letters }: Subject, pattern: string): string | undefined {
  // Within \Q...\E a backslash is one.
  if (letters === undefined || /\(\?[a-z]*i|\\Q/u.test(pattern)) return undefined
  const plain = pattern.replace(noLetters, '')
  const wrong = letters === 'lower' ? /\p{Lu}/u.exec(plain) : /\p{Ll}/u.exec(plain)
  if (!wrong) return undefined
  const [has, other] = letters === 'lower' ? ['small', 'a capital'] : ['capital', 'a small']
  return `\`${name}\` has ${has} letters only, and the pattern asks for ${other} ${wrong[0]}: write it ${has}`
}
