/** A process that does what is on record, as fast as the disk lets it, until somebody kills it; knows no IMAP. */

import { openSync, writeSync } from 'node:fs'

import { openAudit } from '../../../src/app/audit-host.ts'
import { EventBus } from '../../../src/app/event-bus.ts'
import type { ProxyEvent } from '../../../src/relay/event.ts'
import { view } from '../../tui/support/events.ts'

process.stdin.resume().once('end', () => process.exit())
const [, , audit = '', executedPath = '', run = ''] = process.argv
const sessions = 8

const executed = openSync(executedPath, 'a', 0o600)
const bus = new EventBus((error) => {
  throw error
})
const host = await openAudit(
  { path: audit, mode: 'strict' },
  { bus, onProblem: (text) => console.error(text) },
)

const decisionOf = (name: string): ProxyEvent => ({
  kind: 'decided',
  session: 'S1',
  at: 1,
  view: view({ user: 'ann' }),
  decided: {
    rule: 'load',
    effect: 'allow',
    why: name,
    isDryRun: false,
    mailboxes: ['INBOX'],
    level: 'audit',
    sent: 'x'.repeat(1 + (Number(name.split('-')[1]) % 700)),
  },
})

let commands = 0
function next(): void {
  const name = `${run}-${(commands += 1)}`
  host.recorder?.record(decisionOf(name), (isDurable) => {
    if (!isDurable) throw new Error(`${name} could not be recorded`)
    // In the system's hands at once: what was executed stays executed when we die.
    writeSync(executed, `${name}\n`)
    next()
  })
}
for (let session = 0; session < sessions; session++) next()
process.stdout.write('ready\n')
