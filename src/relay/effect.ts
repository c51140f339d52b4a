/** What the engine asks of the shell, in order; the shell does it at once and never answers within the call. */

import type { Side } from '../imap/raw-message.ts'
import type { ProxyEvent } from './event.ts'

export type Effect =
  | { readonly kind: 'send'; readonly to: Side; readonly octets: Uint8Array }
  /** Start TLS on this leg, behind what was sent. No octet received before is kept. */
  | { readonly kind: 'secure'; readonly side: Side }
  /** Drop the upstream connection and dial a new one: what a client did before STARTTLS must not outlive it. */
  | { readonly kind: 'redial' }
  /** Half-close: nothing more will be sent to this side. */
  | { readonly kind: 'end'; readonly side: Side }
  /** Close both legs, behind what was sent. */
  | { readonly kind: 'close' }
  | { readonly kind: 'emit'; readonly event: ProxyEvent }
