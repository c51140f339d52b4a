/** Fault 1: a process that is killed at a random moment; `node test/audit/kill-loop.ts --times 200 --load dovecot` is the long form. */

import { describe, expect, it } from 'vitest'

import { runKillLoop, type KillOptions } from '../audit/kill-loop.ts'
import { requireTool } from '../support/tools.ts'

const hasDovecot = requireTool('dovecot', { package: 'dovecot-imapd' }) !== undefined

async function expectAllOnRecord(load: KillOptions['load'], times: number): Promise<void> {
  const report = await runKillLoop({ times, seed: Date.now(), load })
  expect(report).toMatchObject({ kills: times, missing: [], forbidden: [], problems: [] })
  expect(report.executed).toBeGreaterThan(0)
}

describe('whatever was executed has its record, in a sound chain,', { timeout: 120_000 }, () => {
  it('after 10 kills of the audit under load', () => expectAllOnRecord('audit', 10))

  it('after 3 kills of the proxy before an upstream that notes each command as it comes', () =>
    expectAllOnRecord('scripted', 3))

  it.skipIf(!hasDovecot)('after 3 kills of the proxy before Dovecot, which is asked what it did', () =>
    expectAllOnRecord('dovecot', 3),
  )
})
