/** A row says what a command does and what becomes of it. */

import { expect, it } from 'vitest'
import { writeCommandTable } from '../../src/policy/command-page.ts'
import { commandTable, type Outcome } from '../../src/policy/command-table.ts'

it('each outcome has its words', () => {
  const outcomes: readonly Outcome[] = [
    { effect: 'allow', rule: 'x' },
    { effect: 'deny', rule: 'x' },
    { effect: 'rewrite', rule: 'x', sent: 'EXAMINE a|b' },
    { effect: 'hold', rule: 'x' },
    { effect: 'hide', rule: 'x' },
    { effect: 'close', rule: 'x' },
  ]
  const rows = commandTable(outcomes.map((outcome) => () => outcome))
  const select = rows.filter(({ sample }) => sample.name === 'SELECT')
  expect(writeCommandTable(['a', 'b', 'c', 'd', 'e', 'f'], select).split('\n')[2]).toBe(
    '| `SELECT` | `IMAP4rev1` | look | allowed | refused | as `EXAMINE a\\|b` | asks | no such mailbox | ends |',
  )
})
