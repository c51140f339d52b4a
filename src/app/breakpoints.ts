/** Breakpoints of a running proxy: whose rule holds a message, until when, and how it goes on; knows no filter language. */

import type { ObservedEvent } from '../findings/finding.ts'
import { checkEdited } from '../relay/edited.ts'
import type { EventBody, ReleasedHow, SessionId, Ticket } from '../relay/event.ts'
import type { HeadFacts, HoldFacts, HoldRule, Ruling } from '../relay/hold-rule.ts'
import type { RuledInput } from '../relay/input.ts'
import type { EventListener, Wants } from './event-bus.ts'

/** What one owner wants held. */
export interface Breakpoint {
  /** Milliseconds after which a held message goes on as it was. */
  readonly timeoutMillis: number
  /** Asked when a message begins; a command of which it is true is taken in whole. */
  mayHold(head: HeadFacts): boolean
  /** Asked when all of it is there. */
  holds(facts: HoldFacts): boolean
}

/** A viewer, a dashboard: told apart by identity. */
export type BreakpointOwner = object | string

export type HeldMessage = Omit<Extract<EventBody, { kind: 'held' }>, 'kind'> & { readonly session: SessionId }

/** `text` is one sentence for whoever ruled. */
export type Ruled = { readonly ok: true } | { readonly ok: false; readonly text: string }

export interface BreakpointsHost {
  readonly bus: {
    readonly interests: { hold?: HoldRule | undefined }
    subscribe(listener: EventListener, wants?: Wants): () => void
  }
  /** Hands a ruling to the session's engine. */
  rule(session: SessionId, ruled: Omit<RuledInput, 'kind'>): void
  /** An owner's rule threw; the owner has none any more. */
  onFault(error: unknown): void
}

/** Messages held at a time in all sessions: nobody rules on a thousand in time, and each may have its megabyte. */
const HELD = 1_000
/** Milliseconds that a message is held at most: clients and servers give up before that. */
const LONGEST = 60 * 60 * 1_000

interface TicketEntry {
  readonly session: SessionId
  readonly ticket: Ticket
  readonly owner: BreakpointOwner
  readonly timer: NodeJS.Timeout
  /** Undefined until the engine's event has come. */
  held: HeldMessage | undefined
}

export class Breakpoints {
  readonly #host: BreakpointsHost
  readonly #rules = new Map<BreakpointOwner, Breakpoint>()
  readonly #tickets = new Map<string, TicketEntry>()
  readonly #holdRule: HoldRule = {
    mayHold: (head) => this.#mayHold(head),
    hold: (facts) => this.#hold(facts),
  }

  constructor(host: BreakpointsHost) {
    this.#host = host
    host.bus.subscribe(this.#listen)
  }

  /** Replaces the owner's rule; what its last one holds stays held. Without a rule all of it goes on. */
  set(owner: BreakpointOwner, breakpoint: Breakpoint | undefined): void {
    if (!breakpoint) return this.drop(owner)
    this.#rules.set(owner, breakpoint)
    this.#tellInterests()
  }

  /** The owner is gone: what it held goes on as it was. */
  drop(owner: BreakpointOwner): void {
    this.#rules.delete(owner)
    this.#tellInterests()
    for (const entry of this.#tickets.values()) {
      if (entry.owner === owner) this.#send(entry, forward)
    }
  }

  /** Anybody may rule on anything that is held. */
  rule(session: SessionId, ticket: Ticket, ruling: Ruling): Ruled {
    const entry = this.#tickets.get(keyOf(session, ticket))
    if (!entry?.held) return refuse('nothing is held under that ticket: it went on, or its session ended')
    const problem = findProblem(entry.held, ruling)
    if (problem !== undefined) return refuse(problem)
    this.#send(entry, ruling)
    return { ok: true }
  }

  /** What is held, oldest first. */
  list(): readonly HeldMessage[] {
    return [...this.#tickets.values()].flatMap(({ held }) => held ?? [])
  }

  readonly #listen = (event: ObservedEvent): void => {
    if (event.kind !== 'held' && event.kind !== 'released') return
    const key = keyOf(event.session, event.ticket)
    const entry = this.#tickets.get(key)
    if (!entry) return
    if (event.kind === 'held') entry.held = event
    else this.#forget(entry)
  }

  #mayHold(head: HeadFacts): boolean {
    for (const [owner, breakpoint] of this.#rules) {
      if (this.#ask(owner, () => breakpoint.mayHold(head))) return true
    }
    return false
  }

  #hold(facts: HoldFacts): number | undefined {
    if (this.#tickets.size >= HELD) return undefined
    for (const [owner, breakpoint] of this.#rules) {
      if (this.#ask(owner, () => breakpoint.mayHold(facts) && breakpoint.holds(facts)))
        return this.#open(facts, owner, breakpoint.timeoutMillis)
    }
    return undefined
  }

  #open({ session, ticket }: HoldFacts, owner: BreakpointOwner, timeoutMillis: number): number {
    const millis = Math.min(Math.max(timeoutMillis, 0), LONGEST)
    const timer = setTimeout(() => this.#send(entry, forward, 'expired'), millis)
    timer.unref()
    const entry: TicketEntry = { session, ticket, owner, timer, held: undefined }
    this.#tickets.set(keyOf(session, ticket), entry)
    return millis
  }

  /** A rule that throws must not hurt traffic. */
  #ask(owner: BreakpointOwner, question: () => boolean): boolean {
    try {
      return question()
    } catch (error) {
      this.#rules.delete(owner)
      this.#tellInterests()
      this.#host.onFault(error)
      return false
    }
  }

  /** The engine tells of the release, but who rules while an event is told hears of it only behind that. */
  #send(entry: TicketEntry, ruling: Ruling, how?: ReleasedHow): void {
    const { session, ticket } = entry
    this.#forget(entry)
    this.#host.rule(session, { ticket, ruling, ...(how && { how }) })
  }

  #forget({ session, ticket, timer }: TicketEntry): void {
    clearTimeout(timer)
    this.#tickets.delete(keyOf(session, ticket))
  }

  /** Sessions ask nothing where nobody holds anything. */
  #tellInterests(): void {
    this.#host.bus.interests.hold = this.#rules.size > 0 ? this.#holdRule : undefined
  }
}

export const forward: Ruling = { kind: 'forward' }
export const refuse = (text: string): Ruled => ({ ok: false, text })
export const keyOf = (session: SessionId, ticket: Ticket): string => `${session}/${ticket}`

/** Why a held message cannot be ruled on like this. */
export function findProblem(held: HeldMessage, ruling: Ruling): string | undefined {
  if (ruling.kind === 'answer')
    return held.side === 'server' ? 'only a command can be answered, not a response' : undefined
  if (ruling.kind === 'forward') return undefined
  if (!held.isEditable)
    return 'this message cannot be edited: it has credentials, or not all of it waits here'
  const checked = checkEdited(held.message, ruling.octets, held.message.reading)
  return checked.ok ? undefined : checked.text
}
