/** Events as records, one line of JSON each; remembers what it has told of each session, and knows no file. */

import type { ObservedEvent } from '../findings/finding.ts'
import type { Message } from '../imap/message.ts'
import type { ProxyEvent, SessionId } from '../relay/event.ts'
import type { Exchange } from '../session/exchanges.ts'
import type { SessionView } from '../session/session.ts'
import { diffExchange, noteTold, readExchange, summarize, type ToldExchange } from './exchange-record.ts'
import { roundMillis, writeJson } from './json-text.ts'
import { writeMessage, type Keeping } from './message-record.ts'
import { copyView, diffView, unknownView } from './view-record.ts'

type EventOf<Kind extends ProxyEvent['kind']> = Extract<ProxyEvent, { kind: Kind }>

/** What the records have told of one session so far. */
interface Told {
  opened: EventOf<'opened'> | undefined
  secured: EventOf<'secured'>[]
  view: SessionView
  readonly exchanges: Map<number, ToldExchange>
}

/** One for each file or listener: what it has not been told, it cannot know. */
export class RecordEncoder {
  readonly #keeping: Keeping
  readonly #sessions = new Map<SessionId, Told>()

  constructor(keeping: Keeping = { secrets: false, bodies: false }) {
    this.#keeping = keeping
  }

  /** The event's record, without a line end. It has to be asked while the event is told: views and exchanges live on. */
  encode(event: ObservedEvent): string | undefined {
    const body = this.#encodeBody(event)
    if (event.kind === 'closed') this.#sessions.delete(event.session)
    return `${beginRecord(event)}${body === '' ? '' : `,${body}`}}`
  }

  /**
   * A new file begins: records that tell once more what a reader of it alone must know of the sessions that are open.
   */
  resume(at: number): readonly string[] {
    return [...this.#sessions].flatMap(([, told]) => {
      const { opened, secured, view } = told
      told.exchanges.clear()
      // Heard of in the middle: what is not known cannot be told again.
      if (!opened) {
        told.view = unknownView
        return []
      }
      const facts = secured.map(
        (event) => `${beginRecord({ ...event, at })},"isAgain":true,${factsOf(event)}}`,
      )
      const again = { ...opened, view }
      return [`${beginRecord({ ...again, at })},"isAgain":true,${openingOf(again)}}`, ...facts]
    })
  }

  #toldOf(session: SessionId): Told {
    const known = this.#sessions.get(session)
    if (known) return known
    const told: Told = { opened: undefined, secured: [], view: unknownView, exchanges: new Map() }
    this.#sessions.set(session, told)
    return told
  }

  #encodeBody(event: ObservedEvent): string {
    switch (event.kind) {
      case 'message':
        return this.#encodeMessage(event)
      case 'held':
        return this.#encodeHeld(event)
      case 'decided':
        return this.#encodeDecided(event)
      case 'exchange-opened':
        return this.#encodeSummary(event, event.exchange)
      case 'exchange-completed':
        return this.#encodeCompletion(event)
      case 'opened':
        return this.#encodeOpening(event)
      case 'secured':
        return this.#encodeSecured(event)
      case 'changed':
        return this.#encodeView(event).slice(1)
      case 'closed':
        return `${factsOf(event)}${this.#encodeView(event)}`
      case 'released':
      case 'tls-failed':
      case 'unreadable':
      case 'rewritten':
      case 'warning':
      case 'finding':
        return factsOf(event)
    }
  }

  #encodeMessage(event: EventOf<'message'>): string {
    const { side, message, hidesAll, isOurs, isAhead, isDropped, isForUs, sent } = event
    let json = `"side":"${side}"`
    if (event.exchange) json += `,"exchange":${this.#encodeReference(event.session, event.exchange)}`
    if (hidesAll) json += ',"hidesAll":true'
    if (isOurs === true) json += ',"isOurs":true'
    if (isAhead === true) json += ',"isAhead":true'
    if (isDropped === true) json += ',"isDropped":true'
    if (isForUs === true) json += ',"isForUs":true'
    json += `,${this.#write(message, hidesAll, side)}`
    return sent ? `${json},"sent":{${this.#write(sent, hidesAll, side)}}` : json
  }

  #encodeHeld(event: EventOf<'held'>): string {
    const { ticket, side, message, exchange, hidesAll, isEditable, deadline, approval } = event
    let json = `"ticket":${ticket},"side":"${side}"`
    if (exchange) json += `,"exchange":${this.#encodeReference(event.session, exchange)}`
    if (hidesAll) json += ',"hidesAll":true'
    if (approval) json += `,"approval":${writeJson(approval)}`
    return `${json},"isEditable":${isEditable},"deadline":${roundMillis(deadline)},${this.#write(message, hidesAll, side)}`
  }

  #encodeDecided(event: EventOf<'decided'>): string {
    const { session, decided, exchange } = event
    const reference = exchange ? `,"exchange":${this.#encodeReference(session, exchange)}` : ''
    return `"decided":${writeJson(decided)}${reference}${this.#encodeView(event)}`
  }

  /** Messages of the other side than the event's say so. */
  #write(message: Message, hidesAll: boolean, side: string): string {
    const json = writeMessage(message, hidesAll, this.#keeping)
    return message.raw.from === side ? json : `"from":"${message.raw.from}",${json}`
  }

  /** The number of an exchange, or what differs from what was told of it: most messages change nothing. */
  #encodeReference(session: SessionId, exchange: Exchange): string {
    const { exchanges } = this.#toldOf(session)
    const told = exchanges.get(exchange.id)
    if (!told) {
      const summary = summarize(exchange)
      exchanges.set(exchange.id, readExchange(summary, undefined))
      return writeJson(summary)
    }
    const difference = diffExchange(exchange, told)
    if (typeof difference === 'number') return String(difference)
    noteTold(told, difference)
    return writeJson(difference)
  }

  #encodeSummary({ session }: ProxyEvent, exchange: Exchange): string {
    const summary = summarize(exchange)
    this.#toldOf(session).exchanges.set(exchange.id, readExchange(summary, undefined))
    return `"exchange":${writeJson(summary)}`
  }

  #encodeCompletion(event: EventOf<'exchange-completed'>): string {
    this.#toldOf(event.session).exchanges.delete(event.exchange.id)
    return `"exchange":${writeJson(summarize(event.exchange))}${this.#encodeView(event)}`
  }

  #encodeOpening(event: EventOf<'opened'>): string {
    const told = this.#toldOf(event.session)
    told.opened = event
    told.view = copyView(event.view)
    return openingOf(event)
  }

  /** Of each side the last word counts: a leg can be secured anew. */
  #encodeSecured(event: EventOf<'secured'>): string {
    const told = this.#toldOf(event.session)
    told.secured = [...told.secured.filter(({ side }) => side !== event.side), event]
    return factsOf(event)
  }

  /** Behind a comma, or nothing. */
  #encodeView({ session, view }: { readonly session: SessionId; readonly view: SessionView }): string {
    const told = this.#toldOf(session)
    const changes = diffView(view, told.view)
    if (!changes) return ''
    told.view = copyView(view)
    return `,"view":${writeJson(changes)}`
  }
}

/** These three first, so that a reader can pass over a line that it does not want. */
const beginRecord = ({ kind, session, at }: Pick<ObservedEvent, 'kind' | 'session' | 'at'>): string =>
  `{"event":"${kind}","session":${writeJson(session)},"at":${roundMillis(at)}`

/** An opening tells all of the view: what a reader knows of another session of this name does not count. */
function openingOf({ address, listener, upstream, view, totals }: EventOf<'opened'>): string {
  const known = { address, listener, upstream, view: diffView(view, unknownView) ?? {}, totals }
  return writeJson(known).slice(1, -1)
}

/** Everything that is plain data and nothing else. */
function factsOf(event: ObservedEvent): string {
  const facts: Record<string, unknown> = { ...event }
  for (const key of ['kind', 'session', 'at', 'view']) delete facts[key]
  return writeJson(facts).slice(1, -1)
}
