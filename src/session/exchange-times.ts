/** How long an exchange took, without the time that a breakpoint held its messages; knows no clock and judges nobody. */

import type { Exchange } from './exchanges.ts'

export type Timed = Pick<Exchange, 'openedAt' | 'firstOctetAt' | 'completedAt' | 'heldMillis'>

/** Milliseconds. */
export interface Times {
  readonly took: number
  /** Until the first octet of the answer; all of it where none came before the end. */
  readonly wait: number
  /** From then on. */
  readonly transfer: number
}

/** Undefined while it is open. */
export function timesOf({ openedAt, firstOctetAt, completedAt, heldMillis }: Timed): Times | undefined {
  if (completedAt === undefined) return undefined
  const first = firstOctetAt ?? completedAt
  const wait = first - openedAt
  const transfer = completedAt - first
  const isWaiting = heldMillis <= wait || heldMillis > transfer
  // A command is held before the first octet, a response behind it: where it has room is where it was.
  const heldWaiting = isWaiting ? Math.min(heldMillis, wait) : 0
  return {
    took: Math.max(0, completedAt - openedAt - heldMillis),
    wait: Math.max(0, wait - heldWaiting),
    transfer: Math.max(0, transfer - (heldMillis - heldWaiting)),
  }
}
