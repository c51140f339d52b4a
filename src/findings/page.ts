/** The list of checks as a page for people, in Markdown; it does not know where the page lies. */

import type { Check } from './check.ts'

export function writeFindingsPage(checks: readonly Check[]): string {
  const parts = sections.map(({ letter, title, opening }) => {
    const rows = checks.filter(({ id }) => id.startsWith(letter)).map(writeRow)
    return `## ${title}\n\n${opening}\n\n| Id | Level | What is wrong | Rule | What to do |\n|---|---|---|---|---|\n${rows.join('')}`
  })
  return `${opening}\n${parts.join('\n')}`
}

const opening = `# Findings

What imaptap points out about a conversation: on the dashboard, in the log (\`event: finding\`), and of a capture with
\`imaptap lint\`. An **error** breaks a MUST, a **warning** a SHOULD or good practice, a **note** is worth knowing. Each
names the side that sent what is wrong. What a rule of imaptap itself brought about is not held against anybody. Known
habits of known servers keep a lower level; they stand behind the rule. Of each check a session tells ten times at most.

\`--ignore-finding ID\`, or \`findings: { ignore: [ID, name] }\` in YAML, silences a finding.

This page is made from \`src/findings/checks/\`: \`node src/cli/publish-findings.ts\` writes it.
`

const sections = [
  { letter: 'C', title: 'Clients', opening: 'What a client sends.' },
  { letter: 'S', title: 'Servers', opening: 'What a server sends: messages and their numbers, and results.' },
  { letter: 'X', title: 'Security', opening: 'What may be an attack, or opens a door to one.' },
  { letter: 'P', title: 'Practice', opening: 'What is slow, wasteful, or stands in the way.' },
] as const

function writeRow({ id, name, level, title, reference, advice, noise = {} }: Check): string {
  const known = Object.entries(noise).map(([server, left]) => `${server}: ${left}`)
  const rule = known.length === 0 ? reference : `${reference} (${known.join(', ')})`
  return `| ${id} \`${name}\` | ${level} | ${cell(title)} | ${cell(rule)} | ${cell(advice)} |\n`
}

/** A bar would end the cell, and an asterisk begin emphasis. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('*', '\\*')
