/** Folds what the proxy reports into the dashboard's state; knows no keys, no panes and no clock but the events' own. */

import type { FindingEvent, ObservedEvent } from '../findings/finding.ts'
import type { ProxyEvent, Totals } from '../relay/event.ts'
import type { SessionView } from '../session/session.ts'
import { budgetOf, CLOSED_KEPT, newSession, type SessionRow, type State } from './state.ts'
import { FINDINGS_KEPT, type FoundMark, type Pair, type TranscriptRow } from './transcript.ts'
import { noteText } from '../filter/subject-of.ts'
import { isRefusal, isTold } from '../relay/decided-words.ts'
import { heldText, noteHeld, releasedText, type Noted } from './noted.ts'
import { completePair, expectCommand, isAhead, openCommand, pairOf, type Stage } from './observe-exchange.ts'
import { observeMessage } from './observe-message.ts'
import { clip, TEXT_KEPT } from './row-text.ts'
import { hearingScreens } from './screens/registry.ts'

/** Lines of evidence kept beside a row. */
const EVIDENCE_KEPT = 6
/** Names kept beside a decision. */
const MAILBOXES_KEPT = 8
/** Kinds of findings remembered of a session: as many as there are checks. */
const KINDS_FOUND = 128
/** Rows in which the exchange of a finding is looked for, the newest first. */
const ROWS_SEARCHED = 200
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
      if (event.totals) copyTotals(session, event.totals)
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
          event,
        ),
      )
    case 'tls-failed':
      session.failure = clip(event.side === 'client' ? event.reason : `upstream: ${event.reason}`)
      addError(state, session, event.advice)
      return push(note(event.at, 'bad', `TLS with the ${event.side} failed: ${event.reason}`, event))
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
        note(event.at, 'bad', `unreadable from the ${event.side}: ${event.fault.text} ${event.shown}`, event),
      )
    case 'held':
      return push(
        note(
          event.at,
          'rewrite',
          heldText(event),
          noteHeld(event, { pair: aboutPair(session, event), describe: state.describe }),
        ),
      )
    case 'released':
      return push(note(event.at, 'rewrite', releasedText(event, approvalOf(state, event)), event))
    case 'decided':
      return observeDecided({ state, session, push }, event)
    case 'finding':
      return observeFinding({ state, session, push }, event)
    case 'rewritten':
      return push(note(event.at, 'rewrite', `rewritten by rule ${event.rule}: ${event.note}`, event))
    case 'warning':
      addWarning(state, session, event.advice)
      return push(note(event.at, 'warn', event.reason, event))
    case 'closed':
      push(note(event.at, 'info', `closed: ${event.reason}`))
      return close(state, session, event)
  }
}

type EventOf<Kind extends ObservedEvent['kind']> = Extract<ObservedEvent, { kind: Kind }>

/** What only passes has its rows already. */
function observeDecided({ session, push }: Stage, event: EventOf<'decided'>): void {
  const { decided, at } = event
  if (!isTold(decided)) return
  const kept = {
    ...decided,
    why: clip(decided.why),
    mailboxes: decided.mailboxes.slice(0, MAILBOXES_KEPT).map(clip),
  }
  const noted: Noted = { kind: 'decided', decided: kept, pair: aboutPair(session, event) }
  push(note(at, isRefusal(decided) ? 'warn' : 'rewrite', noteText(event), noted))
}

/** It is still known there: screens hear of the release behind this. */
const approvalOf = (
  { intercept }: State,
  { session, ticket }: EventOf<'released'>,
): EventOf<'held'>['approval'] =>
  intercept.held.find((one) => one.session === session && one.ticket === ticket)?.approval

const aboutPair = ({ open }: SessionRow, { exchange }: EventOf<'held' | 'decided'>): Pair | undefined =>
  exchange && (open.get(exchange.id)?.pair ?? pairOf(exchange))

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
  copyTotals(session, { ...event.totals, commands: session.commands })
  session.open.clear()
  state.closedTranscripts.add(session.transcript)
  state.closedSeen++
  state.closed.add(session.id)
  forgetOldest(state)
}

function copyTotals(session: SessionRow, { commands, fromClient, fromServer }: Totals): void {
  session.commands = commands
  session.octetsIn = fromClient
  session.octetsOut = fromServer
}

/** The selected session is spared: somebody is reading it. */
function forgetOldest(state: State): void {
  for (const id of state.closed) {
    if (state.closed.size <= CLOSED_KEPT) return
    if (id === state.selected) continue
    const transcript = state.sessions.get(id)?.transcript
    if (transcript) state.closedTranscripts.forget(transcript)
    state.closed.delete(id)
    state.sessions.delete(id)
  }
}

function note(
  at: number,
  level: 'info' | 'rewrite' | 'warn' | 'bad',
  text: string,
  noted?: Noted,
): TranscriptRow {
  return { kind: 'note', at, level, text: clip(text), ...(noted && { noted }) }
}

/** `imaps://imap.example.org:993` -> `imap.example.org`. */
function hostOf(url: string): string {
  return clip(url.replace(/^\w+:\/\//, '').replace(/:\d+\/?$/, ''))
}
