/** What a finding is, and the event that carries it: plain printable data; knows no check and no session. */

import type { ProxyEvent, SessionId } from '../relay/event.ts'
import type { Millis } from '../relay/input.ts'

/** MUST broken or worse; SHOULD or strong practice; worth knowing. */
export type FindingLevel = 'error' | 'warning' | 'note'

/** `proxy` is imaptap itself. */
export type Culprit = 'client' | 'server' | 'proxy'

export interface Finding {
  /** Stable: `S01`, `C05`, `X02`, `P03`. What configuration suppresses. */
  readonly id: string
  /** Kebab-case words for the same: `expunge-without-command`. */
  readonly name: string
  readonly level: FindingLevel
  readonly side: Culprit
  /** One printable sentence about this case, with its numbers, without credentials and content. */
  readonly text: string
  /** `RFC 9051 section 7.5.1`. */
  readonly reference: string
  /** One sentence on what to do. */
  readonly advice: string
  /** The lines that show it, oldest first: printable, redacted, each behind `C ` or `S `. */
  readonly evidence: readonly string[]
  /** The exchange that it belongs to, as `Exchange.id`. */
  readonly exchange: number | undefined
}

export interface FindingEvent {
  readonly kind: 'finding'
  readonly session: SessionId
  readonly at: Millis
  readonly finding: Finding
}

/** All that observers can hear of. */
export type ObservedEvent = ProxyEvent | FindingEvent
