/** Makes subjects of events, and remembers of each session what its later events do not say; knows no language. */

import type { FindingEvent, ObservedEvent } from '../findings/finding.ts'
import { describeMessage } from '../imap/redact.ts'
import type { Message } from '../imap/message.ts'
import type { ProxyEvent } from '../relay/event.ts'
import { timesOf } from '../session/exchange-times.ts'
import type { Exchange } from '../session/exchanges.ts'
import type { SessionView } from '../session/session.ts'
import { decidedText } from '../relay/decided-words.ts'
import type { Decided } from '../relay/guard.ts'
import type { DecidedMark, FoundMark, Subject, SubjectKind } from './subject.ts'

/** Sessions that are remembered; those that end are forgotten, and of the others the oldest. */
const SESSIONS = 50_000
/** Exchanges of a session whose findings are kept: those in flight, and some that were answered. */
const EXCHANGES = 200
/** Findings kept for one exchange: enough to tell which there are. */
const FINDINGS = 64
/** Decisions kept for one exchange: dry runs first, what held last. */
const DECISIONS = 64
/** Characters of a message that are searched. */
const SHOWN = 4_000

/** What is known of a session by what it has said so far. */
export class SessionFacts {
  readonly session: string
  address: string | undefined
  upstream: string | undefined
  user: string | undefined
  client: string | undefined
  mailbox: string | undefined
  state: string | undefined
  readonly findings = new Map<number, FoundMark[]>()
  readonly decided = new Map<number, DecidedMark[]>()
  /** What the latest exchanges were, for findings that name them by their number. */
  readonly commands = new Map<number, Pick<Exchange, 'name' | 'tag'>>()

  constructor(session: string) {
    this.session = session
  }

  see(view: SessionView): void {
    this.user = view.user
    this.client = view.client
    this.mailbox = view.mailbox?.name
    this.state = view.isIdle ? 'idle' : view.state
  }

  note({ finding }: FindingEvent): void {
    const { exchange, id, name, level } = finding
    if (exchange === undefined) return
    const marks = this.findings.get(exchange) ?? []
    if (marks.length < FINDINGS) marks.push({ id, name, level })
    keep(this.findings, exchange, marks)
  }

  noteDecided(decided: Decided, { id }: Exchange): void {
    const marks = this.decided.get(id) ?? []
    if (marks.length < DECISIONS) marks.push(markOf(decided))
    keep(this.decided, id, marks)
  }

  name({ id, name, tag }: Exchange): void {
    keep(this.commands, id, { name, tag })
  }
}

/** In place of the oldest where there are many. */
function keep<Value>(map: Map<number, Value>, id: number, value: Value): void {
  map.set(id, value)
  if (map.size <= EXCHANGES) return
  for (const oldest of map.keys()) {
    map.delete(oldest)
    return
  }
}

/** The events of many sessions, each with what its session has said before. */
export class Subjects {
  readonly #sessions = new Map<string, SessionFacts>()

  /**
   * Takes the event in and says what a filter sees of it; undefined for what stands in no list. Findings of an
   * exchange count for it when they are given before its completion.
   */
  observe(event: ObservedEvent): Subject | undefined {
    return subjectOf(event, this.learn(event))
  }

  /** The same for who does not ask about this event. */
  learn(event: ObservedEvent): SessionFacts {
    const facts = this.factsOf(event.session)
    takeIn(facts, event)
    if (event.kind === 'closed') this.#sessions.delete(event.session)
    return facts
  }

  /** What is known of it so far. */
  factsOf(session: string): SessionFacts {
    const known = this.#sessions.get(session)
    if (known) return known
    if (this.#sessions.size >= SESSIONS) this.#forgetOldest()
    const facts = new SessionFacts(session)
    this.#sessions.set(session, facts)
    return facts
  }

  #forgetOldest(): void {
    for (const oldest of this.#sessions.keys()) {
      this.#sessions.delete(oldest)
      return
    }
  }
}

function takeIn(facts: SessionFacts, event: ObservedEvent): void {
  if (event.kind === 'finding') return facts.note(event)
  if (event.kind === 'opened') {
    facts.address = event.address.host
    facts.upstream = event.upstream
  }
  if ('view' in event) facts.see(event.view)
  if (event.kind === 'decided' && event.exchange) facts.noteDecided(event.decided, event.exchange)
  if (event.kind === 'exchange-opened' || event.kind === 'exchange-completed') facts.name(event.exchange)
}

/** Undefined for events that nobody lists: `changed`, `released`, and commands that have only begun. */
export function subjectOf(event: ObservedEvent, facts: SessionFacts): Subject | undefined {
  switch (event.kind) {
    case 'exchange-opened':
    case 'exchange-completed':
      return exchangeSubject(event.exchange, facts)
    case 'message':
    case 'held':
      return messageSubject(event, facts)
    case 'finding':
      return findingSubject(event, facts)
    case 'decided':
      return decidedSubject(event, facts)
    case 'changed':
    case 'released':
      return undefined
    default:
      return noteSubject(event, facts)
  }
}

/** A command with all that is known of its answer. */
export function exchangeSubject(exchange: Exchange, facts: SessionFacts): Subject {
  return {
    ...base('exchange', facts),
    ...exchangeFields(exchange, facts),
    // It is the client who gives commands.
    side: 'client',
    octets: exchange.octetsIn + exchange.octetsOut,
    text: () => exchangeText(exchange),
  }
}

type MessageEvent = Extract<ProxyEvent, { kind: 'message' | 'held' }>

function messageSubject(event: MessageEvent, facts: SessionFacts): Subject {
  const { message, exchange, side, hidesAll } = event
  const kind = side === 'client' ? 'exchange' : exchange ? 'response' : 'push'
  const text = (): string => describeMessage(message, { hidesAll, limit: SHOWN }).join(' ')
  return {
    ...base(kind, facts),
    ...(exchange ? exchangeFields(exchange, facts) : { command: hidesAll ? undefined : wordOf(message) }),
    octets: message.raw.octets,
    side,
    text,
  }
}

function findingSubject({ finding }: FindingEvent, facts: SessionFacts): Subject {
  const { id, name, level, side, text, evidence, exchange } = finding
  const command = exchange === undefined ? undefined : facts.commands.get(exchange)
  return {
    ...base('finding', facts),
    ...(command && { command: command.name, tag: command.tag }),
    findings: [{ id, name, level }],
    ...(side === 'proxy' ? {} : { side }),
    text: () => `${id} ${name} ${text} ${evidence.join(' ')}`,
  }
}

type DecidedEvent = Extract<ProxyEvent, { kind: 'decided' }>

function decidedSubject(event: DecidedEvent, facts: SessionFacts): Subject {
  const { decided, exchange } = event
  return {
    ...base('decided', facts),
    ...(exchange && { command: exchange.name, tag: exchange.tag }),
    decided: [markOf(decided)],
    text: () => `${noteText(event)} ${exchange?.args ?? ''}`.trimEnd(),
  }
}

/** What a filter sees of a decision. */
export function markOf({ rule, effect, isDryRun, mailboxes }: Decided): DecidedMark {
  return { rule, effects: isDryRun ? [effect, 'dry-run'] : [effect], mailboxes }
}

type NoteEvent = Exclude<
  ObservedEvent,
  {
    kind: 'exchange-opened' | 'exchange-completed' | 'message' | 'held' | 'finding' | 'changed' | 'released'
  }
>

function noteSubject(event: NoteEvent, facts: SessionFacts): Subject {
  return {
    ...base('note', facts),
    ...(event.kind === 'closed' ? { state: 'closed' } : {}),
    ...('side' in event ? { side: event.side } : {}),
    text: () => noteText(event),
  }
}

/** The line that stands for an event which is no message and no exchange; printable. */
export function noteText(event: NoteEvent): string {
  switch (event.kind) {
    case 'opened':
      return `opened by ${event.address.host}:${event.address.port} on ${event.listener} for ${event.upstream}`
    case 'secured':
      return `TLS with the ${event.side}: ${event.tls.version} ${event.tls.cipher}, ${event.tls.name}`
    case 'tls-failed':
      return `TLS with the ${event.side} failed: ${event.reason}`
    case 'unreadable':
      return `unreadable from the ${event.side}: ${event.fault.text}: ${event.shown}`
    case 'rewritten':
      return `rewritten by rule ${event.rule}: ${event.note}`
    case 'decided':
      return `policy: ${about(event.exchange)}${decidedText(event.decided)}`
    case 'warning':
      return event.reason
    case 'closed':
      return `closed: ${event.reason}`
  }
}

const about = (exchange: Exchange | undefined): string =>
  exchange ? `${exchange.tag} ${exchange.name}: ` : ''

function base(kind: SubjectKind, facts: SessionFacts): Omit<Subject, 'text'> {
  const { session, user, client, address, upstream, mailbox, state } = facts
  return { kind, session, user, client, address, upstream, mailbox, state }
}

function exchangeFields(exchange: Exchange, facts: SessionFacts): Partial<Subject> {
  const { name, tag, status, code, user = facts.user } = exchange
  // An IDLE lasts as long as the client likes: that says nothing of how fast anybody is.
  const millis = name === 'IDLE' ? undefined : timesOf(exchange)?.took
  const [findings, decided] = [facts.findings.get(exchange.id), facts.decided.get(exchange.id)]
  return { command: name, tag, user, status, code, millis, findings, decided }
}

/** One line with all words of an exchange, command and completion. */
export function exchangeText(exchange: Exchange): string {
  const { tag, name, args, status, code, codeArgs, text, user } = exchange
  return [tag, name, args, status, code, codeArgs, text, user]
    .filter((part) => part !== undefined && part !== '')
    .join(' ')
}

/** `EXISTS`, `FETCH`, `OK` of a response that answers nothing. */
function wordOf(message: Message): string | undefined {
  if (message.kind !== 'response') return undefined
  const response = message.response()
  return response.ok && response.value.kind === 'untagged' ? response.value.data.name : undefined
}
