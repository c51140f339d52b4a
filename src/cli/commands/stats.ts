/** The stats command: the commands of a capture added up and ranked; it does not know what makes two of one kind. */

import { Subjects } from '../../filter/subject-of.ts'
import { CommandTable } from '../../stats/command-table.ts'
import { exitCodes } from '../exit-codes.ts'
import { LineSink } from '../parse/line-sink.ts'
import { FindingSource } from '../reading/finding-source.ts'
import {
  chooseSessions,
  openReading,
  requireFilter,
  tellNothing,
  type ReadingWorld,
} from '../reading/open-reading.ts'
import { choosePaint } from '../reading/paint.ts'
import type { StatsFlags } from '../reading/reading-words.ts'
import { statsJson, statsText, type StatsFacts, type WantedStats } from '../reading/stats-report.ts'

export async function runStats(
  files: readonly string[],
  flags: StatsFlags,
  world: ReadingWorld,
): Promise<number> {
  const facts = await addUp(files, flags, world)
  const wanted: WantedStats = { by: flags.by ?? 'command', sort: flags.sort ?? 'total', top: flags.top }
  const sink = new LineSink(world.out)
  const lines =
    flags.json === true
      ? [statsJson(facts, wanted)]
      : statsText(facts, wanted, choosePaint(world.out, world.env))
  for (const line of lines) sink.add(`${line}\n`)
  await sink.flush()
  return exitCodes.ok
}

async function addUp(files: readonly string[], flags: StatsFlags, world: ReadingWorld): Promise<StatsFacts> {
  const filter = requireFilter(flags.filter)
  // Messages are looked at only where somebody asks what is wrong with them.
  const findings = filter.uses.has('f') ? new FindingSource([]) : undefined
  const messages = findings ? 'all' : 'none'
  const named = chooseSessions(flags.session)
  const wanted = { ...named.wanted, messages, wantsBegun: findings !== undefined } as const
  const reading = openReading(files, wanted, world)
  const subjects = new Subjects()
  const table = new CommandTable()
  const sessions = new Set<string>()
  try {
    for await (const batch of reading.batches()) {
      for (const event of batch) {
        // With a filter those count whose commands do.
        if (event.kind === 'opened' && filter.isEmpty) note(sessions, event.session)
        for (const found of findings?.found(event) ?? []) subjects.observe(found)
        if (event.kind === 'finding') continue
        const subject = filter.isEmpty ? undefined : subjects.observe(event)
        if (event.kind !== 'exchange-completed') continue
        if (subject && !filter.matches(subject)) continue
        table.add(event.exchange, event.view)
        note(sessions, event.session)
      }
    }
  } finally {
    reading.close()
  }
  named.requireFound()
  tellNothing(filter, table.all.count, world.err)
  return { table, sessions: sessions.size }
}

/** Sessions that are told apart; beyond, they are not counted. */
const SESSIONS = 1_000_000

function note(sessions: Set<string>, session: string): void {
  if (sessions.size < SESSIONS) sessions.add(session)
}
