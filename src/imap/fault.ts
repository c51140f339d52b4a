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

/**
 * What reading a message came to. `quirks` are the places where the sender bent the grammar and the reading went on:
 * in order, at most `limits.quirksKept`, and never any in a strict reading.
 */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T; readonly quirks: readonly Fault[] }
  | { readonly ok: false; readonly fault: Fault; readonly quirks: readonly Fault[] }

/** Makes the compiler prove that a union was exhausted. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`)
}
