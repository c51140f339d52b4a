/** Which sessions are to be seen, in which order, and which is selected; draws nothing. */

import { passes } from './filter-slot.ts'
import { currentPair, isIdling, shownUser, type SessionRow, type SortKey, type State } from './state.ts'
import { sessionSubject } from './subjects.ts'

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
    .filter((session) => passes(state.filters.sessions, () => sessionSubject(session)))
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
  if (chosen && (state.screen !== 'sessions' || visible.includes(chosen))) return chosen
  return visible[0]
}

export function selectedOf(state: State): SessionRow | undefined {
  return selectedSession(state, visibleSessions(state))
}
