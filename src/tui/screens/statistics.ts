/** The statistics screen: which commands, users and clients take the time, the greatest on top; adds nothing up itself. */

import type { CommandRow, Grouping, RowOrder } from '../../stats/command-table.ts'
import { rowOrders } from '../../stats/command-table.ts'
import { duration, grouped, octets } from '../format.ts'
import type { Binding, UiAction } from '../keys.ts'
import { fitSpan, fitSpans, mark, text, type Line, type Span, type Style } from '../span.ts'
import type { State } from '../state.ts'
import { moveCursor, settle } from './list-cursor.ts'
import { filled, renderRule } from './rule.ts'
import type { Area, Clock, ScreenSpec } from './screen.ts'
import { countExchange, countFiltered, shownRows, type StatisticsState } from './statistics-state.ts'

const bindings: readonly Binding[] = [
  {
    keys: ['u'],
    action: { kind: 'own', name: 'turn' },
    shown: 'u',
    command: 'group by',
    help: 'by command, by user, by client',
    hint: 'by user/client',
  },
  sortKey('T', 'total', 'sort by total time'),
  sortKey('C', 'count', 'sort by count'),
  sortKey('E', 'errors', 'sort by errors'),
  sortKey('P', 'p95', 'sort by p95'),
  sortKey('M', 'max', 'sort by the slowest'),
  sortKey('O', 'octets', 'sort by octets'),
  sortKey('N', 'name', 'sort by name; the same letter again reverses'),
]

function sortKey(key: string, order: RowOrder, help: string): Binding {
  return { keys: [key], action: { kind: 'own', name: order }, shown: key, command: `top by ${order}`, help }
}

export const statisticsScreen: ScreenSpec = {
  name: 'statistics',
  title: 'Statistics',
  bindings,
  hasFilter: true,
  render: (state, area, clock) => renderStatistics(state, area, clock),
  act: (state, action, area) => actOnStatistics(state, action, area),
  observe: ({ statistics }, event, session) => {
    if (event.kind === 'exchange-completed') countExchange(statistics, event.exchange, session)
  },
}

function actOnStatistics(state: State, action: UiAction, area: Area): boolean {
  const { statistics } = state
  if (action.kind === 'own') return actByName(statistics, action.name)
  const count = statistics.made?.rows.length ?? 0
  return moveCursor(statistics.cursor, action, { count, height: listHeight(area) })
}

const NEXT: Readonly<Record<Grouping, Grouping>> = { command: 'user', user: 'client', client: 'command' }

function actByName(state: StatisticsState, name: string): boolean {
  if (name === 'turn') state.by = NEXT[state.by]
  const order = rowOrders.find((one) => one === name)
  if (order) state.sort = { order, isReversed: state.sort.order === order && !state.sort.isReversed }
  return order !== undefined || name === 'turn'
}

/** Without rule, headings and the line of all. */
const listHeight = ({ rows }: Area): number => Math.max(0, rows - 3)

export function renderStatistics(state: State, area: Area, { now }: Clock): Line[] {
  const { statistics } = state
  const { filter, source } = state.filters.statistics
  const { rows, table } = shownRows(statistics, state.filters.statistics, now)
  const { all, idle } = table
  const { cursor, sort, by } = statistics
  const height = listHeight(area)
  settle(cursor, rows.length, height)
  const left = [
    mark(`by ${by}`, 'strong'),
    mark(`, ${sort.order} first${sort.isReversed ? ', reversed' : ''}`, 'dim'),
  ]
  const latest = filter && countFiltered(statistics)
  const right = [
    ...(latest === undefined ? [] : [mark(`of the latest ${grouped(latest)}`, 'warn')]),
    ...(idle ? [mark(`IDLE ${idle.count}×`, 'dim')] : []),
  ]
  const rule = renderRule({ name: 'STATISTICS', left, right, filter: source }, area.columns)
  const look = { total: all.totalMillis, columns: area.columns }
  const lines = rows
    .slice(cursor.top, cursor.top + height)
    .map((row, at) => rowLine(row, { ...look, isSelected: cursor.top + at === cursor.at }))
  if (lines.length === 0) lines.push(emptyLine(source))
  const list = filled(lines, height)
  return filled(
    [rule, heading(by, area.columns), ...list, rowLine(all, { ...look, isSelected: false })],
    area.rows,
  )
}

function emptyLine(source: string): Line {
  const words = source === '' ? ' No command was answered yet.' : ' Nothing matches the filter.'
  return { spans: [mark(words, 'dim')], isSelected: false }
}

interface Column {
  readonly title: string
  readonly width: number
  /** From so many columns of the screen on. */
  readonly from: number
  readonly cell: (row: CommandRow, total: number) => Span
}

const columns: readonly Column[] = [
  { title: 'COUNT', width: 7, from: 0, cell: ({ count }) => mark(String(count)) },
  {
    title: 'ERR',
    width: 5,
    from: 72,
    cell: ({ errors }) => mark(String(errors), errors > 0 ? 'warn' : 'dim'),
  },
  { title: 'TOTAL', width: 6, from: 0, cell: ({ totalMillis }) => mark(duration(totalMillis), 'strong') },
  { title: '%', width: 4, from: 60, cell: (row, total) => mark(share(row.totalMillis, total), 'dim') },
  { title: 'p50', width: 6, from: 100, cell: ({ p50 }) => mark(duration(p50)) },
  { title: 'p95', width: 6, from: 50, cell: ({ p95 }) => mark(duration(p95), styleOfTime(p95)) },
  { title: 'MAX', width: 6, from: 80, cell: ({ max }) => mark(duration(max), styleOfTime(max)) },
  { title: 'WAIT', width: 5, from: 100, cell: (row) => mark(share(row.waitMillis, row.totalMillis), 'dim') },
  {
    title: 'IN/OUT',
    width: 9,
    from: 76,
    cell: ({ octetsIn, octetsOut }) => mark(`${octets(octetsIn)}/${octets(octetsOut)}`, 'dim'),
  },
]

const share = (part: number, whole: number): string => `${whole > 0 ? Math.round((100 * part) / whole) : 0}%`

function styleOfTime(millis: number): Style {
  return millis >= 5000 ? 'bad' : millis >= 1000 ? 'warn' : 'plain'
}

const shownColumns = (width: number): readonly Column[] => columns.filter(({ from }) => width >= from)

function nameWidth(width: number): number {
  return Math.max(8, width - 2 - shownColumns(width).reduce((sum, column) => sum + column.width + 1, 0))
}

function heading(by: Grouping, width: number): Line {
  const cells = shownColumns(width).flatMap((column) => [
    mark(' '),
    fitSpan(mark(column.title, 'dim'), column.width, 'right'),
  ])
  const name = fitSpan(mark(by.toUpperCase(), 'dim'), nameWidth(width))
  return { spans: fitSpans([mark(' '), name, ...cells], width), isSelected: false }
}

interface RowLook {
  readonly total: number
  readonly columns: number
  readonly isSelected: boolean
}

function rowLine(row: CommandRow, { total, columns: width, isSelected }: RowLook): Line {
  const cells = shownColumns(width).flatMap((column) => [
    mark(' '),
    fitSpan(column.cell(row, total), column.width, 'right'),
  ])
  const spans = [mark(isSelected ? '>' : ' ', 'title'), fitSpan(text(row.name), nameWidth(width)), ...cells]
  return { spans: fitSpans(spans, width), isSelected }
}
