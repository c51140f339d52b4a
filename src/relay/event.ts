/** What observers hear: plain data, each event with its session and its time; credentials in what was read are Secrets. */

import type { Fault } from '../imap/fault.ts'
import type { Side } from '../imap/raw-message.ts'
import type { Exchange } from '../session/exchanges.ts'
import type { SessionView } from '../session/session.ts'
import type { Message } from '../imap/message.ts'
import type { Decided } from './guard.ts'
import type { Millis } from './input.ts'

/** Names one held message; unique within its session. */
export type Ticket = number

/** `expired`: the deadline passed and it went on as it was. `gone`: the session ended first. */
export type ReleasedHow = 'forwarded' | 'edited' | 'answered' | 'expired' | 'gone'

/** Short and unique within the process: `S1`, `S2`, ... */
export type SessionId = string

export interface Address {
  readonly host: string
  readonly port: number
}

/** What TLS agreed on one leg. */
export interface TlsFacts {
  /** `TLSv1.2` or `TLSv1.3`. */
  readonly version: string
  readonly cipher: string
  /** Client leg: the SNI name and the leaf presented. Server leg: the name verified and the peer's subject. */
  readonly name: string
  readonly certificate: string
  readonly isResumed: boolean
}

/** Octets on the application side of TLS and of compression, from each side, since the session opened. */
export interface Totals {
  readonly fromClient: number
  readonly fromServer: number
  readonly commands: number
}

export type ProxyEvent = { readonly session: SessionId; readonly at: Millis } & EventBody

/** An event without its session and time, as its source tells it. */
export type EventBody =
  | {
      readonly kind: 'opened'
      /** Where the client connects from. */
      readonly address: Address
      /** The listener's URL, such as `imaps://127.0.0.1:1993`. */
      readonly listener: string
      /** The upstream URL. */
      readonly upstream: string
      readonly view: SessionView
      /** What was before, for somebody who hears of the session later; commands in flight are still to be told. */
      readonly totals?: Totals
    }
  | { readonly kind: 'secured'; readonly side: Side; readonly tls: TlsFacts }
  /** One side of TLS failed; `advice` is a sentence with the command that mends it. */
  | { readonly kind: 'tls-failed'; readonly side: Side; readonly reason: string; readonly advice: string }
  /** Only while somebody wants messages (`Interests.messages`). */
  | {
      readonly kind: 'message'
      readonly side: Side
      readonly message: Message
      /** The exchange it belongs to: the one it opens, completes or is attributed to. */
      readonly exchange?: Exchange
      /** Said by imaptap itself. */
      readonly isOurs?: boolean
      /** The line may hold a credential out of place: nothing of it may be shown. */
      readonly hidesAll: boolean
      /** What went on instead, when a rule rewrote or answered it. */
      readonly sent?: Message
      /** Octets of it came before the continuation request that they had to wait for (RFC 9051 section 4.3). */
      readonly isAhead?: boolean
      /** A policy kept it from the client. */
      readonly isDropped?: boolean
      /** The server answers a command of imaptap's own: the client hears nothing of it. */
      readonly isForUs?: boolean
    }
  /** A breakpoint stopped this message; it waits for a ruling until the deadline, and then goes on as it was. */
  | {
      readonly kind: 'held'
      readonly ticket: Ticket
      readonly side: Side
      readonly message: Message
      readonly exchange?: Exchange
      readonly hidesAll: boolean
      /** All of it waits, so that other octets can go in its place. */
      readonly isEditable: boolean
      /** On the clock of `at`. */
      readonly deadline: Millis
      /** A policy asks a person to agree; undefined for a breakpoint. */
      readonly approval?: HeldFor
    }
  | {
      readonly kind: 'released'
      readonly ticket: Ticket
      readonly how: ReleasedHow
      /** Who ruled on an approval, as far as that is known: `ann by imaptap attach`. */
      readonly by?: string
    }
  | { readonly kind: 'exchange-opened'; readonly exchange: Exchange }
  | { readonly kind: 'exchange-completed'; readonly exchange: Exchange; readonly view: SessionView }
  /** State, user, client, mailbox or capabilities of the session changed. */
  | { readonly kind: 'changed'; readonly view: SessionView }
  | {
      readonly kind: 'unreadable'
      readonly side: Side
      readonly fault: Fault
      readonly octets: number
      readonly shown: string
    }
  | { readonly kind: 'rewritten'; readonly side: Side; readonly rule: string; readonly note: string }
  /** A policy decided about a command, or about a response to it; credentials are not in it. */
  | {
      readonly kind: 'decided'
      readonly decided: Decided
      /** Undefined for what belongs to no command. */
      readonly exchange?: Exchange
      readonly view: SessionView
    }
  /** Something a person should know and may have to act on. */
  | { readonly kind: 'warning'; readonly reason: string; readonly advice: string }
  | { readonly kind: 'closed'; readonly reason: string; readonly totals: Totals; readonly view: SessionView }

/** What whoever rules has to know of the rule that asks. */
export interface HeldFor {
  readonly rule: string
  readonly otherwise: 'allow' | 'deny'
  /** What will come of it once it is allowed, where that is not what the command says. */
  readonly note?: string
}
