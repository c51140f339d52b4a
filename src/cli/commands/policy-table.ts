/** The policy table command: every command there is, and what a policy does with it; it does not know how that is found out. */

import { commandTable } from '../../policy/command-table.ts'
import { exitCodes } from '../exit-codes.ts'
import type { Output } from '../options.ts'
import { openPolicy } from '../policy/open-policy.ts'
import { askBySample } from '../policy/sample-trial.ts'
import { tableJson, tableMarkdown, tableText } from '../policy/table-report.ts'
import type { PolicyTableFlags } from '../policy/trial-words.ts'
import type { Circumstances } from '../policy/try-command.ts'

export function runPolicyTable(file: string, flags: PolicyTableFlags, out: Output): number {
  const { user = 'user', markdown = false, json = false } = flags
  const rows = commandTable([askBySample(openPolicy(file), { ...usual, user })])
  out.write(json ? tableJson(rows) : markdown ? tableMarkdown(rows) : tableText(rows))
  return exitCodes.ok
}

/** On the afternoon of a working day: a table is of what happens usually. */
const usual: Omit<Circumstances, 'user'> = {
  selected: 'INBOX',
  address: '127.0.0.1',
  listener: 'imaps://127.0.0.1:1993',
  client: undefined,
  separator: '/',
  wallTime: { hour: 14, minute: 0, weekday: 'wednesday' },
}
