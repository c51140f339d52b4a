/** Writes docs/policy-commands.md by putting every command to each of the shipped profiles; it does not know how a row looks. */

import { writeFileSync } from 'node:fs'
import { loadPolicyFile } from '../config/policy-settings.ts'
import { readTextFile } from '../config/text-file.ts'
import { writeCommandPage, type PolicyColumn } from '../policy/command-page.ts'
import { commandTable, type AskPolicy } from '../policy/command-table.ts'
import { compilePolicy } from '../policy/compile.ts'
import { makeMailboxView } from '../policy/mailbox-view.ts'
import { askBySample } from './policy/sample-trial.ts'

const page = new URL('../../docs/policy-commands.md', import.meta.url)

interface ProfileColumn extends PolicyColumn {
  /** What a policy of this profile says beside it. */
  readonly more?: string
}

const columns: readonly ProfileColumn[] = [
  { title: 'read-only', about: 'looks at everything, changes nothing.' },
  { title: 'organise', about: 'sorts mail, and never destroys any.' },
  { title: 'append-only', about: 'puts messages in, and does nothing else.' },
  {
    title: 'no-attachments-above',
    about: 'does everything, but large attachments are not given out; the message here is small.',
  },
  { title: 'legacy-device', about: 'fetches from INBOX; no other mailbox exists.' },
  {
    title: 'agent',
    about: 'reads within a budget, and asks for the rest; here with the mailboxes of the samples named.',
    more: 'mailboxes: [{ match: [Work, Drafts, Trash, New, Old], rights: all }]',
  },
]

export function makePolicyPage(): string {
  return writeCommandPage(columns, commandTable(columns.map(askColumn)))
}

function askColumn({ title, more = '' }: ProfileColumn): AskPolicy {
  const text = `extends: ${title}\n${more}\n`
  const name = 'table.yaml'
  const { document } = loadPolicyFile(name, (path) =>
    path === name ? { ok: true, value: text } : readTextFile(path),
  )
  const compiled = compilePolicy(document)
  // The profiles have tests of their own.
  if (!compiled.ok) throw new Error(compiled.problems.map(({ message }) => message).join('\n'))
  const current = { document, compiled: compiled.policy, view: makeMailboxView(document) }
  return askBySample(current, circumstances)
}

/** Who asks when nobody in particular does. */
export const circumstances = {
  user: 'ann',
  selected: 'INBOX',
  address: '127.0.0.1',
  listener: 'imaps://127.0.0.1:1993',
  client: undefined,
  separator: '/',
  wallTime: { hour: 12, minute: 0, weekday: 'monday' },
} as const

if (import.meta.main) writeFileSync(page, makePolicyPage())
