/** What is wrong with a message, where, and whose side sent it: wire faults are values, never exceptions. */

import type { Side } from './raw-message.ts'

export interface Fault {
  /** Stable kebab-case name, such as `unterminated-quoted`. */
  readonly rule: string
  /** Octet offset within the message, literals counted. */
  readonly at: number
  /** One sentence without message content that could be secret. */
  readonly text: string
  readonly side: Side
}

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: Fault }

export const parsed = <T>(value: T): Parsed<T> => ({ ok: true, value })
export const faulty = (fault: Fault): Parsed<never> => ({ ok: false, fault })

/** Makes the compiler prove that a union was exhausted. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`)
}
