/** How the rows of the terminal are shared out between header, panes and footer; draws nothing. */

import { NOW_WIDTH } from './panes/columns.ts'
import type { Area } from './screens/screen.ts'
import { selectedSession, visibleSessions } from './selection.ts'
import type { SessionRow, State } from './state.ts'
import { sanitize } from './sanitize.ts'
import { columnsOf, wrap } from './width.ts'

/** From this size on both panes are shown at once. */
const SPLIT_COLUMNS = 100
const SPLIT_ROWS = 32
/** The sessions' share of a split screen, and their share while the transcript is what one works in. */
const SESSIONS_SHARE = 0.4
const LESSER_SHARE = 0.25
/** A transcript of at least so many lines spares some for the details of one. */
const DETAIL_FROM = 14
/** Lines of advice shown at most. */
const ADVICE_LINES = 3
/** Lines shown at most of why a session closed. */
const ENDING_LINES = 2

export interface Layout {
  readonly visible: readonly SessionRow[]
  readonly selected: SessionRow | undefined
  /** Lines below the sessions pane's title and headings; 0 where it is not shown. */
  readonly sessionLines: number
  /** Lines below the transcript pane's title; 0 where it is not shown. */
  readonly transcriptLines: number
  /** Lines that tell about the selected line, below a rule of their own; 0 where they are not shown. */
  readonly detailLines: number
  /** First session in view. */
  readonly top: number
  readonly advice: readonly string[]
  /** Why the selected session closed, where its row has no room for it. */
  readonly ending: readonly string[]
}

/** The part of the terminal that belongs to the open screen. */
export function areaOf(state: State): Area {
  const layout = isConversation(state) ? layOut(state) : undefined
  const told = layout ? layout.advice.length + layout.ending.length : 0
  const area = { columns: state.columns, rows: Math.max(0, state.rows - 2 - told) }
  return layout ? { ...area, layout } : area
}

/** Sessions and transcript share a large screen. */
export function isConversation({ screen }: State): boolean {
  return screen === 'sessions' || screen === 'transcript'
}

export function layOut(state: State): Layout {
  const visible = visibleSessions(state)
  const selected = selectedSession(state, visible)
  const advice = adviceLines(state, selected)
  const ending = endingLines(state, selected)
  const body = Math.max(0, state.rows - 2 - advice.length - ending.length)
  const shares = share(state, body)
  const at = selected ? visible.indexOf(selected) : 0
  const top = topRow({ before: state.sessionsTop, at, count: visible.length, height: shares.sessionLines })
  return { visible, selected, advice, ending, top, ...shares }
}

type Shares = Pick<Layout, 'sessionLines' | 'transcriptLines' | 'detailLines'>

function share(state: State, body: number): Shares {
  const isSplit = state.columns >= SPLIT_COLUMNS && state.rows >= SPLIT_ROWS
  const isTranscript = state.screen === 'transcript'
  const sessions = isSplit
    ? Math.floor(body * (isTranscript ? LESSER_SHARE : SESSIONS_SHARE))
    : isTranscript
      ? 0
      : body
  const transcript = isSplit ? body - sessions : isTranscript ? body : 0
  const hasDetail = isTranscript && state.detail > 0 && transcript >= DETAIL_FROM
  const detailLines = hasDetail ? Math.min(state.detail, Math.floor(transcript / 2)) : 0
  return {
    sessionLines: Math.max(0, sessions - 2),
    transcriptLines: Math.max(0, transcript - 1 - (hasDetail ? detailLines + 1 : 0)),
    detailLines,
  }
}

/** The list moves only as far as it must to keep the selection in view. */
function topRow(list: { before: number; at: number; count: number; height: number }): number {
  const least = Math.max(0, list.at - list.height + 1)
  const most = Math.max(0, Math.min(list.at, list.count - list.height))
  return Math.max(least, Math.min(most, list.before))
}

/** The transcript tells it by itself. */
function endingLines(state: State, selected: SessionRow | undefined): string[] {
  const reason = sanitize(selected?.closed?.reason ?? '')
  if (state.screen !== 'sessions' || state.columns < 10 || columnsOf(reason) <= NOW_WIDTH) return []
  return wrap(`${selected?.id ?? ''} closed: ${reason}`, state.columns - 4).slice(0, ENDING_LINES)
}

function adviceLines(state: State, selected: SessionRow | undefined): string[] {
  if (selected?.advice === undefined || state.columns < 10) return []
  const lines = wrap(sanitize(selected.advice), state.columns - 4)
  return lines.slice(0, state.rows < 16 ? 2 : ADVICE_LINES)
}
