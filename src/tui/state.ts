/** What the dashboard knows and what it shows of it: plain data, without events, keys or a terminal. */

import type { SessionState } from '../session/session.ts'
import type { Address, SessionId } from '../relay/event.ts'
import type { Filter } from './filter.ts'
import { Latencies } from './latency.ts'
import { Rate } from './rates.ts'
import { Transcript, type CommandRow, type Pair } from './transcript.ts'

/** Closed sessions kept; the oldest go first. */
export const CLOSED_KEPT = 1000

/** One session as the dashboard remembers it: copies, so that nothing of the engine is kept alive by a closed one. */
export interface SessionRow {
  readonly id: SessionId
  /** Rises with each session: the order of arrival. */
  readonly order: number
  readonly openedAt: number
  client: Address | undefined
  upstream: string
  state: SessionState
  user: string | undefined
  /** The name of the last login, also where it failed. */
  triedUser: string | undefined
  agent: string | undefined
  mailbox: string | undefined
  tls: { client: string | undefined; server: string | undefined }
  commands: number
  /** Commands in flight by exchange, oldest first, as the transcript shows them. */
  readonly open: Map<number, CommandRow>
  lastPair: Pair | undefined
  /** Names of commands and statuses of completions, each once, however long ago. */
  readonly heard: { readonly commands: Set<string>; readonly statuses: Set<string> }
  readonly latencies: Latencies
  octetsIn: number
  octetsOut: number
  errors: number
  warnings: number
  /** Why TLS failed, where it did. */
  failure: string | undefined
  /** What to do about the latest failure or warning. */
  advice: string | undefined
  closed: { readonly at: number; readonly reason: string } | undefined
  readonly transcript: Transcript
}

export type SortKey =
  | 'recent'
  | 'user'
  | 'mailbox'
  | 'commands'
  | 'now'
  | 'age'
  | 'latency'
  | 'octets'
  | 'faults'
export type Pane = 'sessions' | 'transcript'

export type Mode =
  | { readonly kind: 'browse' }
  /** The filter line is open: what is typed applies at once. */
  | { readonly kind: 'filter' }
  | { readonly kind: 'help'; top: number }
  | { readonly kind: 'confirm-kill'; readonly session: SessionId }
  | { readonly kind: 'confirm-quit' }

/** What the shell has to do for the user; it takes each one once. */
export type Request = { readonly kind: 'quit' } | { readonly kind: 'kill'; readonly session: SessionId }

export interface DashboardInfo {
  readonly version: string
  readonly listen: readonly string[]
  readonly upstream: string
  readonly caPath: string | undefined
}

export interface State {
  readonly info: DashboardInfo
  /** In order of arrival. */
  readonly sessions: Map<SessionId, SessionRow>
  /** Closed sessions in the order they closed. */
  readonly closed: Set<SessionId>
  sessionsSeen: number
  closedSeen: number
  errors: number
  warnings: number
  readonly commandRate: Rate
  readonly octetRate: Rate
  heapUsed: number
  columns: number
  rows: number
  pane: Pane
  mode: Mode
  selected: SessionId | undefined
  /** First visible row of the sessions pane. */
  sessionsTop: number
  sort: { readonly key: SortKey; readonly isReversed: boolean }
  readonly filters: Record<Pane, Filter>
  /** First visible transcript row, counted in the whole conversation; undefined follows the end. */
  transcriptTop: number | undefined
  flash: { readonly text: string; readonly until: number } | undefined
  readonly requests: Request[]
}

const NO_FILTER: Filter = { source: '', terms: [] }

export function initialState(info: DashboardInfo): State {
  return {
    info,
    sessions: new Map(),
    closed: new Set(),
    sessionsSeen: 0,
    closedSeen: 0,
    errors: 0,
    warnings: 0,
    commandRate: new Rate(),
    octetRate: new Rate(),
    heapUsed: 0,
    columns: 80,
    rows: 24,
    pane: 'sessions',
    mode: { kind: 'browse' },
    selected: undefined,
    sessionsTop: 0,
    sort: { key: 'recent', isReversed: false },
    filters: { sessions: NO_FILTER, transcript: NO_FILTER },
    transcriptTop: undefined,
    flash: undefined,
    requests: [],
  }
}

export function newSession(id: SessionId, order: number, at: number): SessionRow {
  return {
    id,
    order,
    openedAt: at,
    client: undefined,
    upstream: '',
    state: 'opening',
    user: undefined,
    triedUser: undefined,
    agent: undefined,
    mailbox: undefined,
    tls: { client: undefined, server: undefined },
    commands: 0,
    open: new Map(),
    lastPair: undefined,
    heard: { commands: new Set(), statuses: new Set() },
    latencies: new Latencies(),
    octetsIn: 0,
    octetsOut: 0,
    errors: 0,
    warnings: 0,
    failure: undefined,
    advice: undefined,
    closed: undefined,
    transcript: new Transcript(),
  }
}

/** Who is logged in; `ann?` while nobody is, but somebody tried. */
export function shownUser({ user, triedUser }: SessionRow): string | undefined {
  return user ?? (triedUser === undefined ? undefined : `${triedUser}?`)
}

export function liveCount(state: State): number {
  return state.sessions.size - state.closed.size
}

/** The command that NOW shows: the oldest in flight. */
export function currentPair(session: SessionRow): Pair | undefined {
  for (const entry of session.open.values()) return entry.pair
  return undefined
}

export function isIdling(session: SessionRow): boolean {
  return currentPair(session)?.name === 'IDLE'
}
