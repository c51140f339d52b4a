/** The help: every key of the key table with what it does, then the signs. */

import { helpRows, type HelpRow } from '../key-table.ts'
import { legendRows } from '../legend.ts'
import { blank, fitSpans, mark, type Line } from '../span.ts'
import type { State } from '../state.ts'
import { columnsOf, wrap } from '../width.ts'

/** Header and footer of the screen, title and gap of the help. */
const FRAME = 4
/** Columns before the words. */
const INDENT = 14

/** Exactly `height` lines. */
export function renderHelp(state: State, height: number, top: number): Line[] {
  const rows = helpLines(state.columns).slice(top, top + Math.max(0, height - 2))
  const lines: Line[] = [titleLine(state), blank, ...rows]
  while (lines.length < height) lines.push(blank)
  return lines.slice(0, height)
}

/** The first line when the end is in view; 0 when all of it fits. */
export function lastHelpTop({ columns, rows }: Pick<State, 'columns' | 'rows'>): number {
  return Math.max(0, helpLines(columns).length + FRAME - rows)
}

function helpLines(columns: number): Line[] {
  return [...helpRows(), ...legendRows()].flatMap((row) => rowLines(row, columns))
}

/** Words that do not fit go on below themselves. */
function rowLines(row: HelpRow, columns: number): Line[] {
  if (row.isHeading)
    return [{ spans: fitSpans([mark(` ${row.help}`, 'strong')], columns), isSelected: false }]
  const lead = `   ${row.shown}`
  const start = lead + ' '.repeat(Math.max(1, INDENT - columnsOf(lead)))
  return wrap(row.help, Math.max(8, columns - INDENT - 1)).map((words, at) => {
    const spans = [mark(at === 0 ? start : ' '.repeat(INDENT), 'title'), mark(words)]
    return { spans: fitSpans(spans, columns), isSelected: false }
  })
}

function titleLine(state: State): Line {
  const name = 'HELP: keys, then signs'
  const rule = '─'.repeat(Math.max(0, state.columns - columnsOf(name) - 3))
  return {
    spans: fitSpans([mark('─ ', 'dim'), mark(name, 'title'), mark(` ${rule}`, 'dim')], state.columns),
    isSelected: false,
  }
}
