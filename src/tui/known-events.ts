/** What is still known of a session, told again as events, so that it can be written to a file; knows no format and no file. */

import type { ObservedEvent } from '../findings/finding.ts'
import type { Exchange } from '../session/exchanges.ts'
import type { SelectedMailbox, SessionView } from '../session/session.ts'
import type { KeptMessage } from './kept-message.ts'
import type { SessionRow } from './state.ts'
import { messagesOf, type Pair, type TranscriptRow } from './transcript.ts'

/** Rows told again at most, the latest: more than a live session keeps, and a file has them anyway. */
const ROWS_TOLD = 20_000

/** In the order in which they came; credentials are blanked, and large literals known by their size. */
export function eventsOf(session: SessionRow): ObservedEvent[] {
  const teller = new Teller(session)
  const { first, end } = session.source
  for (let place = Math.max(first, end - ROWS_TOLD); place < end; place++) {
    const row = session.source.rowAt(place)
    if (row) teller.tell(row)
  }
  return teller.finish()
}

class Teller {
  readonly #session: SessionRow
  readonly #view: SessionView
  readonly #events: ObservedEvent[] = []
  readonly #exchanges = new Map<number, Exchange>()

  constructor(session: SessionRow) {
    this.#session = session
    this.#view = viewOf(session)
    const { id, openedAt, client, listener, upstreamUrl } = session
    this.#events.push({
      kind: 'opened',
      session: id,
      at: openedAt,
      address: client ?? { host: '', port: 0 },
      listener,
      upstream: upstreamUrl,
      view: this.#view,
    })
  }

  tell(row: TranscriptRow): void {
    if (row.kind === 'note') return
    const exchange = row.pair && this.#exchangeOf(row.pair, row)
    for (const message of messagesOf(row)) this.#tellMessage(message, exchange)
    if (row.kind !== 'completion' || !exchange) return
    this.#events.push({
      kind: 'exchange-completed',
      session: this.#session.id,
      at: row.at,
      exchange: { ...exchange, codeArgs: row.codeArgs, text: row.text },
      view: this.#view,
    })
  }

  finish(): ObservedEvent[] {
    const { closed, id, octetsIn, octetsOut, commands } = this.#session
    if (closed) {
      const totals = { fromClient: octetsIn, fromServer: octetsOut, commands }
      this.#events.push({
        kind: 'closed',
        session: id,
        at: closed.at,
        reason: closed.reason,
        totals,
        view: this.#view,
      })
    }
    // A run stands where it began, though others spoke between its responses.
    return this.#events.toSorted((a, b) => a.at - b.at)
  }

  /** Told of once, before its first row, which need not be the command any more. */
  #exchangeOf(pair: Pair, row: TranscriptRow): Exchange {
    const known = this.#exchanges.get(pair.id)
    if (known) return known
    const command = row.kind === 'command' ? row : undefined
    const exchange = exchangeOf(pair, command?.args ?? '', command?.message)
    this.#exchanges.set(pair.id, exchange)
    this.#events.push({ kind: 'exchange-opened', session: this.#session.id, at: pair.openedAt, exchange })
    return exchange
  }

  #tellMessage(kept: KeptMessage, exchange: Exchange | undefined): void {
    const message = kept.specimen()?.message
    if (!message) return
    const { side, at, hidesAll, isOurs } = kept
    this.#events.push({
      kind: 'message',
      session: this.#session.id,
      at,
      side,
      message,
      hidesAll,
      ...(isOurs && { isOurs }),
      ...(exchange && { exchange }),
    })
  }
}

function exchangeOf(pair: Pair, args: string, command: KeptMessage | undefined): Exchange {
  const { isShared, findings: _, ...facts } = pair
  return {
    ...facts,
    args,
    message: command?.specimen()?.message,
    untagged: 0,
    codeArgs: undefined,
    text: undefined,
    attribution: isShared ? 'shared' : 'certain',
  }
}

function viewOf({ state, user, agent, mailbox }: SessionRow): SessionView {
  return {
    state,
    user,
    client: agent,
    server: undefined,
    mailbox: mailbox === undefined ? undefined : mailboxNamed(mailbox),
    capabilities: [],
    enabled: [],
    isIdle: false,
  }
}

function mailboxNamed(name: string): SelectedMailbox {
  return { name, isReadOnly: false, exists: undefined, uidValidity: undefined, uidNext: undefined }
}
