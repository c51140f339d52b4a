/** What waits for approval as a table of text; it does not know where it comes from. */

import type { ApprovalFacts } from '../../control/protocol.ts'
import { clip } from '../../imap/printable.ts'
import { age } from '../../tui/format.ts'
import { writeTextTable, type TextColumn } from './text-table.ts'

const columns: readonly TextColumn<ApprovalFacts>[] = [
  { title: 'ID', cell: ({ session, ticket }) => `${session}/${ticket}` },
  { title: 'LEFT', align: 'right', cell: ({ leftMillis }) => age(leftMillis) },
  { title: 'THEN', cell: ({ otherwise }) => otherwise },
  { title: 'USER', cell: ({ user }) => user ?? '-' },
  { title: 'RULE', cell: ({ rule }) => rule },
  {
    title: 'COMMAND',
    // All of a note: it says what a long command hides.
    widest: 1_200,
    // A long command takes no room from what it is about.
    cell: ({ command, note }) => (note === undefined ? command : `${clip(command, 280)} (${note})`),
  },
]

export const writeApprovalTable = (approvals: readonly ApprovalFacts[]): string =>
  approvals.length === 0 ? 'nothing waits for approval\n' : writeTextTable(columns, approvals)
