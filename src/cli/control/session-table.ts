/** Live sessions as a table of text; it does not know where they come from. */

import type { SessionFacts } from '../../control/protocol.ts'
import { age, duration, octets } from '../../tui/format.ts'
import { sanitize } from '../../tui/sanitize.ts'
import { columnsOf, fit, truncate } from '../../tui/width.ts'

interface Column {
  readonly title: string
  readonly align?: 'right'
  cell(session: SessionFacts): string
}

/** Columns that one cell may take: long names give way to the others. */
const widest = 40

const columns: readonly Column[] = [
  { title: 'ID', cell: ({ id }) => id },
  { title: 'STATE', cell: ({ state }) => state },
  { title: 'USER', cell: ({ user }) => user ?? '-' },
  { title: 'CLIENT', cell: ({ client, address }) => client ?? address },
  { title: 'MAILBOX', cell: ({ mailbox }) => mailbox ?? '-' },
  { title: 'UPSTREAM', cell: ({ upstream }) => upstream },
  { title: 'TLS', cell: ({ clientTls, serverTls }) => `${version(clientTls)}/${version(serverTls)}` },
  { title: 'NOW', cell: describeNow },
  { title: 'AGE', align: 'right', cell: ({ ageMillis }) => age(ageMillis) },
  { title: 'CMDS', align: 'right', cell: ({ commands }) => String(commands) },
  {
    title: 'IN/OUT',
    align: 'right',
    cell: (facts) => `${octets(facts.octetsIn)}/${octets(facts.octetsOut)}`,
  },
]

/** A line for each session below a head, as wide as the longest cells ask. */
export function writeSessionTable(sessions: readonly SessionFacts[]): string {
  const rows = sessions.map((session) =>
    columns.map((column) => truncate(sanitize(column.cell(session)), widest)),
  )
  const table = [columns.map(({ title }) => title), ...rows]
  const widths = columns.map((_, at) => Math.max(...table.map((row) => columnsOf(row[at] ?? ''))))
  const lines = table.map((row) =>
    row
      .map((cell, at) => fit(cell, widths[at] ?? 0, columns[at]?.align))
      .join('  ')
      .trimEnd(),
  )
  return lines.map((line) => `${line}\n`).join('')
}

function describeNow({ command, commandMillis }: SessionFacts): string {
  return command === undefined ? '-' : `${command} ${duration(commandMillis ?? 0)}`
}

const version = (tls: string | undefined): string => tls?.replace('TLSv', '') ?? '-'
