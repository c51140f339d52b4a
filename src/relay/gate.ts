/** Stops one lane at a message that a rule wants held, and says so to observers; keeps no octets and rules on nothing. */

import { findCredentials } from '../imap/blank.ts'
import { limits } from '../imap/limits.ts'
import { Message } from '../imap/message.ts'
import { copyOf } from '../imap/octets.ts'
import type { RawMessage, Side } from '../imap/raw-message.ts'
import { takesCredentials } from '../imap/redact.ts'
import type { OpenExchange } from '../session/exchanges.ts'
import type { Conversation } from './conversation.ts'
import type { Effect } from './effect.ts'
import type { HeldFor, ReleasedHow, SessionId, Ticket } from './event.ts'
import type { Approval } from './guard.ts'
import type { HeadFacts } from './hold-rule.ts'
import type { Millis } from './input.ts'

/** What only the relay can do about a held message. */
export interface GatePort {
  readonly session: SessionId
  makeTicket(): Ticket
  effect(effect: Effect): void
}

/** A message that may have to wait. */
export interface Candidate {
  readonly message: Message
  readonly name: string
  readonly exchange: OpenExchange | undefined
  /** All of it is there; false for the first line of a command whose literal is too large to wait. */
  readonly isWhole: boolean
}

interface Stop {
  readonly ticket: Ticket
  readonly hidesAll: boolean
  readonly millis: Millis
  readonly approval?: HeldFor
}

export class Gate {
  /** The held message's; undefined while none is held. */
  ticket: Ticket | undefined
  isEditable = false
  #heldAt: Millis = 0
  #exchange: OpenExchange | undefined
  readonly #side: Side
  readonly #talk: Conversation
  readonly #port: GatePort
  #isPaused = false
  #isShut = false

  constructor(side: Side, talk: Conversation, port: GatePort) {
    this.#side = side
    this.#talk = talk
    this.#port = port
  }

  /** Nothing is held any more: one of the sides has left. */
  shut(): void {
    this.#isShut = true
  }

  mayHold(name: string, exchange: OpenExchange | undefined): boolean {
    const rule = this.#talk.holdRule
    if (!rule || this.#isShut) return false
    return rule.mayHold({ ...this.#about(), name, exchange })
  }

  /** The message in memory of its own when it is to wait here, and undefined when it goes on. */
  hold(candidate: Candidate): Message | undefined {
    const { message, name, exchange } = candidate
    const rule = this.#isShut ? undefined : this.#talk.holdRule
    if (!rule) return undefined
    const ticket = this.#port.makeTicket()
    const hidesAll = this.#talk.discretion.hidesMessage(message, exchange)
    const millis = rule.hold({ ...this.#about(), name, exchange, message, hidesAll, ticket })
    if (millis === undefined) return undefined
    return this.#stop(candidate, { ticket, hidesAll, millis })
  }

  /** A policy asks a person to agree to a command; false when nobody can any more. */
  request(candidate: Candidate, { rule, otherwise, note, deadline: millis }: Approval): boolean {
    if (this.#isShut) return false
    const ticket = this.#port.makeTicket()
    const hidesAll = this.#talk.discretion.hidesMessage(candidate.message, candidate.exchange)
    this.#stop(candidate, {
      ticket,
      hidesAll,
      millis,
      approval: { rule, otherwise, ...(note !== undefined && { note }) },
    })
    return true
  }

  release(how: ReleasedHow): void {
    const { ticket } = this
    if (ticket === undefined) return
    this.ticket = undefined
    this.#countHeld()
    this.#talk.emit({ kind: 'released', ticket, how })
  }

  /** While the lane stands still its side is asked to wait as soon as more has come than is kept. */
  bound(isStopped: boolean, unframed: number): void {
    if (isStopped === this.#isPaused || (isStopped && unframed <= limits.undecidedOctets)) return
    this.#isPaused = isStopped
    this.#port.effect({ kind: isStopped ? 'pause' : 'resume', side: this.#side })
  }

  #stop({ message, exchange, isWhole }: Candidate, { ticket, hidesAll, millis, approval }: Stop): Message {
    const { raw, kind } = message
    const kept = new Message(copyRaw(raw), kind, this.#talk.session.reading)
    if (exchange) this.#talk.announce(exchange)
    this.ticket = ticket
    this.#heldAt = this.#talk.at
    this.#exchange = exchange
    this.isEditable = isWhole && !isSettled(kept, exchange) && findCredentials(kept, hidesAll).length === 0
    this.#talk.emit({
      kind: 'held',
      ticket,
      side: this.#side,
      message: kept,
      hidesAll,
      isEditable: this.isEditable,
      deadline: this.#talk.at + millis,
      ...(exchange && { exchange }),
      ...(approval && { approval }),
    })
    return kept
  }

  /** Behind a held command nothing is in flight yet; behind a held response wait the answers of all that is. */
  #countHeld(): void {
    const { at, exchanges, keptBack } = this.#talk
    if (this.#side === 'client') this.#exchange?.noteHeld(this.#heldAt, at)
    else exchanges.noteHeld(this.#heldAt, at, keptBack)
    this.#exchange = undefined
  }

  #about(): Pick<HeadFacts, 'session' | 'side' | 'view'> {
    return { session: this.#port.session, side: this.#side, view: this.#talk.session }
  }
}

/**
 * Who edits a line has to be shown it, and credentials are shown to nobody. Both legs begin to be compressed by what
 * the server says, which the client must not hear otherwise.
 */
function isSettled({ kind }: Message, exchange: OpenExchange | undefined): boolean {
  if (kind === 'response') return exchange?.name === 'COMPRESS'
  return exchange === undefined || exchange.isHidden || takesCredentials(exchange.name)
}

/** Chunks are views of memory that is used again. */
function copyRaw(raw: RawMessage): RawMessage {
  const parts = raw.parts.map((part) =>
    part.kind === 'line' ? { ...part, octets: copyOf(part.octets) } : part,
  )
  return { ...raw, parts }
}
