/** Live sessions as a table of text; it does not know where they come from. */

import type { SessionFacts } from '../../control/protocol.ts'
import { age, duration, octets } from '../../tui/format.ts'
import { writeTextTable, type TextColumn } from './text-table.ts'

const columns: readonly TextColumn<SessionFacts>[] = [
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

/** A line for each session below a head. */
export const writeSessionTable = (sessions: readonly SessionFacts[]): string =>
  writeTextTable(columns, sessions)

function describeNow({ command, commandMillis }: SessionFacts): string {
  return command === undefined ? '-' : `${command} ${duration(commandMillis ?? 0)}`
}

const version = (tls: string | undefined): string => tls?.replace('TLSv', '') ?? '-'
