/** What a decider says of one message. */

import type { Command } from '../imap/commands/index.ts'
import type { Response } from '../imap/responses/index.ts'

/** Names a message that waits for a ruling. */
export type Ticket = number

export type CommandVerdict =
  | { readonly kind: 'forward' }
  /** The ruling comes later, as the input `ruled`; the lane stands still until then. */
  | { readonly kind: 'hold' }
  | { readonly kind: 'replace'; readonly command: Command; readonly rule: string }
  /** Answered here; upstream never sees the command. There is no silent drop: the client would wait for ever. */
  | { readonly kind: 'answer'; readonly status: 'OK' | 'NO' | 'BAD'; readonly text: string; readonly rule: string }
  | { readonly kind: 'close'; readonly reason: string; readonly rule: string }

export type ResponseVerdict =
  | { readonly kind: 'forward' }
  | { readonly kind: 'replace'; readonly response: Response; readonly rule: string; readonly note: string }
  /** Untagged responses only. */
  | { readonly kind: 'suppress'; readonly rule: string }
