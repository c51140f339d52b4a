/** What is wrong with a condition, and where in its text; knows no file. */

import type { Expression } from './expression.ts'

export interface ConditionFault {
  /** Of the text, in UTF-16 units. */
  readonly start: number
  readonly message: string
}

export const expressionFault = ({ start }: Expression, message: string): ConditionFault => ({
  start,
  message,
})
