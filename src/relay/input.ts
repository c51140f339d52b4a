/** What the engine is told: octets, ends, secured legs and rulings, each with its time. */

import type { Side } from '../imap/raw-message.ts'
import type { CommandVerdict, Ticket } from './verdict.ts'

/** Milliseconds of a monotonic clock; the shell reads it, the engine never does. */
export type Millis = number

export type Input = { readonly at: Millis } & (
  | { readonly kind: 'received'; readonly from: Side; readonly octets: Uint8Array }
  /** The transport to this side stands: TCP, or TLS where it is implicit. Octets may be sent. */
  | { readonly kind: 'connected'; readonly side: Side }
  /** A TLS handshake that the engine asked for by `secure` is done. */
  | { readonly kind: 'secured'; readonly side: Side }
  /** This side sent its last octet; it may still read. */
  | { readonly kind: 'ended'; readonly side: Side }
  /** The transport failed or the operator killed the session. `tell` goes to the client as BYE where that is possible. */
  | { readonly kind: 'failed'; readonly side: Side; readonly reason: string; readonly tell?: string }
  | { readonly kind: 'ruled'; readonly ticket: Ticket; readonly verdict: CommandVerdict }
)
