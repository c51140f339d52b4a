/** Which quirks lose some of a response, so that nothing is held to be missing that may have been in there; judges nothing. */

import type { Fault } from '../../imap/fault.ts'
import type { SessionModel } from './session-model.ts'

/** Rules behind which some of a response is lost or taken for something else. */
const lossy = new Set([
  'bare-mailbox',
  'missing-value',
  'nested-too-deep',
  'odd-code',
  'odd-shape',
  'odd-value',
  'unclosed-parenthesis',
])

/** A response was read in spite of these. */
export function noteQuirks({ open }: SessionModel, quirks: readonly Fault[]): void {
  if (!quirks.some(({ rule }) => lossy.has(rule))) return
  for (const work of open.values()) work.hasMissed = true
}
