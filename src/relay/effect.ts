/** What the engine asks of the shell, in order; the shell does it at once and never answers within the call. */

import type { Side } from '../imap/raw-message.ts'
import type { ProxyEvent, Ticket } from './event.ts'
import type { Millis } from './input.ts'

/** How octets stand on a leg, within TLS: as they are, or as one raw DEFLATE stream (RFC 4978). */
export type Coding = 'plain' | 'deflate'

export type Effect =
  | { readonly kind: 'send'; readonly to: Side; readonly octets: Uint8Array }
  /** What is sent to this side behind this stands in another coding. */
  | { readonly kind: 'write-as'; readonly to: Side; readonly coding: Coding }
  /**
   * What this side sends stands in another coding from the next octet on that the engine has not heard of; `undecided`
   * is kept until another such effect says which it is. `rest` had been received in its old coding: it is the new
   * one's beginning, and comes again as `received`, and an `ended` behind it. Its memory holds during the call only.
   */
  | {
      readonly kind: 'read-as'
      readonly from: Side
      readonly coding: Coding | 'undecided'
      readonly rest: Uint8Array
    }
  /** More came from this side than can be taken now: no harm is done if some more comes all the same. */
  | { readonly kind: 'pause' | 'resume'; readonly side: Side }
  /** Start TLS on this leg, behind what was sent. No octet received before is kept. */
  | { readonly kind: 'secure'; readonly side: Side }
  /** Drop the upstream connection and dial a new one: what a client did before STARTTLS must not outlive it. */
  | { readonly kind: 'redial' }
  /** Half-close: nothing more will be sent to this side. */
  | { readonly kind: 'end'; readonly side: Side }
  /** Close both legs, behind what was sent. */
  | { readonly kind: 'close' }
  /** Time has to pass, in milliseconds; `waited` of this ticket is to follow. Void once the session is closed. */
  | { readonly kind: 'wait'; readonly ticket: Ticket; readonly millis: Millis }
  /** This record has to be durable before its command goes on; `recorded` of this ticket is to follow. */
  | { readonly kind: 'record'; readonly ticket: Ticket; readonly event: ProxyEvent }
  | { readonly kind: 'emit'; readonly event: ProxyEvent }
