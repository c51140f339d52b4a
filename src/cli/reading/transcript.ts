/** Events to the lines of a transcript: which line stands where, with the findings of each command below it; knows no file. */

import type { Filter } from '../../filter/filter.ts'
import { Subjects } from '../../filter/subject-of.ts'
import type { Subject } from '../../filter/subject.ts'
import type { Finding, FindingEvent, ObservedEvent } from '../../findings/finding.ts'
import type { Exchange } from '../../session/exchanges.ts'
import { isTold } from '../../relay/decided-words.ts'
import { heldText, releasedText } from '../../tui/noted.ts'
import type { FindingSource } from './finding-source.ts'
import type { TranscriptLines } from './transcript-line.ts'

/** Findings shown below one command; the rest is counted. */
const FINDINGS = 10
/** Commands in flight that wait for their line; of more only those are shown that are answered. */
const WAITING = 10_000

/** Held messages whose release gets a line: more than a proxy holds. */
const HELD = 10_000

interface Waiting {
  readonly opened: OpenedEvent
  readonly findings: Finding[]
  more: number
}

interface Shown {
  readonly exchange: Exchange
  readonly waiting: Waiting | undefined
}

export interface TranscriptParts {
  readonly filter: Filter
  /** Undefined where nobody wants findings. */
  readonly findings: FindingSource | undefined
  readonly lines: TranscriptLines
}

type Held = Extract<ObservedEvent, { kind: 'held' }>
type OpenedEvent = Extract<ObservedEvent, { kind: 'exchange-opened' }>
type CompletedEvent = Extract<ObservedEvent, { kind: 'exchange-completed' }>

export class Transcript {
  readonly #filter: Filter
  readonly #asksDecisions: boolean
  readonly #findings: FindingSource | undefined
  readonly #lines: TranscriptLines
  readonly #subjects = new Subjects()
  /** By session and exchange: open commands with what was found of them so far. */
  readonly #waiting = new Map<string, Waiting>()
  /** By session and ticket: what is held and was shown, with what it waits for. */
  readonly #held = new Map<string, Held['approval']>()

  constructor({ filter, findings, lines }: TranscriptParts) {
    this.#filter = filter
    this.#asksDecisions = ['rule', 'e', 'k'].some((word) => filter.uses.has(word))
    this.#findings = findings
    this.#lines = lines
  }

  /** The lines that this event adds. */
  add(event: ObservedEvent): readonly string[] {
    const lines: string[] = []
    for (const found of this.#findings?.found(event) ?? []) this.#addFinding(found, lines)
    if (event.kind === 'finding') return lines
    if (event.kind === 'exchange-opened') this.#begin(event)
    if (event.kind === 'released') this.#release(event, lines)
    if (!mayShow(event)) return lines
    const subject = this.#subjects.observe(event)
    if (subject) this.#show(event, subject, lines)
    return lines
  }

  /** The lines of commands that were never answered: the capture ends before. */
  finish(): readonly string[] {
    const lines: string[] = []
    for (const waiting of this.#waiting.values()) {
      const subject = this.#subjects.observe(waiting.opened)
      const { session, exchange } = waiting.opened
      if (subject && this.#filter.matches(subject)) this.#push(session, { exchange, waiting }, lines)
    }
    this.#waiting.clear()
    return lines
  }

  #release(event: Extract<ObservedEvent, { kind: 'released' }>, lines: string[]): void {
    const key = `${event.session} ${event.ticket}`
    if (!this.#held.has(key)) return
    lines.push(this.#lines.beside(event, releasedText(event, this.#held.get(key))))
    this.#held.delete(key)
  }

  #begin(opened: OpenedEvent): void {
    const key = keyOf(opened.session, opened.exchange)
    this.#subjects.learn(opened)
    if (this.#waiting.size < WAITING) this.#waiting.set(key, { opened, findings: [], more: 0 })
  }

  /** A finding of a command that is not answered yet waits for its line. */
  #addFinding(found: FindingEvent, lines: string[]): void {
    const { session, at, finding } = found
    const subject = this.#subjects.observe(found)
    const waiting = this.#waiting.get(`${session} ${finding.exchange ?? ''}`)
    if (waiting && waiting.findings.length < FINDINGS) waiting.findings.push(finding)
    else if (waiting) waiting.more++
    else if (subject && this.#filter.matches(subject)) lines.push(this.#lines.finding(session, at, finding))
  }

  #show(event: ObservedEvent, subject: Subject, lines: string[]): void {
    switch (event.kind) {
      case 'exchange-completed':
        return this.#showExchange(event, subject, lines)
      case 'held':
        if (!this.#filter.matches(subject)) return
        if (this.#held.size < HELD) this.#held.set(`${event.session} ${event.ticket}`, event.approval)
        lines.push(this.#lines.beside(event, heldText(event)))
        return
      case 'message':
        if (this.#filter.matches(subject)) lines.push(this.#lines.push(event.session, event))
        return
      case 'decided':
        // Who asks for decisions gets all of them.
        if (!isTold(event.decided) && !this.#asksDecisions) return
        if (this.#filter.matches(subject)) lines.push(this.#lines.note(event))
        return
      case 'opened':
      case 'secured':
      case 'tls-failed':
      case 'unreadable':
      case 'rewritten':
      case 'warning':
      case 'closed':
        if (this.#filter.matches(subject)) lines.push(this.#lines.note(event))
        return
      default:
        return
    }
  }

  #showExchange({ session, exchange }: CompletedEvent, subject: Subject, lines: string[]): void {
    const key = keyOf(session, exchange)
    const waiting = this.#waiting.get(key)
    this.#waiting.delete(key)
    if (this.#filter.matches(subject)) this.#push(session, { exchange, waiting }, lines)
  }

  #push(session: string, { exchange, waiting }: Shown, lines: string[]): void {
    lines.push(this.#lines.exchange(session, exchange))
    if (!waiting) return
    for (const finding of waiting.findings) lines.push(this.#lines.findingBelow(finding))
    if (waiting.more > 0) lines.push(this.#lines.moreBelow(waiting.more))
  }
}

/** Nearly all events are messages whose exchange has a line of its own: they are passed over as early as can be. */
function mayShow(event: ObservedEvent): boolean {
  if (event.kind !== 'message') return event.kind !== 'exchange-opened'
  return (
    event.side === 'server' && event.exchange === undefined && event.isOurs !== true && event.isForUs !== true
  )
}

const keyOf = (session: string, { id }: Exchange): string => `${session} ${id}`
