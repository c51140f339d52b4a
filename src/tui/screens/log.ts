/** The log screen: warnings, rewrites, failed logins and findings of all sessions, the newest last; keeps nothing itself. */

import { timeOfDay } from '../format.ts'
import type { Binding, UiAction } from '../keys.ts'
import { fitSpan, fitSpans, mark, text, type Line, type Style } from '../span.ts'
import { openScreen } from '../navigation.ts'
import type { State } from '../state.ts'
import { moveCursor, settle } from './list-cursor.ts'
import { keepNote, shownEntries, type LogEntry, type LogLevel } from './log-state.ts'
import { filled, renderRule } from './rule.ts'
import type { Area, Clock, ScreenSpec } from './screen.ts'

const bindings: readonly Binding[] = [
  {
    keys: ['enter'],
    action: { kind: 'own', name: 'jump' },
    shown: 'Enter',
    command: 'log jump',
    help: 'to the transcript of the session',
    hint: 'session',
  },
  {
    keys: ['f'],
    action: { kind: 'own', name: 'follow' },
    shown: 'f',
    command: 'log follow',
    help: 'follow the end, or stop following',
    hint: 'follow',
  },
]

export const logScreen: ScreenSpec = {
  name: 'log',
  title: 'Log',
  bindings,
  hasFilter: true,
  render: (state, area, clock) => renderLog(state, area, clock),
  act: (state, action, area) => actOnLog(state, action, area),
  observe: (state, event, session) => keepNote(state.log, event, session),
}

function actOnLog(state: State, action: UiAction, area: Area): boolean {
  const { log } = state
  const entries = shownEntries(log, state.filters.log.source)
  if (action.kind === 'own') return actByName(state, action.name, entries)
  if (log.isFollowing) log.cursor.at = entries.length - 1
  if (!moveCursor(log.cursor, action, { count: entries.length, height: area.rows - 1 })) return false
  log.isFollowing = action.kind === 'jump' && action.to === 'last'
  return true
}

function actByName(state: State, name: string, entries: readonly LogEntry[]): boolean {
  const { log } = state
  if (name === 'follow') log.isFollowing = !log.isFollowing
  else if (name !== 'jump') return false
  const entry = entries[log.cursor.at]
  // What was said at the start is of no session.
  if (name === 'jump' && entry && entry.session !== '') {
    state.selected = entry.session
    openScreen(state, 'transcript')
  }
  return true
}

export function renderLog(state: State, area: Area, clock: Clock): Line[] {
  const { log } = state
  const source = state.filters.log.source
  const entries = shownEntries(log, source)
  const height = Math.max(0, area.rows - 1)
  if (log.isFollowing) log.cursor.at = entries.length - 1
  settle(log.cursor, entries.length, height)
  const below = Math.max(0, entries.length - log.cursor.top - height)
  const follow = log.isFollowing ? mark('follow:on', 'good') : mark(`follow:off ${below} below`, 'warn')
  const rule = renderRule(
    { name: 'LOG', left: [mark(`${entries.length} notes`)], right: [follow], filter: source },
    area.columns,
  )
  const lines = entries.slice(log.cursor.top, log.cursor.top + height).map((entry, row) =>
    entryLine(entry, {
      isSelected: log.cursor.top + row === log.cursor.at,
      epoch: clock.epoch,
      columns: area.columns,
    }),
  )
  return filled([rule, ...(lines.length > 0 ? lines : [emptyLine(source)])], area.rows)
}

function emptyLine(source: string): Line {
  const words = source === '' ? ' Nothing to tell so far.' : ' No note matches the filter.'
  return { spans: [mark(words, 'dim')], isSelected: false }
}

const MARKS: Readonly<Record<LogLevel, string>> = { info: '· ', rewrite: '<-', warn: '! ', bad: '✖ ' }
const STYLES: Readonly<Record<LogLevel, Style>> = {
  info: 'plain',
  rewrite: 'accent',
  warn: 'warn',
  bad: 'bad',
}

interface EntryLook {
  readonly isSelected: boolean
  readonly epoch: number
  readonly columns: number
}

function entryLine(entry: LogEntry, { isSelected, epoch, columns }: EntryLook): Line {
  const style = STYLES[entry.level]
  const time = columns < 60 ? [] : [mark(`${timeOfDay(entry.at + epoch)} `, 'dim')]
  const user = columns < 80 ? [] : [fitSpan(text(entry.user ?? '-', 'dim'), 18), mark(' ')]
  const session = fitSpan(text(entry.session, 'strong'), 5)
  const spans = [
    mark(' '),
    ...time,
    session,
    mark(' '),
    ...user,
    mark(`${MARKS[entry.level]} `, style),
    text(entry.text, style),
  ]
  return { spans: fitSpans(spans, columns), isSelected }
}
