/** The tail command: what happens in a running imaptap, as lines for people or as a capture; it does not know the socket's words. */

import { randomUUID } from 'node:crypto'
import type { Writable } from 'node:stream'
import { RecordDecoder } from '../../capture/decode.ts'
import { writeHeader } from '../../capture/header.ts'
import { RecordEncoder } from '../../capture/record.ts'
import type { ControlClient } from '../../control/control-client.ts'
import { Subjects } from '../../filter/subject-of.ts'
import type { ObservedEvent } from '../../findings/finding.ts'
import { printable } from '../../imap/printable.ts'
import { formatForPeople } from '../../log/format.ts'
import { recordOf, wireRecords, type Entry } from '../../log/record.ts'
import type { TailFlags } from '../control/control-words.ts'
import { openDaemon } from '../control/open-daemon.ts'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import { LineSink } from '../parse/line-sink.ts'
import { requireFilter } from '../reading/open-reading.ts'
import { readVersion } from '../version.ts'

export interface TailWorld {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly out: Writable
  readonly hasColour: boolean
}

/** Goes on until the daemon ends, which is a failure, or the process does. */
export async function runTail(flags: TailFlags, { env, out, hasColour }: TailWorld): Promise<number> {
  const chooses = makeChoice(flags.filter)
  const client = await openDaemon(flags, env)
  const sink = new LineSink(out)
  const write = flags.json === true ? captureWriter(client, sink) : lineWriter(client, hasColour)
  await sink.flush()
  await client.subscribe({
    messages: flags.wire === true,
    makeDecoder: () => new RecordDecoder(),
    // What was before is known to the filter; a capture needs it too.
    onEvent: (event, when) => {
      const isWanted = when === 'live' || flags.json === true
      if (chooses(event) && isWanted) sink.add(write(event))
    },
    settle: () => sink.flush(),
  })
  throw new Failure(`${client.path}: ${printable(await client.ended)}`, exitCodes.runtime)
}

function makeChoice(source: string | undefined): (event: ObservedEvent) => boolean {
  if (source === undefined) return () => true
  const filter = requireFilter(source)
  const subjects = new Subjects()
  return (event) => {
    const subject = subjects.observe(event)
    return subject !== undefined && filter.matches(subject)
  }
}

type Write = (event: ObservedEvent) => string

/** Encoded anew: of records in between that are left out, later ones would not tell. */
function captureWriter({ hello }: ControlClient, sink: LineSink): Write {
  const encoder = new RecordEncoder()
  const header = writeHeader({
    run: randomUUID(),
    created: hello.wall,
    clock: hello.clock,
    writer: readVersion(),
    secrets: false,
    bodies: false,
  })
  sink.add(`${header}\n`)
  return (event) => {
    const line = encoder.encode(event)
    return line === undefined ? '' : `${line}\n`
  }
}

function lineWriter({ hello }: ControlClient, hasColour: boolean): Write {
  return (event) => {
    const time = new Date(hello.wall + event.at - hello.clock).toISOString()
    return entriesOf(event)
      .map(({ level, record }) => formatForPeople(JSON.stringify({ level, time, ...record }), hasColour))
      .join('')
  }
}

function entriesOf(event: ObservedEvent): readonly Entry[] {
  if (event.kind === 'message') return wireRecords(event).map((record): Entry => ({ level: 'info', record }))
  const entry = recordOf(event)
  return entry ? [entry] : []
}
