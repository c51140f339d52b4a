/** What the dashboard knows and what it shows of it: plain data, without events, keys or a terminal. */

import type { FindingLevel } from '../findings/finding.ts'
import type { SessionState } from '../session/session.ts'
import type { Address, SessionId, Ticket } from '../relay/event.ts'
import type { Ruling } from '../relay/hold-rule.ts'
import type { Copied } from './copy.ts'
import { ClosedTranscripts } from './closed-transcripts.ts'
import { noFilter, type FilterSlot } from './filter-slot.ts'
import type { EditedLine } from './line-edit.ts'
import { initialFindings, type FindingsState } from './screens/findings-state.ts'
import { initialIntercept, type InterceptState } from './screens/intercept-state.ts'
import { initialLog, type LogState } from './screens/log-state.ts'
import { initialPolicy, type PolicyState } from './screens/policy-state.ts'
import type { ScreenName } from './screens/screen.ts'
import { initialStatistics, type StatisticsState } from './screens/statistics-state.ts'
import { initialTree, type TreeState } from './screens/tree-state.ts'
import { Latencies } from './latency.ts'
import { Rate } from './rates.ts'
import { describeMessage } from '../imap/redact.ts'
import type { Describe, KeptMessage } from './kept-message.ts'
import { newView, type TranscriptView } from './transcript-view.ts'
import {
  budgetFor,
  Transcript,
  type Budget,
  type CommandRow,
  type Pair,
  type RowSource,
} from './transcript.ts'

/** Closed sessions kept; the oldest go first. */
export const CLOSED_KEPT = 1000

/** One session as the dashboard remembers it: copies, so that nothing of the engine is kept alive by a closed one. */
export interface SessionRow {
  readonly id: SessionId
  /** Rises with each session: the order of arrival. */
  readonly order: number
  readonly openedAt: number
  client: Address | undefined
  /** URLs: where it came in, and where it went. */
  listener: string
  upstreamUrl: string
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
  /** Kinds of findings, each once. */
  readonly found: FoundKind[]
  /** Messages that wait at a breakpoint. */
  held: number
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
  /** A tagged response that came just now; the event behind it makes its row. */
  completion: { readonly exchange: number | undefined; readonly message: KeptMessage } | undefined
  /** Where rows go as they come. */
  readonly transcript: Transcript
  /** Where rows are read: the same, unless the whole conversation lies in a file. */
  source: RowSource
  isMarked: boolean
}

export interface FoundKind {
  readonly id: string
  readonly name: string
  readonly level: FindingLevel
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

/** Which colours are legible. */
export type Theme = 'dark' | 'light' | 'mono'

/** What a line is typed for; a filter applies at once, the others on Enter. */
export type PromptPurpose = 'filter' | 'palette' | 'search' | 'intercept' | 'edit'

export type Mode =
  | { readonly kind: 'browse' }
  | {
      readonly kind: 'prompt'
      readonly purpose: PromptPurpose
      readonly line: EditedLine
      /** Ways to go on, and which of them stands in the line; -1: none. */
      readonly offers: readonly string[]
      readonly chosen: number
    }
  | { readonly kind: 'help'; top: number }
  | { readonly kind: 'copy-menu' }
  | { readonly kind: 'confirm-kill'; readonly session: SessionId }
  | { readonly kind: 'confirm-quit' }
  | { readonly kind: 'confirm-dry-run'; readonly asked: DryRunRequest }

/** What the shell has to do for the user; it takes each one once. */
export type Request =
  | { readonly kind: 'quit' }
  | { readonly kind: 'kill'; readonly session: SessionId }
  /** To be shown for a few seconds: only the shell has a clock. */
  | { readonly kind: 'tell'; readonly text: string }
  | { readonly kind: 'break'; readonly filter: string | undefined; readonly timeoutMillis: number }
  | {
      readonly kind: 'rule'
      readonly session: SessionId
      readonly ticket: Ticket
      readonly ruling: Ruling
      /** Told once it is done. */
      readonly done?: string
    }
  /** The policy may have come to something else. */
  | { readonly kind: 'look-at-policy' }
  | DryRunRequest
  | { readonly kind: 'edit'; readonly session: SessionId; readonly ticket: Ticket; readonly text: string }
  | { readonly kind: 'copy'; readonly copied: Copied }
  | { readonly kind: 'write'; readonly sessions: readonly SessionId[] }

/** Without a rule: all of the policy. */
export interface DryRunRequest {
  readonly kind: 'dry-run'
  readonly rule: string | undefined
  readonly on: boolean
}

export interface DashboardInfo {
  readonly version: string
  readonly listen: readonly string[]
  readonly upstream: string
  readonly caPath: string | undefined
  /** Where all that is said is kept. */
  readonly capture?: string | undefined
  /** What a person must know before anything happens: each is a way to lose a password. */
  readonly warnings?: readonly string[]
  /** The sessions live on without the dashboard: it only looks on. */
  readonly isOnlooker?: boolean
  /** A capture: nothing lives in it. */
  readonly isRecording?: boolean
}

/** A message that somebody opened, and where it stands. */
export interface Inspected {
  readonly session: SessionId
  readonly exchange: number | undefined
  readonly message: KeptMessage
}

export interface State {
  readonly info: DashboardInfo
  readonly describe: Describe
  /** In order of arrival. */
  readonly sessions: Map<SessionId, SessionRow>
  /** Closed sessions in the order they closed. */
  readonly closed: Set<SessionId>
  readonly closedTranscripts: ClosedTranscripts
  sessionsSeen: number
  closedSeen: number
  errors: number
  warnings: number
  readonly commandRate: Rate
  readonly octetRate: Rate
  heapUsed: number
  columns: number
  rows: number
  screen: ScreenName
  /** The screens that Esc goes back to, the latest last. */
  readonly trail: ScreenName[]
  mode: Mode
  selected: SessionId | undefined
  /** First visible row of the sessions pane. */
  sessionsTop: number
  sort: { readonly key: SortKey; readonly isReversed: boolean }
  readonly filters: Record<ScreenName, FilterSlot>
  /** Where one stands in the transcript of the selected session. */
  view: TranscriptView
  /** Lines below the transcript that tell all about the selected line. */
  detail: number
  /** The message that the tree screen takes apart. */
  inspected: Inspected | undefined
  /** What was searched for last. */
  search: string
  theme: Theme
  hasMouse: boolean
  flash: { readonly text: string; readonly until: number } | undefined
  readonly requests: Request[]
  readonly tree: TreeState
  readonly findings: FindingsState
  readonly statistics: StatisticsState
  readonly log: LogState
  readonly intercept: InterceptState
  readonly policy: PolicyState
  /** What the world around can do. */
  readonly canHold: boolean
  canWrite: boolean
}

/** Octets of a message that its one line shows. */
const SHOWN = 2_000

const describeAsLine: Describe = (message) =>
  describeMessage(message, { hidesAll: message.kind === 'sasl-data', limit: SHOWN }).join(' ')

export interface Abilities {
  readonly describe?: Describe
  readonly canHold?: boolean
}

export function initialState(info: DashboardInfo, abilities: Abilities = {}): State {
  return {
    info,
    describe: abilities.describe ?? describeAsLine,
    sessions: new Map(),
    closed: new Set(),
    closedTranscripts: new ClosedTranscripts(),
    sessionsSeen: 0,
    closedSeen: 0,
    errors: 0,
    warnings: 0,
    commandRate: new Rate(),
    octetRate: new Rate(),
    heapUsed: 0,
    columns: 80,
    rows: 24,
    screen: 'sessions',
    trail: [],
    mode: { kind: 'browse' },
    selected: undefined,
    sessionsTop: 0,
    sort: { key: 'recent', isReversed: false },
    filters: {
      sessions: noFilter,
      transcript: noFilter,
      tree: noFilter,
      findings: noFilter,
      statistics: noFilter,
      log: noFilter,
      intercept: noFilter,
      policy: noFilter,
    },
    view: newView(),
    detail: 3,
    inspected: undefined,
    search: '',
    theme: 'dark',
    hasMouse: false,
    flash: undefined,
    requests: [],
    tree: initialTree(),
    findings: initialFindings(),
    statistics: initialStatistics(),
    log: initialLog(),
    intercept: initialIntercept(),
    policy: initialPolicy(),
    canHold: abilities.canHold ?? false,
    canWrite: false,
  }
}

export function newSession(id: SessionId, order: number, at: number): SessionRow {
  const transcript = new Transcript()
  return {
    id,
    order,
    openedAt: at,
    client: undefined,
    listener: '',
    upstreamUrl: '',
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
    found: [],
    held: 0,
    latencies: new Latencies(),
    octetsIn: 0,
    octetsOut: 0,
    errors: 0,
    warnings: 0,
    failure: undefined,
    advice: undefined,
    closed: undefined,
    completion: undefined,
    transcript,
    source: transcript,
    isMarked: false,
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

/** What each live session may keep just now. */
export function budgetOf(state: State): Budget {
  return budgetFor(liveCount(state))
}

export function tell(state: State, text: string): void {
  state.requests.push({ kind: 'tell', text })
}
