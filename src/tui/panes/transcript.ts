/** The transcript pane: the conversation of the selected session, line by line; follows its end unless told otherwise. */

import type { Layout } from '../layout.ts'
import { blank, fitSpans, mark, text, type Line, type Span } from '../span.ts'
import { shownUser, type SessionRow, type State } from '../state.ts'
import { isSame, windowOf, type ViewLine, type Window } from '../transcript-view.ts'
import { renderDetail } from './detail.ts'
import { renderTitle } from './title.ts'
import { renderRow, rowGeometry, type RowContext } from './transcript-row.ts'

/** Title, exactly `layout.transcriptLines` lines, and the details of the selected one. */
export function renderTranscript(
  state: State,
  layout: Layout,
  clock: { now: number; epoch: number },
): Line[] {
  const { selected, transcriptLines, detailLines } = layout
  if (!selected)
    return filled(
      [renderTitle(state, { pane: 'transcript', name: 'TRANSCRIPT', left: [], right: [] }, state.columns)],
      transcriptLines + 1,
    )
  const view = windowOf(state, selected, transcriptLines)
  const cursor = state.screen === 'transcript' ? selectedLine(view) : undefined
  const context: RowContext = {
    ...clock,
    columns: state.columns,
    geometry: rowGeometry(state.columns),
    describe: state.describe,
    open: state.view.open,
    cursor,
  }
  const lines = view.lines.map((one) => renderRow(one, context))
  if (lines.length === 0)
    lines.push({ spans: fitSpans([mark(emptyNote(state), 'dim')], state.columns), isSelected: false })
  const right = position(state, view).map((part) =>
    mark(part, state.view.cursor === undefined ? 'good' : 'warn'),
  )
  const parts = { pane: 'transcript', name: selected.id, left: about(selected), right } as const
  const rows = filled([renderTitle(state, parts, state.columns), ...lines], transcriptLines + 1)
  return detailLines === 0 ? rows : [...rows, ...renderDetail(cursor, { ...context, height: detailLines })]
}

function selectedLine({ lines, cursor }: Window): ViewLine | undefined {
  return lines.find(({ spot }) => isSame(spot, cursor))
}

function about(session: SessionRow): Span[] {
  const spans = [text(shownUser(session) ?? '-', session.user === undefined ? 'dim' : 'strong')]
  if (session.mailbox !== undefined) spans.push(mark(' '), text(session.mailbox))
  if (session.agent !== undefined) spans.push(mark(' · ', 'dim'), text(session.agent, 'dim'))
  if (session.upstream !== '') spans.push(mark(' → ', 'dim'), text(session.upstream, 'dim'))
  if (session.closed) spans.push(mark(' (closed)', 'dim'))
  return spans
}

function position(state: State, { above, below }: Window): string[] {
  const parts = [above === undefined ? '↑ more' : above > 0 ? `↑ ${above}` : '']
  parts.push(below === undefined ? '↓ more' : below > 0 ? `↓ ${below}` : '')
  parts.push(state.view.cursor === undefined ? 'follow:on' : 'follow:off')
  return parts.filter((part) => part !== '')
}

function emptyNote(state: State): string {
  return state.filters.transcript.source === '' ? ' Nothing was said yet.' : ' No row matches the filter.'
}

function filled(lines: readonly Line[], height: number): Line[] {
  const whole = lines.slice(0, height)
  while (whole.length < height) whole.push(blank)
  return whole
}
