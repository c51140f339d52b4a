/** The sessions pane: one line a session, live ones first; draws what the layout chose. */

import type { Layout } from '../layout.ts'
import { blank, fitSpan, fitSpans, mark, text, type Line, type Span } from '../span.ts'
import type { SessionRow, State } from '../state.ts'
import { placeColumns, type Placed } from './columns.ts'
import { renderTitle } from './title.ts'

/** Title, headings, and exactly `layout.sessionLines` lines. */
export function renderSessions(state: State, layout: Layout, now: number): Line[] {
  const { visible, selected, sessionLines, top } = layout
  const { columns } = state
  const inView = visible.slice(top, top + sessionLines)
  const placed = placeColumns(
    columns - 1,
    inView.filter((session) => session.failure === undefined),
  )
  const rows: Line[] = inView.map((session) => {
    const isSelected = session === selected
    return {
      spans: fitSpans(
        [
          mark(session.isMarked ? '*' : isSelected ? '>' : ' ', session.isMarked ? 'accent' : 'plain'),
          ...cells(session, placed, now),
        ],
        columns,
      ),
      isSelected,
    }
  })
  if (rows.length === 0 && sessionLines > 0)
    rows.push({ spans: [mark(' No session matches the filter.', 'dim')], isSelected: false })
  while (rows.length < sessionLines) rows.push(blank)
  return [renderTitle(state, titleParts(state, layout), columns), headings(state, placed, columns), ...rows]
}

function titleParts(state: State, { visible, top, sessionLines }: Layout): Parameters<typeof renderTitle>[1] {
  const total = state.sessions.size
  const count = visible.length === total ? `${total}` : `${visible.length} of ${total}`
  const order = state.sort.key === 'recent' ? '' : `by ${state.sort.key}`
  return {
    pane: 'sessions',
    name: 'SESSIONS',
    left: [mark(count)],
    right: [
      ...elsewhere(top, visible.length - top - sessionLines),
      ...(order === '' ? [] : [mark(order, 'dim')]),
    ],
  }
}

/** How many there are out of sight. */
function elsewhere(above: number, below: number): Span[] {
  return [
    ...(above > 0 ? [mark(`↑ ${above}`, 'dim')] : []),
    ...(below > 0 ? [mark(`↓ ${below}`, 'dim')] : []),
  ]
}

function headings(state: State, placed: readonly Placed[], columns: number): Line {
  const spans = placed.flatMap((column) => {
    const isSorted = column.sort === state.sort.key
    const title = isSorted ? column.title + (state.sort.isReversed ? '▴' : '▾') : column.title
    return [mark(' '), fitSpan(mark(title, isSorted ? 'strong' : 'dim'), column.columns, column.align)]
  })
  return { spans: fitSpans(spans, columns), isSelected: false }
}

function cells(session: SessionRow, placed: readonly Placed[], now: number): Span[] {
  const shown =
    session.failure === undefined ? placed : placed.filter(({ title }) => title === 'ID' || title === 'ST')
  const spans: Span[] = []
  for (const column of shown) {
    if (spans.length > 0) spans.push(mark(' '))
    spans.push(
      fitSpan(quiet(column.show(session, now, column.columns), session), column.columns, column.align),
    )
  }
  if (session.failure === undefined) return spans
  return [...spans, mark(' '), mark('TLS-ALERT ', 'bad'), text(session.failure, 'bad'), ...from(session)]
}

function from({ client }: SessionRow): Span[] {
  return client ? [text(` from ${client.host}`, 'dim')] : []
}

/** Closed sessions step back, but for their faults. */
function quiet(span: Span, session: SessionRow): Span {
  return session.closed && span.style !== 'bad' && span.style !== 'warn' ? { ...span, style: 'dim' } : span
}
