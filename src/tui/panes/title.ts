/** The ruled line above a pane: its name, what it shows, its filter. */

import { fitSpans, mark, spansWidth, text, type Line, type Span } from '../span.ts'
import type { ScreenName } from '../screens/screen.ts'
import type { State } from '../state.ts'

export interface TitleParts {
  readonly pane: ScreenName
  readonly name: string
  readonly left: readonly Span[]
  readonly right: readonly Span[]
}

export function renderTitle(state: State, parts: TitleParts, columns: number): Line {
  const name = mark(parts.name, state.screen === parts.pane ? 'title' : 'dim')
  const right = [...filterSpans(state, parts.pane), ...parts.right].flatMap((span) => [span, mark(' ')])
  const end = right.length === 0 ? [mark('─', 'dim')] : [mark(' '), ...right, mark('─', 'dim')]
  const room = Math.max(0, columns - spansWidth(end))
  const left = [mark('─ ', 'dim'), name, mark(' '), ...parts.left, mark(' ')]
  const rule = mark('─'.repeat(Math.max(0, room - spansWidth(left))), 'dim')
  return { spans: fitSpans([...fitSpans([...left, rule], room), ...end], columns), isSelected: false }
}

function filterSpans(state: State, pane: ScreenName): Span[] {
  const { source, fault } = state.filters[pane]
  return source === '' ? [] : [text(`/${source}`, fault ? 'bad' : 'accent')]
}
