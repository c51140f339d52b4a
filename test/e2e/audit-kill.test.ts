/** Fault 1: a process that is killed at a random moment; `node test/audit/kill-loop.ts --times 200` is the long form. */

import { expect, it } from 'vitest'

import { runKillLoop } from '../audit/kill-loop.ts'

it.each(['audit', 'gateway'] as const)(
  'whatever was executed has its record, in a sound chain, after 10 kills of the %s under load',
  { timeout: 60_000 },
  async (load) => {
    const report = await runKillLoop({ times: 10, seed: Date.now(), load })
    expect(report).toMatchObject({ kills: 10, missing: [], problems: [] })
    expect(report.executed).toBeGreaterThan(0)
  },
)
