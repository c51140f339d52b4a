/** What policies make of each command as a page for people, in Markdown; it does not know where the page lies, nor how a policy decides. */

import type { CommandRow, Outcome } from './command-table.ts'

export interface PolicyColumn {
  readonly title: string
  /** One sentence. */
  readonly about: string
}

/** The columns are in the order of the rows' outcomes. */
export function writeCommandPage(columns: readonly PolicyColumn[], rows: readonly CommandRow[]): string {
  const about = columns.map(({ title, about: text }) => `- \`${title}\`: ${text}`).join('\n')
  return `${opening}\n${about}\n\n${writeCommandTable(
    columns.map(({ title }) => `\`${title}\``),
    rows,
  )}`
}

/** The table alone. */
export function writeCommandTable(titles: readonly string[], rows: readonly CommandRow[]): string {
  const head = ['Command', 'Extension', 'What it does', ...titles]
  const rule = head.map(() => '---')
  return [head, rule, ...rows.map(writeCells)].map((cells) => `| ${cells.join(' | ')} |\n`).join('')
}

const opening = `# What the profiles make of each command

Every command of every extension that imaptap reads, and one that it does not, put to each of the profiles in
\`profiles/\`. The session is logged in and has INBOX selected, but for commands that belong before login. Whatever is not in
this list is a command that nobody here knows: it is refused in each of them, as \`XFOO\` is, unless \`unknownCommands\` names it.

\`imaptap policy table FILE\` prints the same for a policy of your own. This page is made by really asking each profile:
\`node src/cli/publish-policy-table.ts\` writes it.

- **allowed**: goes on to the server as the client wrote it.
- **as** \`...\`: goes on as what stands there.
- **refused**: answered NO or BAD by imaptap; the server gets nothing. **ends**: the session is closed.
- **asks**: waits until a person agrees, and is refused when nobody does.
- **no such mailbox**: goes on with a name that does not exist, and the client hears what the server says to that.

STARTTLS is refused where the session is under TLS already, as it is here. In the columns:
`

function writeCells({ sample, actions, outcomes }: CommandRow): readonly string[] {
  const variant = sample.variant === '' ? '' : ` ${cell(sample.variant)}`
  const extension = sample.extension === '' ? '' : code(sample.extension)
  return [`${code(sample.name)}${variant}`, extension, actions.join(', '), ...outcomes.map(writeOutcome)]
}

const words: Readonly<Record<Outcome['effect'], string>> = {
  allow: 'allowed',
  deny: 'refused',
  rewrite: 'as',
  hide: 'no such mailbox',
  hold: 'asks',
  delay: 'allowed, later',
  close: 'ends',
}

const writeOutcome = ({ effect, sent }: Outcome): string =>
  effect === 'rewrite' && sent !== undefined ? `as ${code(sent)}` : words[effect]

const code = (text: string): string => `\`${cell(text)}\``
/** A bar would end the cell. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s+/gu, ' ').trim()
