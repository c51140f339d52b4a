/** Says with decisions what upstream gets in the place of what the client said; writes nothing to the wire. */

import { clip } from '../imap/printable.ts'
import { describeMessage } from '../imap/redact.ts'
import { writtenInstead, type ReadCommand } from './forwarding.ts'
import type { Decided, GuardVerdict } from './guard.ts'

/** Characters of the line. */
const SHOWN = 2_000
/** The guard makes the line shorter, never to less than a third: cut before, half of what it replaces might stay. */
const READ = 4 * SHOWN

/** The decisions that changed the command have the line; where none did, such as for ID, the last one has it. */
export function withSent({ action, decided, showSent }: GuardVerdict, read: ReadCommand): readonly Decided[] {
  const message = action.kind === 'forward' ? writtenInstead(read, action.command) : undefined
  if (!message) return decided
  const line = describeMessage(message, { hidesAll: read.exchange.isHidden, limit: READ }).join(' ')
  const sent = clip(showSent ? showSent(line) : line, SHOWN)
  const isNamed = decided.some(changes)
  const last = decided.length - 1
  return decided.map((each, at) => ((isNamed ? changes(each) : at === last) ? { ...each, sent } : each))
}

const changes = ({ effect, isDryRun }: Decided): boolean =>
  !isDryRun && (effect === 'rewrite' || effect === 'hide')
