/** What the engine uses of a lane, be it transparent or guarded; type only. */

import type { Wait } from '../session/continuations.ts'
import type { OpenExchange } from '../session/exchanges.ts'
import type { ReleasedHow } from './event.ts'
import type { Ruling } from './hold-rule.ts'
import type { WrongProtocol } from './wrong-protocol.ts'

/** One direction of a session. */
export interface LaneSurface {
  /** Octets received. */
  readonly total: number
  /** Octets of our own that wait for the end of a message. */
  readonly injected: number
  /** Octets that have gone on before they were framed. */
  readonly sentAhead: number
  /** Octets received that no fragment has covered yet. */
  readonly unframed: number
  /** True when octets of our own may stand here. */
  readonly isBetweenMessages: boolean
  /** A message is kept back here, whole or in part. */
  readonly isHolding: boolean
  receive(octets: Uint8Array): void
  /** Goes on framing, once something that was waited for has come. */
  advance(): void
  /** Sends octets of our own at the next place between two messages. */
  inject(octets: Uint8Array): void
  /** The stream cannot be read any more. */
  makeOpaque(reason: string): void
  flush(): void
  /** Takes back what came behind the fragment at hand: it stands in another coding. Valid during the call only. */
  takeUnread(): Uint8Array
  /** The side has sent its last octet. */
  finish(): void
}

/** The command that a client's lane keeps back. */
export interface HoldSurface {
  /** The server's next `+` is for a command that was taken in here. */
  readonly isSending: boolean
  /** Nothing behind what is kept back may go on. */
  readonly isStopped: boolean
  rule(ruling: Ruling, how?: ReleasedHow): void
  /** The server takes nothing any more. */
  abandon(): void
}

export interface ClientLaneSurface extends LaneSurface {
  readonly hold: HoldSurface
  /** TLS stands on this leg: nothing of what came before is left. */
  beginAnew(): void
  /** The server's `+` came for what the client waits for. */
  noteContinuation(wait: Wait | undefined): void
  /** The server refused what the client waited for. */
  refuse(wait: Wait, exchange: OpenExchange): void
}

export interface ServerLaneSurface extends LaneSurface {
  /** A new upstream connection, whose greeting the client must or must not see. */
  beginAnew(isGreetingDue: boolean): void
  rule(ruling: Ruling, how?: ReleasedHow): void
  /** What the octets of a greeting that never ended show of another protocol. */
  explainUnfinished(): WrongProtocol
}
