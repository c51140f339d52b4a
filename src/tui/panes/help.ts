/** The help: every key of the key table with what it does. */

import { helpRows } from '../keys.ts'
import { blank, fitSpans, mark, type Line } from '../span.ts'
import type { State } from '../state.ts'

/** Exactly `height` lines. */
export function renderHelp(state: State, height: number, top: number): Line[] {
  const rows = helpRows().slice(top, top + height - 2)
  const lines: Line[] = [titleLine(state), blank]
  for (const row of rows) {
    const spans = row.isHeading
      ? [mark(` ${row.help}`, 'strong')]
      : [mark(`   ${row.shown.padEnd(10)}`, 'title'), mark(row.help)]
    lines.push({ spans: fitSpans(spans, state.columns), isSelected: false })
  }
  while (lines.length < height) lines.push(blank)
  return lines.slice(0, height)
}

function titleLine(state: State): Line {
  const rule = '─'.repeat(Math.max(0, state.columns - 8))
  return {
    spans: fitSpans([mark('─ ', 'dim'), mark('HELP', 'title'), mark(` ${rule}`, 'dim')], state.columns),
    isSelected: false,
  }
}
