/** Rows of text below a head, as wide as the longest cells ask; it does not know what they tell. */

import { sanitize } from '../../tui/sanitize.ts'
import { columnsOf, fit, truncate } from '../../tui/width.ts'

export interface TextColumn<Row> {
  readonly title: string
  readonly align?: 'right'
  /** Columns that one cell may take, where not all. */
  readonly widest?: number
  readonly cell: (row: Row) => string
}

/** Columns that one cell may take: long names give way to the others. */
const usualWidth = 40

export function writeTextTable<Row>(columns: readonly TextColumn<Row>[], rows: readonly Row[]): string {
  const cells = rows.map((row) =>
    columns.map(({ cell, widest = usualWidth }) => truncate(sanitize(cell(row)), widest)),
  )
  const table = [columns.map(({ title }) => title), ...cells]
  const widths = columns.map((_, at) => Math.max(...table.map((row) => columnsOf(row[at] ?? ''))))
  const lines = table.map((row) =>
    row
      .map((cell, at) => fit(cell, widths[at] ?? 0, columns[at]?.align))
      .join('  ')
      .trimEnd(),
  )
  return lines.map((line) => `${line}\n`).join('')
}
