/** What a session's engine is given: rules, wishes of observers, and the legs as they begin; type only. */

import type { Kept, MakeDigester } from '../imap/assembler.ts'
import type { CompressMode } from './compression.ts'
import type { SessionId } from './event.ts'
import type { Guard } from './guard.ts'
import type { HoldRule } from './hold-rule.ts'
import type { Decider } from './verdict.ts'

/** What observers want at the moment: read anew for every message, since viewers come and go. */
export interface Interests {
  /** Every message as an event, its octets kept until it was told. */
  readonly messages: boolean
  /** Which messages wait for a ruling. */
  readonly hold?: HoldRule | undefined
}

export interface RelayOptions {
  readonly session: SessionId
  readonly decider: Decider
  readonly interests: Interests
  /** The client's leg: TLS from the first octet, or cleartext with STARTTLS offered. */
  readonly isClientSecure: boolean
  /** Upstream demands STARTTLS before anything else. */
  readonly startsUpstreamTls: boolean
  /** Who may compress what; `follow` when undefined. */
  readonly compress?: CompressMode | undefined
  /** How much of a message is kept for readers; what they need anyway when undefined. */
  readonly kept?: Kept | undefined
  /** Another for each of our own commands, and not guessable. */
  makeTag(): string
  /** Decides about all that is said, in place of the transparent lanes' decider; undefined: nothing is enforced. */
  readonly guard?: Guard | undefined
  /** Says of what passes what would be decided: a dry run. */
  readonly dryGuard?: Guard | undefined
  /** Decisions are recorded durably before their commands go on (`audit.mode: strict`). */
  readonly isAudited?: boolean | undefined
  readonly digesters: { readonly client: MakeDigester; readonly server: MakeDigester }
}
