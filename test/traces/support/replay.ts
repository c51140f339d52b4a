/** Replays a trace through the reader, cut where a test wants it cut. */

import { messageJson, type Json } from '../../../src/cli/parse/message-json.ts'
import type { Reading } from '../../../src/imap/cursor.ts'
import type { Trace } from '../../../src/imap/trace.ts'
import { WireReader, type WireSides } from '../../../src/session/wire-reader.ts'

export type Replay = readonly Readonly<Record<string, Json | undefined>>[]

/** Steps of one side that follow each other are one push, but for the cuts: `isCut` is asked for each octet from 1. */
export function replay(
  trace: Trace,
  reading: Reading,
  isCut: (octet: number) => boolean,
  reveals = false,
): Replay {
  const reader = new WireReader(sidesOf(trace), reading)
  const found: Record<string, Json | undefined>[] = []
  // Suspicion is not what traces are about: only secrets that are known as such are hidden.
  const options = { reveals, hidden: 'nothing' } as const
  const take = (message: Parameters<typeof messageJson>[0]): void => {
    found.push(JSON.parse(JSON.stringify(messageJson(message, options))))
  }
  for (const { from, octets } of pushes(trace, isCut))
    for (const message of reader.push(from, octets)) take(message)
  for (const message of reader.finish()) take(message)
  return found
}

/** With one side alone nothing waits for the other. */
export function sidesOf({ steps }: Trace): WireSides {
  const [first] = steps
  return first && steps.every(({ from }) => from === first.from) ? first.from : 'both'
}

function* pushes(trace: Trace, isCut: (octet: number) => boolean): Generator<Trace['steps'][number]> {
  let octet = 0
  let pending: Trace['steps'][number] | undefined
  for (const step of trace.steps) {
    const isSame = pending?.from === step.from
    if (pending && !isSame) yield pending
    let octets: Uint8Array = pending && isSame ? Buffer.concat([pending.octets, step.octets]) : step.octets
    let kept = octets.length - step.octets.length
    for (let at = 0; at < step.octets.length; at++, kept++, octet++) {
      if (octet === 0 || !isCut(octet) || kept === 0) continue
      yield { ...step, octets: octets.slice(0, kept) }
      octets = octets.slice(kept)
      kept = 0
    }
    pending = { ...step, octets }
  }
  if (pending) yield pending
}
