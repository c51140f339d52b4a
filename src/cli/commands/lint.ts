/** The lint command: what a careful reader finds in a capture, and an exit code for it; it does not know the checks. */

import { loadConfig } from '../../config/load.ts'
import { Subjects } from '../../filter/subject-of.ts'
import type { FindingLevel } from '../../findings/finding.ts'
import { exitCodes } from '../exit-codes.ts'
import { LineSink } from '../parse/line-sink.ts'
import { FindingGroups, levels } from '../reading/finding-groups.ts'
import { FindingSource } from '../reading/finding-source.ts'
import { requireFindings } from '../reading/known-words.ts'
import { lintJson, lintText, type LintFacts } from '../reading/lint-report.ts'
import {
  chooseSessions,
  openReading,
  readIds,
  requireFilter,
  type ReadingWorld,
} from '../reading/open-reading.ts'
import { choosePaint } from '../reading/paint.ts'
import type { LintFlags } from '../reading/reading-words.ts'

export async function runLint(
  files: readonly string[],
  flags: LintFlags,
  world: ReadingWorld,
): Promise<number> {
  const facts = await judge(files, flags, world)
  const sink = new LineSink(world.out)
  const lines = flags.json === true ? [lintJson(facts)] : lintText(facts, choosePaint(world.out, world.env))
  for (const line of lines) {
    sink.add(`${line}\n`)
    if (sink.isFull) await sink.flush()
  }
  await sink.flush()
  const failing = failingLevels(flags.failOn)
  return facts.groups.some(({ level }) => failing.includes(level)) ? exitCodes.runtime : exitCodes.ok
}

function failingLevels(from: LintFlags['failOn'] = 'error'): readonly FindingLevel[] {
  return from === 'never' ? [] : levels.slice(0, levels.indexOf(from) + 1)
}

async function judge(files: readonly string[], flags: LintFlags, world: ReadingWorld): Promise<LintFacts> {
  const filter = requireFilter(flags.filter)
  const findings = new FindingSource(ignoredOf(flags, world))
  const subjects = new Subjects()
  const groups = new FindingGroups()
  const counts = { sessions: 0, exchanges: 0 }
  const sessions = chooseSessions(flags.session)
  const reading = openReading(files, sessions.wanted, world)
  try {
    for await (const batch of reading.batches()) {
      for (const event of batch) {
        if (event.kind === 'opened') counts.sessions++
        if (event.kind === 'exchange-completed') counts.exchanges++
        if (!filter.isEmpty && event.kind !== 'message' && event.kind !== 'finding') subjects.learn(event)
        for (const finding of findings.found(event)) {
          const subject = filter.isEmpty ? undefined : subjects.observe(finding)
          if (!subject || filter.matches(subject)) groups.add(finding)
        }
      }
    }
  } finally {
    reading.close()
  }
  sessions.requireFound()
  return { groups: groups.groups(), ...counts, wallTimeOf: (at) => reading.clock.wallTimeOf(at) }
}

/** What the command line ignores, and what the configuration does. */
function ignoredOf({ ignore, config }: LintFlags, { env }: ReadingWorld): readonly string[] {
  const configured = config === undefined ? [] : loadConfig({ flags: { config }, env }).findings.ignore
  return requireFindings([...readIds(ignore), ...configured], '--ignore')
}
