/** The transcript pane: the conversation of the selected session, line by line; follows its end unless told otherwise. */

import type { Layout } from '../layout.ts'
import { transcriptWindow } from '../selection.ts'
import { blank, fitSpans, mark, text, type Line, type Span } from '../span.ts'
import { shownUser, type SessionRow, type State } from '../state.ts'
import { renderTitle } from './title.ts'
import { renderRow, rowGeometry, type RowContext } from './transcript-row.ts'

/** Title and exactly `layout.transcriptLines` lines. */
export function renderTranscript(
  state: State,
  layout: Layout,
  clock: { now: number; epoch: number },
): Line[] {
  const { selected, transcriptLines } = layout
  if (!selected)
    return filled(
      [renderTitle(state, { pane: 'transcript', name: 'TRANSCRIPT', left: [], right: [] }, state.columns)],
      transcriptLines + 1,
    )
  const view = transcriptWindow(state, selected, transcriptLines)
  const context: RowContext = { ...clock, columns: state.columns, geometry: rowGeometry(state.columns) }
  const lines = view.items.map((row) => renderRow(row, context))
  if (lines.length === 0)
    lines.push({ spans: fitSpans([mark(emptyNote(state), 'dim')], state.columns), isSelected: false })
  const right = [mark(position(state, view.below), state.transcriptTop === undefined ? 'good' : 'warn')]
  const title = renderTitle(
    state,
    { pane: 'transcript', name: selected.id, left: about(selected), right },
    state.columns,
  )
  return filled([title, ...lines], transcriptLines + 1)
}

function about(session: SessionRow): Span[] {
  const spans = [text(shownUser(session) ?? '-', session.user === undefined ? 'dim' : 'strong')]
  if (session.mailbox !== undefined) spans.push(mark(' '), text(session.mailbox))
  if (session.agent !== undefined) spans.push(mark(' · ', 'dim'), text(session.agent, 'dim'))
  if (session.upstream !== '') spans.push(mark(' → ', 'dim'), text(session.upstream, 'dim'))
  if (session.closed) spans.push(mark(' (closed)', 'dim'))
  return spans
}

function position(state: State, below: number): string {
  if (state.transcriptTop === undefined) return 'follow:on'
  return below > 0 ? `follow:off ${below} below` : 'follow:off'
}

function emptyNote(state: State): string {
  return state.filters.transcript.source === '' ? ' Nothing was said yet.' : ' No row matches the filter.'
}

function filled(lines: readonly Line[], height: number): Line[] {
  const whole = lines.slice(0, height)
  while (whole.length < height) whole.push(blank)
  return whole
}
