/** Folds what the proxy reports into the dashboard's state; knows no keys, no panes and no clock but the events' own. */

import type { Message } from '../imap/message.ts'
import type { ProxyEvent } from '../relay/event.ts'
import type { Exchange } from '../session/exchanges.ts'
import type { SessionView } from '../session/session.ts'
import { CLOSED_KEPT, liveCount, newSession, type SessionRow, type State } from './state.ts'
import { rowsFor, type CommandRow, type Pair, type TranscriptRow } from './transcript.ts'
import { observeMessage } from './observe-message.ts'

/** One printable, redacted line of a message; `imap/redact.ts` makes it. */
export type Describe = (message: Message) => string

/** Characters of peers' text kept in one row: more than any terminal shows. */
const TEXT_KEPT = 300
/** Different commands remembered of a session: more than IMAP has. */
const COMMANDS_HEARD = 64

export function observe(state: State, event: ProxyEvent, describe: Describe): void {
  const session = sessionOf(state, event)
  const push = (row: TranscriptRow): void => session.transcript.push(row, rowsFor(liveCount(state)))
  switch (event.kind) {
    case 'opened':
      session.client = event.address
      session.upstream = hostOf(event.upstream)
      copyView(session, event.view)
      return push(
        note(event.at, 'info', `opened by ${event.address.host}:${event.address.port} on ${event.listener}`),
      )
    case 'secured':
      session.tls[event.side] = event.tls.version.replace('TLSv', '')
      return push(
        note(
          event.at,
          'info',
          `TLS with the ${event.side}: ${event.tls.version} ${event.tls.cipher}, ${event.tls.name}`,
        ),
      )
    case 'tls-failed':
      session.failure = clip(event.side === 'client' ? event.reason : `upstream: ${event.reason}`)
      addError(state, session, event.advice)
      return push(note(event.at, 'bad', `TLS with the ${event.side} failed: ${event.reason}`))
    case 'changed':
      return copyView(session, event.view)
    case 'exchange-opened':
      return openCommand({ state, session, push }, event.exchange)
    case 'exchange-completed':
      copyView(session, event.view)
      return push(completePair(session, event.exchange, event.at))
    case 'message':
      if (isAhead(session, event)) push(expectCommand(state, session, event.exchange))
      return observeMessage({ state, session, push, describe: (message) => clip(describe(message)) }, event)
    case 'unreadable':
      addError(state, session, undefined)
      return push(
        note(event.at, 'bad', `unreadable from the ${event.side}: ${event.fault.text} ${event.shown}`),
      )
    case 'rewritten':
      return push(note(event.at, 'rewrite', `rewritten by rule ${event.rule}: ${event.note}`))
    case 'warning':
      addWarning(state, session, event.advice)
      return push(note(event.at, 'warn', event.reason))
    case 'closed':
      push(note(event.at, 'info', `closed: ${event.reason}`))
      return close(state, session, event)
  }
}

function sessionOf(state: State, event: ProxyEvent): SessionRow {
  const known = state.sessions.get(event.session)
  if (known) return known
  state.sessionsSeen++
  const session = newSession(event.session, state.sessionsSeen, event.at)
  state.sessions.set(event.session, session)
  return session
}

function copyView(session: SessionRow, view: SessionView): void {
  session.state = view.state
  session.user = view.user === undefined ? undefined : clip(view.user)
  session.agent = view.client === undefined ? undefined : clip(view.client)
  session.mailbox = view.mailbox === undefined ? undefined : clip(view.mailbox.name)
}

interface Stage {
  readonly state: State
  readonly session: SessionRow
  readonly push: (row: TranscriptRow) => void
}

/** Its row may stand there already, made for an answer that came while the command was still on its way. */
function openCommand({ state, session, push }: Stage, exchange: Exchange): void {
  const expected = session.open.get(exchange.id)
  const row = expected ?? expectCommand(state, session, exchange)
  fillCommand(row, exchange)
  hear(session, exchange)
  if (!expected) push(row)
}

type MessageEvent = Extract<ProxyEvent, { kind: 'message' }>

/** An answer to a command that is not whole yet: `+ go ahead` invites the rest of it. */
function isAhead(session: SessionRow, event: MessageEvent): event is MessageEvent & { exchange: Exchange } {
  const { exchange, side } = event
  if (exchange === undefined || side === 'client' || session.open.has(exchange.id)) return false
  return exchange.completedAt === undefined
}

/** Of a command that is not whole nobody knows yet whether its tag may be shown. */
function expectCommand(state: State, session: SessionRow, exchange: Exchange): CommandRow {
  const pair: Pair = { ...pairOf(exchange), tag: '…' }
  const row: CommandRow = { kind: 'command', at: exchange.openedAt, pair, args: '…' }
  session.open.set(exchange.id, row)
  session.commands++
  state.commandRate.add(exchange.openedAt, 1)
  return row
}

function fillCommand(row: CommandRow, exchange: Exchange): void {
  row.pair.tag = clip(exchange.tag)
  row.pair.name = clip(exchange.name)
  row.pair.user = exchange.user === undefined ? undefined : clip(exchange.user)
  row.args = clip(exchange.args)
}

function completePair(session: SessionRow, exchange: Exchange, at: number): TranscriptRow {
  const row = session.open.get(exchange.id)
  if (row) fillCommand(row, exchange)
  const pair = row?.pair ?? pairOf(exchange)
  session.open.delete(exchange.id)
  pair.firstOctetAt = exchange.firstOctetAt
  pair.completedAt = exchange.completedAt ?? at
  pair.status = exchange.status
  pair.isShared = exchange.attribution === 'shared'
  session.lastPair = pair
  hear(session, exchange)
  // An IDLE lasts as long as the client likes: it says nothing of how fast the server is.
  if (pair.name !== 'IDLE' && pair.status !== 'aborted')
    session.latencies.add(pair.completedAt - pair.openedAt)
  return {
    kind: 'completion',
    at,
    pair,
    code: exchange.code,
    codeArgs: exchange.codeArgs === undefined ? undefined : clip(exchange.codeArgs),
    text: clip(exchange.text ?? ''),
    octets: exchange.octetsOut,
  }
}

/** What filters ask for later: that a session ever said this, or was ever told that. */
function hear(session: SessionRow, exchange: Exchange): void {
  const { commands, statuses } = session.heard
  if (commands.size < COMMANDS_HEARD) commands.add(clip(exchange.name))
  if (exchange.status !== undefined) statuses.add(exchange.status)
  if (exchange.user !== undefined) session.triedUser = clip(exchange.user)
}

/** For a completion whose command was never seen: the dashboard was started in the middle of a session. */
function pairOf(exchange: Exchange): Pair {
  return {
    id: exchange.id,
    tag: clip(exchange.tag),
    name: clip(exchange.name),
    user: exchange.user === undefined ? undefined : clip(exchange.user),
    openedAt: exchange.openedAt,
    firstOctetAt: exchange.firstOctetAt,
    completedAt: exchange.completedAt,
    status: exchange.status,
    isShared: exchange.attribution === 'shared',
  }
}

function addError(state: State, session: SessionRow, advice: string | undefined): void {
  state.errors++
  session.errors++
  if (advice !== undefined) session.advice = advice.slice(0, TEXT_KEPT)
}

function addWarning(state: State, session: SessionRow, advice: string): void {
  state.warnings++
  session.warnings++
  session.advice = advice.slice(0, TEXT_KEPT)
}

function close(state: State, session: SessionRow, event: Extract<ProxyEvent, { kind: 'closed' }>): void {
  if (session.closed) return
  copyView(session, event.view)
  session.closed = { at: event.at, reason: clip(event.reason) }
  session.octetsIn = event.totals.fromClient
  session.octetsOut = event.totals.fromServer
  session.open.clear()
  session.transcript.close()
  state.closedSeen++
  state.closed.add(session.id)
  forgetOldest(state)
}

/** The selected session is spared: somebody is reading it. */
function forgetOldest(state: State): void {
  for (const id of state.closed) {
    if (state.closed.size <= CLOSED_KEPT) return
    if (id === state.selected) continue
    state.closed.delete(id)
    state.sessions.delete(id)
  }
}

function note(at: number, level: 'info' | 'rewrite' | 'warn' | 'bad', text: string): TranscriptRow {
  return { kind: 'note', at, level, text: clip(text) }
}

function clip(text: string): string {
  return text.length > TEXT_KEPT ? `${text.slice(0, TEXT_KEPT)}…` : text
}

/** `imaps://imap.example.org:993` -> `imap.example.org`. */
function hostOf(url: string): string {
  return clip(url.replace(/^\w+:\/\//, '').replace(/:\d+\/?$/, ''))
}
