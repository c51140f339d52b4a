/** What the statistics screen keeps: commands added up by kind, user and client; knows no events but completions. */

import type { Subject } from '../../filter/subject.ts'
import { CommandTable, type CommandRow, type Grouping, type RowOrder } from '../../stats/command-table.ts'
import type { Exchange } from '../../session/exchanges.ts'
import type { SessionRow } from '../state.ts'
import { newCursor, type ListCursor } from './list-cursor.ts'
import { SourceFilter } from './source-filter.ts'

export interface StatisticsState {
  readonly table: CommandTable
  readonly filter: SourceFilter
  readonly cursor: ListCursor
  by: Grouping
  sort: { readonly order: RowOrder; readonly isReversed: boolean }
  /** Rows in order, as last made. */
  made: { readonly rows: readonly CommandRow[]; readonly key: string; readonly until: number } | undefined
}

export function initialStatistics(): StatisticsState {
  return {
    table: new CommandTable(),
    filter: new SourceFilter(),
    cursor: newCursor(),
    by: 'command',
    sort: { order: 'total', isReversed: false },
    made: undefined,
  }
}

export function countExchange(state: StatisticsState, exchange: Exchange, session: SessionRow): void {
  state.table.add(exchange, { user: session.user, client: session.agent })
}

/** Milliseconds that an order stands: rows that change places twelve times a second cannot be read. */
const CALM = 500

/** The rows to be seen, in order. */
export function shownRows(state: StatisticsState, source: string, now: number): readonly CommandRow[] {
  const { order, isReversed } = state.sort
  const key = `${state.by} ${order} ${String(isReversed)} ${source}`
  const { made } = state
  if (made && made.key === key && now < made.until && made.until - now <= CALM) return made.rows
  const sorted = state.table.rows(state.by, order)
  const rows = (isReversed ? sorted.toReversed() : sorted).filter((row) =>
    state.filter.passes(source, () => subjectOfRow(row, state.by)),
  )
  state.made = { rows, key, until: now + CALM }
  return rows
}

/** A row stands for all its commands: only what they have in common can be asked for. */
function subjectOfRow(row: CommandRow, by: Grouping): Subject {
  const { name, p95, octetsIn, octetsOut } = row
  return {
    kind: 'exchange',
    session: '',
    millis: p95,
    octets: octetsIn + octetsOut,
    ...(by === 'command' ? { command: name } : by === 'user' ? { user: name } : { client: name }),
    text: () => name,
  }
}
