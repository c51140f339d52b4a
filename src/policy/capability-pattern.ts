/** Patterns of capabilities, and those that cannot work behind a proxy that reads; knows no response and no command. */

import { layeredMechanisms } from '../session/sasl.ts'

export interface HiddenPattern {
  /** Upper case. */
  readonly pattern: string
  readonly reason: string
}

export const deflateOnly = 'imaptap reads DEFLATE only'
const unbindable = 'its security layer or channel binding cannot survive interception'

/** What cannot work behind a proxy that reads: hidden unless the operator's server never had it. */
export const builtIn: readonly HiddenPattern[] = [
  { pattern: 'COMPRESS=*', reason: deflateOnly },
  { pattern: 'AUTH=*-PLUS', reason: unbindable },
  ...layeredMechanisms.map((mechanism) => ({ pattern: `AUTH=${mechanism}`, reason: unbindable })),
]

/** Of an `AUTH=` capability, upper case. */
export const isUnbindable = (name: string): boolean =>
  builtIn.some(({ pattern, reason }) => reason === unbindable && fitsCapability(pattern, name))

/** `*` stands for anything, at the pattern's end or after its `=`. Both are upper case. */
export function fitsCapability(pattern: string, name: string): boolean {
  const star = pattern.indexOf('*')
  if (star < 0) return pattern === name
  const head = pattern.slice(0, star)
  const tail = pattern.slice(star + 1)
  return name.length >= head.length + tail.length && name.startsWith(head) && name.endsWith(tail)
}
