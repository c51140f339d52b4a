/** What to write in place of a value that is of the wrong type for what it is compared with; knows no sentence of the language. */

import { commandNames } from '../imap/commands/index.ts'
import { showWord } from './condition-fault.ts'
import { subjectOf, type Subject } from './condition-subject.ts'
import { guessSeconds, guessTime } from './condition-time.ts'
import { numberOf, partsOf, textOf, variableOf, type Expression } from './expression.ts'
import { actions } from './needs.ts'

/** Of a comparison or an `in` of a variable with a value; it begins with what joins it to a sentence. */
export function hintAtValue(expression: Expression): string | undefined {
  const [left, right] = partsOf(expression)
  if (!left || !right) return undefined
  if (expression.op === 'in') return hintAtItem(left, right)
  const isTurned = subjectOf(right) !== undefined
  const [variable, value] = isTurned ? [right, left] : [left, right]
  const subject = subjectOf(variable)
  // Where none is written out, the quotes are right.
  const other = subjectOf(value)?.type
  if (other === 'string' || other === 'int') return subject?.type.startsWith('list') ? undefined : ''
  if (subject?.type === 'string') return hintAtNumber(subject, value)
  return subject?.type === 'int' ? hintAtText(subject, value) : undefined
}

/** `"flag" in command`. */
function hintAtItem(item: Expression, list: Expression): string | undefined {
  const word = textOf(item)
  const name = variableOf(list)
  if (word === undefined || name === undefined || subjectOf(list)?.type !== 'string') return undefined
  const isAction = actions.some((action) => action === word)
  if (isAction) return `: did you mean "${word}" in actions?`
  return name === 'command' && commandNames.has(word) ? `: write command == "${word}"` : undefined
}

function hintAtNumber({ name, words }: Subject, value: Expression): string | undefined {
  const number = writtenNumber(value)
  if (number === undefined) return undefined
  if (name === 'time') return `: a time is a text, such as "${guessTime(number) ?? '09:00'}"`
  if (!words) return `: a text stands in quotes, "${showWord(number)}"`
  const shown = words.filter((word) => word !== '').map((word) => `"${word}"`)
  return `: it is one of ${shown.join(', ')}`
}

function writtenNumber(value: Expression): string | undefined {
  const whole = numberOf(value)
  if (whole !== undefined) return String(whole)
  return value.op === 'value' && typeof value.args === 'number' ? String(value.args) : undefined
}

function hintAtText({ name }: Subject, value: Expression): string | undefined {
  const text = textOf(value)
  if (text === undefined || name !== 'session.age') return undefined
  const seconds = guessSeconds(text)
  return seconds === undefined ? undefined : `: it counts seconds, write ${seconds}`
}
