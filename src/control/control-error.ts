/** Why a control socket cannot be had or reached, for a person who can mend it; it does not know how it is printed. */

import { printable } from '../imap/printable.ts'

export class ControlError extends Error {
  override readonly name = 'ControlError'
  /** What to do about it, as one sentence or command. */
  readonly advice: string
  /** Nobody is at that socket any more, or ever was. */
  readonly isGone: boolean

  constructor(message: string, advice: string, isGone = false) {
    // Names of sockets, and what a daemon says, may be anything.
    super(printable(message))
    this.advice = advice
    this.isGone = isGone
  }
}

/** The system's word for what went wrong, such as ENOENT; empty where it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
