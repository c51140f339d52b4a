/** What is wrong with a condition, and where in its text; knows no file. */

import { printable } from '../imap/printable.ts'
import type { Expression } from './expression.ts'

export interface ConditionFault {
  /** Of the text, in UTF-16 units. */
  readonly start: number
  readonly message: string
  /** It may be named in `unknownCommands`, where these are not read yet. */
  readonly kind?: 'unknown-command'
}

export const expressionFault = ({ start }: Expression, message: string): ConditionFault => ({
  start,
  message,
})

/** Characters of a word. */
const SHOWN = 40

export const showWord = (word: string): string => printable(word, SHOWN)
