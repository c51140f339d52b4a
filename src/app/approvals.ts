/** Commands that wait for a person to agree: until when, who ruled, and what happens when nobody does; knows no rule. */

import { longestWait } from '../config/quantity.ts'
import { describeMessage } from '../imap/redact.ts'
import type { ApprovalFacts } from '../control/protocol.ts'
import type { ObservedEvent } from '../findings/finding.ts'
import type { ReleasedHow, SessionId, Ticket } from '../relay/event.ts'
import type { Ruling } from '../relay/hold-rule.ts'
import type { RuledInput } from '../relay/input.ts'
import { findProblem, forward, keyOf, refuse, type HeldMessage, type Ruled } from './breakpoints.ts'
import type { EventListener, Wants } from './event-bus.ts'

export interface ApprovalsHost {
  readonly bus: { subscribe(listener: EventListener, wants?: Wants): () => void }
  /** Hands a ruling to the session's engine. */
  rule(session: SessionId, ruled: Omit<RuledInput, 'kind'>): void
  /** The clock of events. */
  now(): number
}

/** Commands that wait at a time in all sessions: nobody rules on more, and each may have its megabyte. */
const WAITING = 1_000
/** Octets of a command that are shown. */
const SHOWN = 2_000

/** A held command, and the rule that wants a person's word on it. */
export type HeldApproval = HeldMessage & { readonly approval: NonNullable<HeldMessage['approval']> }

interface Entry {
  readonly held: HeldApproval
  readonly timer: NodeJS.Timeout
  readonly user: string | undefined
}

/** Unlike a breakpoint's, what waits here is nobody's own: it stays when a viewer leaves, and any viewer can rule. */
export class Approvals {
  readonly #host: ApprovalsHost
  readonly #waiting = new Map<string, Entry>()
  /** Who ruled on a ticket whose release is still to be told. */
  readonly #ruledBy = new Map<string, string>()
  /** Who is logged in where, for those who rule. */
  readonly #users = new Map<SessionId, string>()

  constructor(host: ApprovalsHost) {
    this.#host = host
    host.bus.subscribe(this.#listen)
  }

  /** What waits, oldest first. */
  list(): readonly HeldApproval[] {
    return [...this.#waiting.values()].map(({ held }) => held)
  }

  /** The same for people. */
  table(): readonly ApprovalFacts[] {
    const now = this.#host.now()
    return [...this.#waiting.values()].map((entry) => describe(entry, now))
  }

  has(session: SessionId, ticket: Ticket): boolean {
    return this.#waiting.has(keyOf(session, ticket))
  }

  /** `by` is told with the release: the user of a viewer, as far as that is known. */
  rule(session: SessionId, ticket: Ticket, ruling: Ruling, by?: string): Ruled {
    const entry = this.#waiting.get(keyOf(session, ticket))
    if (!entry)
      return refuse('nothing waits for approval under that name: it was ruled on, or its session ended')
    const problem = findProblem(entry.held, ruling)
    if (problem !== undefined) return refuse(problem)
    this.#send(entry, ruling, { by })
    return { ok: true }
  }

  /** What every event goes through on its way to the bus: a release is told with the name of who ruled. */
  sign(event: ObservedEvent): ObservedEvent {
    if (event.kind !== 'released' || this.#ruledBy.size === 0) return event
    const key = keyOf(event.session, event.ticket)
    const by = this.#ruledBy.get(key)
    if (by === undefined) return event
    this.#ruledBy.delete(key)
    return { ...event, by }
  }

  readonly #listen = (event: ObservedEvent): void => {
    switch (event.kind) {
      case 'held':
        return event.approval && this.#open({ ...event, approval: event.approval })
      case 'released':
        return this.#forget(keyOf(event.session, event.ticket))
      case 'changed':
        return this.#noteUser(event.session, event.view.user)
      case 'closed':
        return this.#end(event.session)
      default:
    }
  }

  #open(held: HeldApproval): void {
    if (this.#waiting.size >= WAITING) return this.#refuseAtOnce(held)
    const millis = Math.min(Math.max(held.deadline - this.#host.now(), 0), longestWait)
    const timer = setTimeout(() => this.#expire(entry), millis)
    timer.unref()
    const entry: Entry = { held, timer, user: this.#users.get(held.session) }
    this.#waiting.set(keyOf(held.session, held.ticket), entry)
  }

  #refuseAtOnce({ session, ticket }: HeldApproval): void {
    const text = 'too many commands wait for approval just now'
    this.#ruledBy.set(keyOf(session, ticket), 'the limit of waiting commands')
    // Behind this event: others have yet to hear that it was held before they hear that it is not.
    queueMicrotask(() => this.#host.rule(session, { ticket, ruling: { kind: 'answer', status: 'NO', text } }))
  }

  #expire(entry: Entry): void {
    const { rule, otherwise } = entry.held.approval
    const text = `nobody approved it in time (rule ${rule})`
    const ruling: Ruling = otherwise === 'allow' ? forward : { kind: 'answer', status: 'NO', text }
    this.#send(entry, ruling, { by: 'the deadline', how: 'expired' })
  }

  #send({ held }: Entry, ruling: Ruling, { by, how }: { by?: string | undefined; how?: ReleasedHow }): void {
    const { session, ticket } = held
    const key = keyOf(session, ticket)
    this.#forget(key)
    if (by !== undefined) this.#ruledBy.set(key, by)
    this.#host.rule(session, { ticket, ruling, ...(how && { how }) })
  }

  #forget(key: string): void {
    clearTimeout(this.#waiting.get(key)?.timer)
    this.#waiting.delete(key)
  }

  #noteUser(session: SessionId, user: string | undefined): void {
    if (user === undefined) this.#users.delete(session)
    else this.#users.set(session, user)
  }

  /** The engine has told of each release; of a session that never came to that nothing may be left. */
  #end(session: SessionId): void {
    this.#users.delete(session)
    for (const [key, { held }] of this.#waiting) if (held.session === session) this.#forget(key)
    for (const key of this.#ruledBy.keys()) if (key.startsWith(`${session}/`)) this.#ruledBy.delete(key)
  }
}

function describe({ held, user }: Entry, now: number): ApprovalFacts {
  const { session, ticket, message, hidesAll, approval, deadline } = held
  return {
    session,
    ticket,
    user,
    rule: approval.rule,
    otherwise: approval.otherwise,
    leftMillis: Math.max(0, Math.round(deadline - now)),
    command: describeMessage(message, { hidesAll, limit: SHOWN }).join(' '),
    ...(approval.note !== undefined && { note: approval.note }),
  }
}
