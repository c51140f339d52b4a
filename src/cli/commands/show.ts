/** The show command: a capture as a transcript, as wire lines, as trees or as a capture; it does not know the file's format. */

import { RecordEncoder } from '../../capture/record.ts'
import { writeHeader, type CaptureHeader } from '../../capture/header.ts'
import type { ReadOptions } from '../../capture/read-capture.ts'
import type { Filter } from '../../filter/filter.ts'
import type { ObservedEvent } from '../../findings/finding.ts'
import { exitCodes } from '../exit-codes.ts'
import { LineSink } from '../parse/line-sink.ts'
import { Choice } from '../reading/choice.ts'
import { FindingSource } from '../reading/finding-source.ts'
import { requireFindings } from '../reading/known-words.ts'
import {
  chooseSessions,
  openReading,
  readIds,
  requireFilter,
  tellNothing,
  type Reading,
  type ReadingWorld,
} from '../reading/open-reading.ts'
import { choosePaint } from '../reading/paint.ts'
import type { ShowFlags } from '../reading/reading-words.ts'
import { TranscriptLines } from '../reading/transcript-line.ts'
import { Transcript } from '../reading/transcript.ts'
import { WireLines } from '../reading/wire-lines.ts'

interface Show {
  /** The lines that an event adds to what is printed. */
  add(event: ObservedEvent): readonly string[]
  /** Those that the end adds. */
  finish?(): readonly string[]
}

export async function runShow(
  files: readonly string[],
  flags: ShowFlags,
  world: ReadingWorld,
): Promise<number> {
  const filter = requireFilter(flags.filter)
  const sink = new LineSink(world.out)
  const headers: CaptureHeader[] = []
  const sessions = chooseSessions(flags.session)
  let shown = 0
  const add = (line: string): void => {
    shown++
    sink.add(`${line}\n`)
  }
  const reading = openReading(
    files,
    {
      ...sessions.wanted,
      ...chooseRecords(flags, filter),
      printsAlong: true,
      onHeader: (header) => void headers.push(header),
    },
    world,
  )
  const show = chooseShow(flags, { filter, reading, world, headers })
  try {
    for await (const batch of reading.batches()) {
      for (const event of batch) {
        for (const line of show.add(event)) add(line)
        if (sink.isFull) await sink.flush()
      }
    }
    for (const line of show.finish?.() ?? []) add(line)
    await sink.flush()
  } finally {
    reading.close()
  }
  sessions.requireFound()
  tellNothing(filter, shown, world.err)
  return exitCodes.ok
}

interface Parts {
  readonly filter: Filter
  readonly reading: Reading
  readonly world: ReadingWorld
  /** Those met so far. */
  readonly headers: readonly CaptureHeader[]
}

/** A transcript without findings needs of the messages only those that are no answer: the others are not parsed. */
function chooseRecords(flags: ShowFlags, filter: Filter): Pick<ReadOptions, 'messages'> {
  const { json = false, wire = false, tree = false } = flags
  if (json || wire || tree || wantsFindings(flags, filter)) return {}
  return { messages: 'pushes' }
}

const wantsFindings = (flags: ShowFlags, filter: Filter): boolean =>
  flags.findings !== false || filter.uses.has('f')

function chooseShow(flags: ShowFlags, parts: Parts): Show {
  const { filter, reading, world } = parts
  const findings = wantsFindings(flags, filter)
    ? new FindingSource(requireFindings(readIds(flags.ignore), '--ignore'))
    : undefined
  // Whole messages are chosen by their findings only where the filter asks for some.
  const choice = new Choice(filter, filter.uses.has('f') ? findings : undefined)
  if (flags.json === true) return makeRecords(choice, parts)
  const paint = choosePaint(world.out, world.env)
  const wallTimeOf = (at: number): number => reading.clock.wallTimeOf(at)
  if (flags.wire === true || flags.tree === true)
    return makeWire(choice, new WireLines(paint, wallTimeOf), flags.tree === true)
  return new Transcript({ filter, findings, lines: new TranscriptLines(paint, wallTimeOf) })
}

function makeWire(choice: Choice, lines: WireLines, isTree: boolean): Show {
  const linesOf = (event: ObservedEvent): readonly string[] => {
    if (event.kind !== 'message') return []
    return isTree ? lines.tree(event) : lines.wire(event)
  }
  return {
    add: (event) => choice.take(event).flatMap(linesOf),
    finish: () => choice.finish().flatMap(linesOf),
  }
}

/** Encoded anew, behind a header: views tell only what has changed since a record that may be left out. */
function makeRecords(choice: Choice, { headers }: Parts): Show {
  let encoder: RecordEncoder | undefined
  const recordsOf = (events: readonly ObservedEvent[]): readonly string[] => {
    const [header] = headers
    const begins = encoder ? [] : header ? [writeHeader(header)] : []
    // A file whose secrets or bodies were left out has none that could be kept.
    encoder ??= new RecordEncoder({ secrets: header?.secrets ?? false, bodies: header?.bodies ?? false })
    return [...begins, ...events.flatMap((event) => encoder?.encode(event) ?? [])]
  }
  return {
    add: (event) => recordsOf(choice.take(event)),
    finish: () => recordsOf(choice.finish()),
  }
}
