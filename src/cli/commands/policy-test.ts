/** The policy test command: what a policy would have done with recorded sessions, and an exit code for it. */

import { Subjects } from '../../filter/subject-of.ts'
import { exitCodes } from '../exit-codes.ts'
import { openPolicy } from '../policy/open-policy.ts'
import { PolicyReplay, type JudgedEffect } from '../policy/policy-replay.ts'
import { testJson, testText } from '../policy/test-report.ts'
import { PolicyTally } from '../policy/test-tally.ts'
import type { PolicyTestFlags } from '../policy/trial-words.ts'
import {
  chooseSessions,
  openReading,
  requireFilter,
  tellNothing,
  type ReadingWorld,
} from '../reading/open-reading.ts'
import { choosePaint } from '../reading/paint.ts'

export async function runPolicyTest(
  file: string,
  captures: readonly string[],
  flags: PolicyTestFlags,
  world: ReadingWorld,
): Promise<number> {
  const filter = requireFilter(flags.filter)
  const current = openPolicy(file)
  const sessions = chooseSessions(flags.session)
  const reading = openReading(captures, sessions.wanted, world)
  const wallTimeOf = (at: number): number => reading.clock.wallTimeOf(at)
  const replay = new PolicyReplay(current, wallTimeOf)
  const tally = new PolicyTally()
  const subjects = new Subjects()
  try {
    for await (const batch of reading.batches()) {
      for (const event of batch) {
        const judged = replay.take(event)
        const subject = filter.isEmpty ? undefined : subjects.observe(event)
        if (judged && (filter.isEmpty || (subject && filter.matches(subject)))) tally.add(judged)
      }
    }
  } finally {
    reading.close()
  }
  sessions.requireFound()
  tellNothing(filter, tally.commands, world.err)
  const look = { paint: choosePaint(world.out, world.env), wallTimeOf }
  const lines = flags.json === true ? [testJson(tally, look)] : testText(tally, look)
  world.out.write(lines.map((line) => `${line}\n`).join(''))
  return failingEffects[flags.failOn ?? 'never'].some((effect) => tally.effects[effect] > 0)
    ? exitCodes.runtime
    : exitCodes.ok
}

const failingEffects: Readonly<Record<'deny' | 'hold' | 'never', readonly JudgedEffect[]>> = {
  deny: ['deny', 'close', 'hide'],
  hold: ['deny', 'close', 'hide', 'hold'],
  never: [],
}
