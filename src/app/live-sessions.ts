/** What a newcomer has to hear of the sessions that live, and a table of them; knows no socket, and keeps nothing of closed ones. */

import type { SessionFacts } from '../control/protocol.ts'
import type { FindingEvent, ObservedEvent } from '../findings/finding.ts'
import { printable } from '../imap/printable.ts'
import type { Side } from '../imap/raw-message.ts'
import type { ProxyEvent, SessionId } from '../relay/event.ts'
import type { Exchange } from '../session/exchanges.ts'
import type { SessionView } from '../session/session.ts'
import type { Origin } from './filter-breakpoint.ts'

type Opened = Extract<ProxyEvent, { kind: 'opened' }>
type Secured = Extract<ProxyEvent, { kind: 'secured' }>

/** Findings of a session that a newcomer hears: the latest. */
const FINDINGS_KEPT = 10
/** Characters of a peer's word in the table. */
const SHOWN = 200

interface Live {
  readonly opened: Opened
  readonly secured: Map<Side, Secured>
  readonly inFlight: Map<number, Exchange>
  readonly findings: FindingEvent[]
  view: SessionView
  commands: number
  octetsIn: number
  octetsOut: number
}

export class LiveSessions {
  readonly #live = new Map<SessionId, Live>()

  /** For the event bus; messages are not needed. */
  readonly listen = (event: ObservedEvent): void => {
    if (event.kind === 'opened') return this.#open(event)
    const live = this.#live.get(event.session)
    if (live) this.#follow(live, event)
  };

  /** The beginning of each live session as it was told, what it has come to, and its commands in flight. */
  *recall(): Iterable<ObservedEvent> {
    for (const live of this.#live.values()) {
      const { session, at } = live.opened
      const totals = { fromClient: live.octetsIn, fromServer: live.octetsOut, commands: live.commands }
      yield { ...live.opened, view: live.view, totals }
      yield* live.secured.values()
      yield { kind: 'changed', session, at, view: live.view }
      yield* live.findings
      for (const exchange of live.inFlight.values())
        yield { kind: 'exchange-opened', session, at: exchange.openedAt, exchange }
    }
  }

  /** What the session's opening told of its ends. */
  originOf(session: SessionId): Origin | undefined {
    const opened = this.#live.get(session)?.opened
    return opened && { address: opened.address.host, upstream: opened.upstream }
  }

  *table(now: number): Iterable<SessionFacts> {
    for (const live of this.#live.values()) yield describe(live, now)
  }

  #open(opened: Opened): void {
    this.#live.set(opened.session, {
      opened,
      secured: new Map(),
      inFlight: new Map(),
      findings: [],
      view: opened.view,
      commands: 0,
      octetsIn: 0,
      octetsOut: 0,
    })
  }

  #follow(live: Live, event: ObservedEvent): void {
    switch (event.kind) {
      case 'secured':
        live.secured.set(event.side, event)
        break
      case 'changed':
        live.view = event.view
        break
      case 'exchange-opened':
        live.inFlight.set(event.exchange.id, event.exchange)
        break
      case 'exchange-completed':
        complete(live, event.exchange, event.view)
        break
      case 'finding':
        live.findings.push(event)
        if (live.findings.length > FINDINGS_KEPT) live.findings.shift()
        break
      case 'closed':
        this.#live.delete(event.session)
        break
      default:
    }
  }
}

function complete(live: Live, exchange: Exchange, view: SessionView): void {
  live.inFlight.delete(exchange.id)
  live.view = view
  live.commands += 1
  live.octetsIn += exchange.octetsIn
  live.octetsOut += exchange.octetsOut
}

function describe({ opened, secured, view, inFlight, ...totals }: Live, now: number): SessionFacts {
  const [oldest] = inFlight.values()
  const { commands, octetsIn, octetsOut } = totals
  return {
    id: opened.session,
    state: view.isIdle ? 'idle' : view.state,
    user: show(view.user),
    client: show(view.client),
    mailbox: show(view.mailbox?.name),
    address: `${opened.address.host}:${opened.address.port}`,
    listener: opened.listener,
    upstream: opened.upstream,
    clientTls: secured.get('client')?.tls.version,
    serverTls: secured.get('server')?.tls.version,
    command: show(oldest?.name),
    commandMillis: oldest && round(now - oldest.openedAt),
    ageMillis: round(now - opened.at),
    commands,
    octetsIn,
    octetsOut,
  }
}

const show = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : printable(text, SHOWN)

/** Microseconds are what the clock is good for. */
const round = (millis: number): number => Math.round(millis * 1000) / 1000
