/** The table of commands as text for people and as one object for programs; knows no capture. */

import { printable } from '../../imap/printable.ts'
import type { CommandRow, CommandTable, Grouping, RowOrder } from '../../stats/command-table.ts'
import { exactDuration, grouped, octets } from '../../tui/format.ts'
import type { Paint } from './paint.ts'

/** The version of the JSON of stats. */
const SCHEMA = 1
/** Characters of a fingerprint, a user or a client. */
const NAME = 120
/** Rows that are printed unless more are asked for. */
const ROWS = 40

export interface WantedStats {
  readonly by: Grouping
  readonly sort: RowOrder
  readonly top: number | undefined
}

export interface StatsFacts {
  readonly table: CommandTable
  readonly sessions: number
}

export function statsJson({ table, sessions }: StatsFacts, { by, sort, top }: WantedStats): string {
  const rows = table.rows(by, sort).slice(0, top)
  const { all, idle } = table
  return JSON.stringify({
    schema: SCHEMA,
    by,
    sessions,
    all: rowJson(all),
    idle: idle && rowJson(idle),
    rows: rows.map(rowJson),
  })
}

/** Times with three digits behind the point: the clock is good for no more. */
function rowJson(row: CommandRow): Readonly<Record<string, string | number>> {
  const { name, count, errors, aborted, octetsIn, octetsOut } = row
  const { totalMillis, waitMillis, transferMillis, p50, p95, max } = row
  const times = Object.entries({ totalMillis, waitMillis, transferMillis, p50, p95, max })
  const rounded = times.map(([key, millis]) => [key, Math.round(millis * 1000) / 1000] as const)
  return { name, count, errors, aborted, ...Object.fromEntries(rounded), octetsIn, octetsOut }
}

const heads = ['count', 'errors', 'total', 'wait', 'p50', 'p95', 'max', 'in', 'out'] as const

export function statsText(
  facts: StatsFacts,
  { by, sort, top = ROWS }: WantedStats,
  paint: Paint,
): readonly string[] {
  const { table, sessions } = facts
  const rows = table.rows(by, sort)
  const shown = rows.slice(0, top)
  const cells = [[...heads, by], ...shown.map(cellsOf), cellsOf({ ...table.all, name: 'all' })]
  if (table.idle) cells.push(cellsOf(table.idle))
  const [head = '', ...lines] = align(cells)
  const rest = rows.length - shown.length
  return [
    paint('bold', head),
    ...lines,
    ...(rest > 0 ? [`${grouped(rest)} more rows: --top ${rows.length} shows them`] : []),
    `${grouped(sessions)} ${sessions === 1 ? 'session' : 'sessions'}`,
  ]
}

function cellsOf(row: CommandRow): string[] {
  const times = [row.totalMillis, row.waitMillis, row.p50, row.p95, row.max].map(exactDuration)
  const sizes = [octets(row.octetsIn), octets(row.octetsOut)]
  return [grouped(row.count), grouped(row.errors), ...times, ...sizes, printable(row.name, NAME)]
}

/** All but the last column to the right. */
function align(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = heads.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row.map((cell, column) => (column < heads.length ? cell.padStart(widths[column] ?? 0) : cell)).join('  '),
  )
}
