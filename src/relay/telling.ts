/** Tells observers what happened in a session, without saying the same thing over and over; decides nothing about what may be shown. */

import type { Fault } from '../imap/fault.ts'
import type { Message } from '../imap/message.ts'
import type { Side } from '../imap/raw-message.ts'
import type { OpenExchange } from '../session/exchanges.ts'
import type { Discretion } from './discretion.ts'
import type { EventBody } from './event.ts'
import type { Interests } from './relay-options.ts'
import { showMessage } from './shown.ts'

/** Different rewrites that one session is told of. */
const TOLD = 100

type MessageEvent = Extract<EventBody, { readonly kind: 'message' }>

export interface TellingOptions {
  readonly interests: Interests
  readonly discretion: Discretion
  emit(event: EventBody): void
}

/** What belongs to a message beside itself. */
export interface Told {
  readonly exchange?: OpenExchange | undefined
  /** What went on in its place. */
  readonly sent?: Message | undefined
  /** Octets of it came before the continuation request that they had to wait for. */
  readonly isAhead?: boolean
  /** Nothing of it went on. */
  readonly isDropped?: boolean
  /** It answers a command of our own. */
  readonly isForUs?: boolean
}

export class Telling {
  readonly #options: TellingOptions
  /** Rewrites already told: capabilities are announced in three places, and one line says it all. */
  readonly #told = new Set<string>()

  constructor(options: TellingOptions) {
    this.#options = options
  }

  message(side: Side, message: Message, { exchange, sent, isAhead, isDropped, isForUs }: Told): void {
    if (!this.#options.interests.messages) return
    const hidesAll = this.#options.discretion.hidesMessage(message, exchange)
    // One for each message: spreading costs as much as all the rest of it.
    const event: { -readonly [Key in keyof MessageEvent]: MessageEvent[Key] } = {
      kind: 'message',
      side,
      message,
      hidesAll,
    }
    if (exchange) event.exchange = exchange
    if (sent) event.sent = sent
    if (isAhead) event.isAhead = isAhead
    if (isDropped) event.isDropped = isDropped
    if (isForUs) event.isForUs = isForUs
    this.#options.emit(event)
  }

  unreadable(message: Message, fault: Fault, hidesAll: boolean): void {
    const shown = showMessage(message, hidesAll)
    this.#options.emit({ kind: 'unreadable', side: fault.side, fault, octets: message.raw.octets, shown })
  }

  rewrite(side: Side, rule: string, note: string): void {
    if (!this.#isNews(note)) return
    this.#options.emit({ kind: 'rewritten', side, rule, note })
  }

  /** Both lanes are lost together, most of the time; once is enough. */
  opaque(side: Side, reason: string): void {
    // Not one of the hundred: a peer that used those up must not silence this.
    if (this.#told.has(reason)) return
    this.#told.add(reason)
    const advice = 'the stream goes on unread from here: nothing more of this session is logged'
    this.#options.emit({
      kind: 'warning',
      reason: `the ${side}'s stream can no longer be read: ${reason}`,
      advice,
    })
  }

  /** A peer that invents a new name each time is told of a hundred times, and then no more. */
  #isNews(note: string): boolean {
    if (this.#told.has(note) || this.#told.size >= TOLD) return false
    this.#told.add(note)
    return true
  }
}
