/** What observers hear: plain data, each event with its session and its time; credentials in what was read are Secrets. */

import type { Fault } from '../imap/fault.ts'
import type { Side } from '../imap/raw-message.ts'
import type { Exchange } from '../session/exchanges.ts'
import type { SessionView } from '../session/session.ts'
import type { Message } from '../imap/message.ts'
import type { Millis } from './input.ts'

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
  /** Something a person should know and may have to act on. */
  | { readonly kind: 'warning'; readonly reason: string; readonly advice: string }
  | { readonly kind: 'closed'; readonly reason: string; readonly totals: Totals; readonly view: SessionView }
