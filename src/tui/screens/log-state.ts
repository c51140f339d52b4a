/** What the log screen keeps: the latest notes of all sessions; bounded, and without events. */

import type { DecidedMark, Subject } from '../../filter/subject.ts'
import { markOf, noteText } from '../../filter/subject-of.ts'
import type { FindingLevel, ObservedEvent } from '../../findings/finding.ts'
import { isRefusal, isTold } from '../../relay/decided-words.ts'
import type { Address } from '../../relay/event.ts'
import type { Exchange } from '../../session/exchanges.ts'
import type { DashboardInfo, SessionRow } from '../state.ts'
import { newCursor, type ListCursor } from './list-cursor.ts'
import { SourceFilter } from './source-filter.ts'

/** Notes kept of all sessions together. */
const KEPT = 2000
/** Characters of a note kept. */
const TEXT_KEPT = 600

export type LogLevel = 'info' | 'rewrite' | 'warn' | 'bad'

export interface LogEntry {
  readonly at: number
  readonly session: string
  readonly user: string | undefined
  readonly client: string | undefined
  readonly level: LogLevel
  readonly text: string
  readonly finding?: { readonly id: string; readonly name: string; readonly level: FindingLevel }
  readonly decided?: DecidedMark
  readonly command?: string | undefined
}

export interface LogState {
  entries: LogEntry[]
  /** Notes that were let go. */
  dropped: number
  readonly filter: SourceFilter
  readonly cursor: ListCursor
  isFollowing: boolean
}

export function initialLog(): LogState {
  return { entries: [], dropped: 0, filter: new SourceFilter(), cursor: newCursor(), isFollowing: true }
}

/** What holds for all sessions, said before the first. */
export function keepStart(state: LogState, { capture, warnings = [] }: DashboardInfo, at: number): void {
  const common = { at, session: '', user: undefined, client: undefined }
  if (capture !== undefined)
    state.entries.push({ ...common, level: 'info', text: cut(`all that is said is kept in ${capture}`) })
  for (const text of warnings) state.entries.push({ ...common, level: 'warn', text: cut(text) })
}

export function keepNote(state: LogState, event: ObservedEvent, session: SessionRow): void {
  const entry = entryOf(event, session)
  if (!entry) return
  state.entries.push(entry)
  // A quarter more before trimming, so that the move is paid once in many notes.
  if (state.entries.length <= KEPT * 1.25) return
  state.dropped += state.entries.length - KEPT
  state.entries = state.entries.slice(-KEPT)
}

function entryOf(event: ObservedEvent, session: SessionRow): LogEntry | undefined {
  const { user, triedUser, agent, client } = session
  const common = { at: event.at, session: event.session, user: user ?? triedUser, client: agent }
  switch (event.kind) {
    case 'finding': {
      const { id, name, level, text } = event.finding
      const shown = level === 'error' ? 'bad' : level === 'warning' ? 'warn' : 'info'
      return { ...common, level: shown, text: cut(`${id} ${name}: ${text}`), finding: { id, name, level } }
    }
    case 'exchange-completed':
      return isFailedLogin(event.exchange)
        ? { ...common, level: 'warn', text: cut(failedLogin(event.exchange, client)) }
        : undefined
    case 'warning':
      return { ...common, level: 'warn', text: cut(`${event.reason}: ${event.advice}`) }
    case 'decided': {
      const { decided, exchange } = event
      if (!isTold(decided)) return undefined
      const level = isRefusal(decided) ? 'warn' : 'rewrite'
      const args = exchange?.args ? ` (${exchange.args})` : ''
      return {
        ...common,
        level,
        text: cut(noteText(event) + args),
        decided: markOf(decided),
        command: exchange?.name,
      }
    }
    case 'rewritten':
      return { ...common, level: 'rewrite', text: cut(noteText(event)) }
    case 'tls-failed':
    case 'unreadable':
      return { ...common, level: 'bad', text: cut(noteText(event)) }
    default:
      return undefined
  }
}

const LOGINS: ReadonlySet<string> = new Set(['LOGIN', 'AUTHENTICATE'])

const isFailedLogin = ({ name, status }: Exchange): boolean =>
  LOGINS.has(name) && (status === 'NO' || status === 'BAD')

/** `login as ann from 192.0.2.7 failed: NO [AUTHENTICATIONFAILED] Invalid credentials`. */
function failedLogin({ status, code, user, text }: Exchange, client: Address | undefined): string {
  const who = user === undefined ? '' : ` as ${user}`
  const where = client === undefined ? '' : ` from ${client.host}`
  const said = [status, code === undefined ? undefined : `[${code}]`, text].filter((part) => part)
  return `login${who}${where} failed: ${said.join(' ')}`
}

const cut = (text: string): string => (text.length > TEXT_KEPT ? `${text.slice(0, TEXT_KEPT)}…` : text)

/** The entries that are to be seen, oldest first. */
export function shownEntries(state: LogState, source: string): readonly LogEntry[] {
  if (source === '') return state.entries
  return state.entries.filter((entry) => state.filter.passes(source, () => subjectOfEntry(entry)))
}

function subjectOfEntry({ session, user, client, text, finding, decided, command }: LogEntry): Subject {
  const kind = decided ? 'decided' : finding ? 'finding' : 'note'
  return {
    kind,
    session,
    user,
    client,
    command,
    findings: finding && [finding],
    decided: decided && [decided],
    text: () => text,
  }
}
