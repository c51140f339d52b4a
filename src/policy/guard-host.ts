/** What the guards of all sessions share: the policy of the moment, the ledger, and what only the shell can give; type only. */

import type { PolicyDocument } from '../config/policy-document.ts'
import type { CompressMode } from '../relay/compression.ts'
import type { CompiledPolicy } from './compile.ts'
import type { Ledger } from './ledger.ts'
import type { MailboxView } from './mailbox-view.ts'
import type { WallTime } from './rule-context.ts'

/** One policy as it holds; another takes its place in one assignment, so that nobody sees half of one. */
export interface CurrentPolicy {
  readonly document: PolicyDocument
  readonly compiled: CompiledPolicy
  readonly view: MailboxView
}

export interface GuardHost {
  readonly current: CurrentPolicy
  readonly ledger: Ledger
  readonly compress: CompressMode
  /** Patterns of capabilities that are hidden whatever the policy says. */
  readonly hideCapabilities: readonly string[]
  wallTime(): WallTime
  /** The name of a mailbox that does not exist, and that nobody can guess. */
  makeAlias(): string
}
