/** What a policy does with every command there is, as text, Markdown or JSON; it does not know how it was asked. */

import { printable } from '../../imap/printable.ts'
import type { CommandRow, Outcome } from '../../policy/command-table.ts'
import { writeTextTable, type TextColumn } from '../control/text-table.ts'

/** Of the object that `--json` prints. */
const schema = 1

/** `SELECT Work, of all mailboxes`. */
const nameOf = ({ sample }: CommandRow): string =>
  sample.variant === '' ? sample.name : `${sample.name}, ${sample.variant}`

const words: Readonly<Record<Outcome['effect'], string>> = {
  allow: 'allowed',
  deny: 'refused',
  rewrite: 'rewritten',
  hide: 'hidden',
  hold: 'held for approval',
  delay: 'delayed',
  close: 'session closed',
}

const outcomeOf = ({ outcomes }: CommandRow): Outcome | undefined => outcomes[0]

function whatHappens(row: CommandRow): string {
  const outcome = outcomeOf(row)
  if (!outcome) return ''
  const sent = outcome.sent === undefined ? '' : ` to ${printable(outcome.sent)}`
  return `${words[outcome.effect]}${sent}`
}

const columns: readonly TextColumn<CommandRow>[] = [
  { title: 'COMMAND', widest: 60, cell: nameOf },
  { title: 'EXTENSION', cell: ({ sample }) => sample.extension || '-' },
  { title: 'DOES', cell: ({ actions }) => actions.join(' ') || '-' },
  { title: 'WHAT HAPPENS', widest: 100, cell: whatHappens },
  { title: 'RULE', cell: (row) => outcomeOf(row)?.rule ?? '' },
]

export const tableText = (rows: readonly CommandRow[]): string => writeTextTable(columns, rows)

export function tableMarkdown(rows: readonly CommandRow[]): string {
  const head = line(columns.map(({ title }) => title.charAt(0) + title.slice(1).toLowerCase()))
  const rule = `|${columns.map(() => '---|').join('')}\n`
  return head + rule + rows.map((row) => line(columns.map((column) => column.cell(row)))).join('')
}

const line = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(' | ')} |\n`
const escapeCell = (text: string): string => text.replaceAll(/[\\|*_`<]/gu, String.raw`\$&`)

export function tableJson(rows: readonly CommandRow[]): string {
  const commands = rows.map((row) => ({
    command: row.sample.name,
    variant: row.sample.variant,
    extension: row.sample.extension,
    line: row.sample.line,
    actions: row.actions,
    ...outcomeOf(row),
  }))
  return `${JSON.stringify({ schema, commands })}\n`
}
