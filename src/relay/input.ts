/** What the engine is told: octets, ends, secured legs, rulings, each with its time. */

import type { Side } from '../imap/raw-message.ts'
import type { ReleasedHow, Ticket } from './event.ts'
import type { Ruling } from './hold-rule.ts'

/** Milliseconds of a monotonic clock; the shell reads it, the engine never does. */
export type Millis = number

/** What is to become of a held message. */
export interface RuledInput {
  readonly kind: 'ruled'
  readonly ticket: Ticket
  readonly ruling: Ruling
  /** What observers are told of it; as the ruling says when undefined. */
  readonly how?: ReleasedHow
}

export type Input = { readonly at: Millis } & (
  | { readonly kind: 'received'; readonly from: Side; readonly octets: Uint8Array }
  /** The upstream connection stands, TLS included where it is implicit. */
  | { readonly kind: 'connected' }
  /** A TLS handshake that the engine asked for by `secure` is done. */
  | { readonly kind: 'secured'; readonly side: Side }
  /** This side sent its last octet; it may still read. */
  | { readonly kind: 'ended'; readonly side: Side }
  | RuledInput
  /** The time that the engine asked for by `wait` has passed. */
  | { readonly kind: 'waited'; readonly ticket: Ticket }
  /** What the engine asked to be recorded is durable, or cannot be: then its command must not go on. */
  | { readonly kind: 'recorded'; readonly ticket: Ticket; readonly isDurable: boolean }
  /** Another policy holds from now on. */
  | { readonly kind: 'reconsidered' }
  /** Something outside ended the session: `tell` goes to the client as BYE where the protocol allows one. */
  | { readonly kind: 'failed'; readonly reason: string; readonly tell?: string }
)

/** As its source tells it; the shell adds the time. */
export type TimelessInput = Input extends infer Each
  ? Each extends unknown
    ? Omit<Each, 'at'>
    : never
  : never
