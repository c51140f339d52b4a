/** How an observer asks for messages to be held, and what can be said of one that is; type only. */

import type { Message } from '../imap/message.ts'
import type { Side } from '../imap/raw-message.ts'
import type { Exchange } from '../session/exchanges.ts'
import type { SessionView } from '../session/session.ts'
import type { SessionId, Ticket } from './event.ts'
import type { Millis } from './input.ts'

/** What is known when a message has begun. */
export interface HeadFacts {
  readonly session: SessionId
  readonly side: Side
  /** Upper case: the command's word, `UID FETCH` for UID forms; of a response `FETCH`, `EXISTS`, `OK`, ... */
  readonly name: string
  /** The exchange that it opens, completes or is attributed to. */
  readonly exchange: Exchange | undefined
  readonly view: SessionView
}

/** The same once all of it is there. */
export interface HoldFacts extends HeadFacts {
  /** Of a command with a literal too large to wait here: its first line alone. Its octets hold during the call only. */
  readonly message: Message
  /** Nothing of it may be shown. */
  readonly hidesAll: boolean
  /** What the message is called if it is held. */
  readonly ticket: Ticket
}

/** Asked for every message while it is set; neither question may throw. */
export interface HoldRule {
  /** Could a message that begins like this be held? A command of which that is true is taken in whole first. */
  mayHold(head: HeadFacts): boolean
  /** How long it is held at most; undefined lets it go on. */
  hold(facts: HoldFacts): Millis | undefined
}

export type Ruling =
  | { readonly kind: 'forward' }
  /** Other octets go in its place: one message that `checkEdited` agrees to. */
  | { readonly kind: 'replace'; readonly octets: Uint8Array }
  /** A command is answered here and never goes on. */
  | { readonly kind: 'answer'; readonly status: 'NO' | 'BAD'; readonly text: string }
