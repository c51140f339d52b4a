/** What is said where a command cannot go on, to its client and for the record; decides nothing. */

import type { ReleasedHow } from './event.ts'
import type { Decided, GuardAnswer } from './guard.ts'

export function whoRuled(how: ReleasedHow | undefined): string {
  if (how === 'gone') return 'nobody could be asked any more'
  return how === 'expired' ? 'nobody ruled in time' : 'a person ruled'
}

export const undecidable: GuardAnswer = {
  kind: 'answer',
  status: 'NO',
  code: 'SERVERBUG',
  text: 'imaptap could not put this command to the server safely',
}
export const notRecorded: GuardAnswer = {
  kind: 'answer',
  status: 'NO',
  code: 'UNAVAILABLE',
  text: 'this cannot be recorded at the moment, and nothing is done without a record',
}
export const ruledByHand: Decided = {
  rule: 'breakpoint',
  effect: 'deny',
  why: 'a held command was answered by a person',
  isDryRun: false,
  mailboxes: [],
  level: 'audit',
}
