/** Which sessions and rows are to be seen, in which order, and which is selected; draws nothing. */

import { matchesRow, matchesSession } from './filter.ts'
import { currentPair, isIdling, shownUser, type SessionRow, type SortKey, type State } from './state.ts'
import type { TranscriptRow } from './transcript.ts'

type Comparison = (a: SessionRow, b: SessionRow) => number

/** The greatest, or the first in the alphabet, on top. */
const COMPARISONS: Readonly<Record<SortKey, Comparison>> = {
  recent: (a, b) => b.order - a.order,
  user: (a, b) => compareNames(shownUser(a), shownUser(b)),
  mailbox: (a, b) => compareNames(a.mailbox, b.mailbox),
  commands: (a, b) => b.commands - a.commands,
  now: (a, b) => startOf(a) - startOf(b),
  age: (a, b) => a.openedAt - b.openedAt,
  latency: (a, b) => (b.latencies.p95() ?? -1) - (a.latencies.p95() ?? -1),
  octets: (a, b) => b.octetsIn + b.octetsOut - a.octetsIn - a.octetsOut,
  faults: (a, b) => b.errors - a.errors || b.warnings - a.warnings,
}

/** Live sessions first, whatever the order. */
export function visibleSessions(state: State): SessionRow[] {
  const { key, isReversed } = state.sort
  const direction = isReversed ? -1 : 1
  const compare = COMPARISONS[key]
  return [...state.sessions.values()]
    .filter((session) => matchesSession(state.filters.sessions, session))
    .sort((a, b) => liveFirst(a, b) || direction * compare(a, b) || b.order - a.order)
}

function liveFirst(a: SessionRow, b: SessionRow): number {
  return Number(a.closed !== undefined) - Number(b.closed !== undefined)
}

/** Sessions without a name go last. */
function compareNames(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0
  if (a === undefined) return 1
  if (b === undefined) return -1
  return a < b ? -1 : 1
}

/** Idle sessions wait for nothing: they go after those whose command runs. */
function startOf(session: SessionRow): number {
  if (isIdling(session)) return Number.MAX_SAFE_INTEGER - 1
  return currentPair(session)?.openedAt ?? Number.MAX_SAFE_INTEGER
}

/** The session the user chose; before there was a choice, the first on the list. */
export function selectedSession(state: State, visible: readonly SessionRow[]): SessionRow | undefined {
  const chosen = state.selected === undefined ? undefined : state.sessions.get(state.selected)
  if (chosen && (state.pane === 'transcript' || visible.includes(chosen))) return chosen
  return visible[0]
}

export interface Window<T> {
  readonly items: readonly T[]
  /** Place of the first item in the whole conversation. */
  readonly top: number
  readonly above: number
  readonly below: number
}

interface Placed {
  readonly place: number
  readonly row: TranscriptRow
}

/** The transcript rows to be seen in `height` lines. */
export function transcriptWindow(state: State, session: SessionRow, height: number): Window<TranscriptRow> {
  const all = matchingRows(state, session)
  const start = startRow(state, all, height)
  const items = all.slice(start, start + height)
  return {
    items: items.map((placed) => placed.row),
    top: items[0]?.place ?? 0,
    above: start,
    below: all.length - start - items.length,
  }
}

/** The place that becomes the top after scrolling by so many rows. */
export function scrolledTop(state: State, session: SessionRow, move: { by: number; height: number }): number {
  const all = matchingRows(state, session)
  const start = startRow(state, all, move.height)
  const latest = Math.max(0, all.length - move.height)
  return all[Math.max(0, Math.min(latest, start + move.by))]?.place ?? 0
}

function matchingRows(state: State, session: SessionRow): Placed[] {
  const { rows, dropped } = session.transcript
  const filter = state.filters.transcript
  const placed = rows.map((row, index) => ({ place: dropped + index, row }))
  return filter.terms.length === 0 ? placed : placed.filter(({ row }) => matchesRow(filter, row, session))
}

function startRow(state: State, all: readonly Placed[], height: number): number {
  const latest = Math.max(0, all.length - height)
  const top = state.transcriptTop
  if (top === undefined) return latest
  const found = all.findIndex((placed) => placed.place >= top)
  return found < 0 ? latest : Math.min(found, latest)
}
