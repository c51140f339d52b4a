/** Chooses the events that a filter wants; of messages it waits for what is known only once their command is answered. */

import type { Filter } from '../../filter/filter.ts'
import { subjectOf, Subjects } from '../../filter/subject-of.ts'
import type { Subject } from '../../filter/subject.ts'
import type { ObservedEvent } from '../../findings/finding.ts'
import type { FindingSource } from './finding-source.ts'

/** Words whose answer comes with the completion: time, status, finding, code, octets, and who logs in. */
const late = ['t', 's', 'f', 'code', 'o', 'u', 'rule', 'e']
/** Words that tell the messages of one exchange apart. */
const ofMessages = ['side', 'k']

/** Octets of messages that wait for the end of their exchanges, all sessions together; beyond, the oldest are left out. */
const WAITING = 32 * 1024 * 1024

interface Waiting {
  readonly events: ObservedEvent[]
  octets: number
}

export class Choice {
  readonly #filter: Filter
  readonly #findings: FindingSource | undefined
  readonly #subjects = new Subjects()
  readonly #isLate: boolean
  readonly #isOfMessages: boolean
  readonly #waiting = new Map<string, Waiting>()
  #octets = 0

  /** Findings are needed where the filter asks for them. */
  constructor(filter: Filter, findings: FindingSource | undefined) {
    this.#filter = filter
    this.#findings = findings
    this.#isLate = late.some((word) => filter.uses.has(word))
    this.#isOfMessages = ofMessages.some((word) => filter.uses.has(word))
  }

  /** What is chosen now: this event, or with it those that waited for it. */
  take(event: ObservedEvent): readonly ObservedEvent[] {
    if (this.#filter.isEmpty) return [event]
    for (const found of this.#findings?.found(event) ?? []) {
      if (found !== event) this.#subjects.observe(found)
    }
    const subject = this.#subjects.observe(event)
    if (!subject) return []
    const key = this.#isLate ? keyOf(event) : undefined
    if (key === undefined) return this.#filter.matches(subject) ? [event] : []
    return this.#await(key, event, subject)
  }

  /** Those of commands that were never answered: what is known of them has to do. */
  finish(): readonly ObservedEvent[] {
    const rest = [...this.#waiting.keys()].map((key) => this.#release(key))
    return rest.flatMap((events) => {
      if (this.#isOfMessages) return this.#chooseOf(events)
      const last = events.at(-1)
      const subject = last && this.#subjects.observe(last)
      return subject && this.#filter.matches(subject) ? events : []
    })
  }

  /** The whole exchange is what a person looks for: its messages go with its completion. */
  #await(key: string, event: ObservedEvent, subject: Subject): readonly ObservedEvent[] {
    if (event.kind === 'exchange-completed') {
      const events = [...this.#release(key), event]
      return this.#isOfMessages ? this.#chooseOf(events) : this.#filter.matches(subject) ? events : []
    }
    const waiting = this.#waiting.get(key) ?? { events: [], octets: 0 }
    const octets = sizeOf(event)
    waiting.events.push(event)
    waiting.octets += octets
    this.#octets += octets
    this.#waiting.set(key, waiting)
    if (this.#octets > WAITING) this.#forgetOldest()
    return []
  }

  /** By now the exchange that each of them names tells how it ended. */
  #chooseOf(events: readonly ObservedEvent[]): readonly ObservedEvent[] {
    return events.filter((one) => {
      const subject = subjectOf(one, this.#subjects.factsOf(one.session))
      return subject && this.#filter.matches(subject)
    })
  }

  #release(key: string): readonly ObservedEvent[] {
    const waiting = this.#waiting.get(key)
    if (!waiting) return []
    this.#waiting.delete(key)
    this.#octets -= waiting.octets
    return waiting.events
  }

  #forgetOldest(): void {
    for (const key of this.#waiting.keys()) {
      this.#release(key)
      return
    }
  }
}

/** The exchange of an event that belongs to one. */
function keyOf(event: ObservedEvent): string | undefined {
  switch (event.kind) {
    case 'message':
    case 'decided':
    case 'exchange-opened':
    case 'exchange-completed':
      return event.exchange && `${event.session} ${event.exchange.id}`
    default:
      return undefined
  }
}

/** An event without octets takes memory as well. */
const sizeOf = (event: ObservedEvent): number =>
  500 + (event.kind === 'message' ? event.message.raw.octets : 0)
