/** Folds what the proxy reports into the dashboard's state; knows no keys, no panes and no clock but the events' own. */

import type { FindingEvent, ObservedEvent } from '../findings/finding.ts'
import type { ProxyEvent, ReleasedHow } from '../relay/event.ts'
import type { Exchange } from '../session/exchanges.ts'
import type { SessionView } from '../session/session.ts'
import { budgetOf, CLOSED_KEPT, newSession, type SessionRow, type State } from './state.ts'
import {
  FINDINGS_KEPT,
  type CommandRow,
  type FoundMark,
  type Pair,
  type TranscriptRow,
} from './transcript.ts'
import type { KeptMessage } from './kept-message.ts'
import { observeMessage } from './observe-message.ts'
import { hearingScreens } from './screens/registry.ts'

/** Characters of peers' text kept in one row: more than any terminal shows. */
const TEXT_KEPT = 300
/** Lines of evidence kept beside a row. */
const EVIDENCE_KEPT = 6
/** Kinds of findings remembered of a session: as many as there are checks. */
const KINDS_FOUND = 128
/** Rows in which the exchange of a finding is looked for, the newest first. */
const ROWS_SEARCHED = 200
/** Different commands remembered of a session: more than IMAP has. */
const COMMANDS_HEARD = 64

export function observe(state: State, event: ObservedEvent): void {
  const session = sessionOf(state, event)
  observeSession(state, session, event)
  for (const screen of hearingScreens) screen.observe?.(state, event, session)
}

function observeSession(state: State, session: SessionRow, event: ObservedEvent): void {
  const push = (row: TranscriptRow): void => session.transcript.push(row, budgetOf(state))
  switch (event.kind) {
    case 'opened':
      session.client = event.address
      session.upstream = hostOf(event.upstream)
      session.upstreamUrl = clip(event.upstream)
      session.listener = clip(event.listener)
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
      return observeMessage(state, session, event)
    case 'unreadable':
      addError(state, session, undefined)
      return push(
        note(event.at, 'bad', `unreadable from the ${event.side}: ${event.fault.text} ${event.shown}`),
      )
    case 'held':
      return push(note(event.at, 'rewrite', `held at a breakpoint: ${heldWords(event)}`))
    case 'released':
      return push(note(event.at, 'rewrite', `released: ${RELEASED[event.how]}`))
    case 'finding':
      return observeFinding({ state, session, push }, event)
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

const RELEASED: Readonly<Record<ReleasedHow, string>> = {
  forwarded: 'it went on as it was',
  edited: 'it went on as it was edited',
  answered: 'it was answered here, and never went on',
  expired: 'its time was up, and it went on as it was',
  gone: 'its session ended first',
}

function heldWords({ side, exchange }: Extract<ObservedEvent, { kind: 'held' }>): string {
  const of = exchange ? ` of ${exchange.tag} ${exchange.name}` : ''
  return side === 'client' ? `the command${of}` : `a response${of}`
}

function sessionOf(state: State, event: ObservedEvent): SessionRow {
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
  const row: CommandRow = { kind: 'command', at: exchange.openedAt, pair, args: '…', message: undefined }
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
  pair.code = exchange.code
  pair.octetsIn = exchange.octetsIn
  pair.octetsOut = exchange.octetsOut
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
    message: takeCompletion(session, exchange),
  }
}

/** The line itself came just before the event. */
function takeCompletion(session: SessionRow, exchange: Exchange): KeptMessage | undefined {
  const { completion } = session
  session.completion = undefined
  return completion?.exchange === exchange.id ? completion.message : undefined
}

/** What filters ask for later: that a session ever said this, or was ever told that. */
function hear(session: SessionRow, exchange: Exchange): void {
  const { commands, statuses } = session.heard
  if (commands.size < COMMANDS_HEARD) commands.add(clip(exchange.name))
  if (exchange.status !== undefined) statuses.add(exchange.status)
  if (exchange.user !== undefined) session.triedUser = clip(exchange.user)
}

/** One for all: most exchanges have none. */
const nothing: readonly FoundMark[] = []

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
    code: exchange.code,
    octetsIn: exchange.octetsIn,
    octetsOut: exchange.octetsOut,
    isShared: exchange.attribution === 'shared',
    findings: nothing,
  }
}

const NOTE_LEVELS = { error: 'bad', warning: 'warn', note: 'info' } as const

/** What is kept of a finding beside rows. */
export function markOf(finding: FindingEvent['finding']): FoundMark {
  return {
    ...finding,
    text: clip(finding.text),
    advice: clip(finding.advice),
    evidence: finding.evidence.slice(0, EVIDENCE_KEPT).map(clip),
  }
}

/** At its exchange where that is still in view, else as a line of its own. */
function observeFinding({ state, session, push }: Stage, { at, finding }: FindingEvent): void {
  countFinding(state, session, finding)
  const { id, name, level } = finding
  const isNew = !session.found.some((one) => one.id === id)
  if (isNew && session.found.length < KINDS_FOUND) session.found.push({ id, name, level })
  const mark = markOf(finding)
  const pair = finding.exchange === undefined ? undefined : pairNumbered(session, finding.exchange)
  if (!pair) {
    return push({
      kind: 'note',
      at,
      level: NOTE_LEVELS[level],
      text: `${mark.id} ${mark.name}: ${mark.text}`,
      finding: mark,
    })
  }
  // The rows of the exchange are evidence enough.
  if (pair.findings.length < FINDINGS_KEPT) pair.findings = [...pair.findings, { ...mark, evidence: [] }]
}

/** Their advice is told where they are shown: in the list it would always be there. */
function countFinding(state: State, session: SessionRow, { level }: FindingEvent['finding']): void {
  if (level === 'error') addError(state, session, undefined)
  if (level === 'warning') addWarning(state, session, undefined)
}

function pairNumbered(session: SessionRow, id: number): Pair | undefined {
  const open = session.open.get(id)
  if (open) return open.pair
  const { rows } = session.transcript
  for (let at = rows.length - 1; at >= Math.max(0, rows.length - ROWS_SEARCHED); at--) {
    const row = rows[at]
    if (row && row.kind !== 'note' && row.pair?.id === id) return row.pair
  }
  return undefined
}

function addError(state: State, session: SessionRow, advice: string | undefined): void {
  state.errors++
  session.errors++
  if (advice !== undefined) session.advice = advice.slice(0, TEXT_KEPT)
}

function addWarning(state: State, session: SessionRow, advice: string | undefined): void {
  state.warnings++
  session.warnings++
  if (advice !== undefined) session.advice = advice.slice(0, TEXT_KEPT)
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
