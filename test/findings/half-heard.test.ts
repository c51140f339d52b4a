/** A session that is heard from its middle on raises no error that the whole of it does not raise. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

import { RecordDecoder } from '../../src/capture/decode.ts'
import { RecordEncoder } from '../../src/capture/record.ts'
import { FindingsEngine } from '../../src/findings/engine.ts'
import type { FindingEvent, ObservedEvent } from '../../src/findings/finding.ts'
import { playFindings, tell } from './support/play-trace.ts'

const folder = join(import.meta.dirname, '../traces/findings')
const files = readdirSync(folder).filter((file) => file.endsWith('.trace'))

/** The events as they were when they were told: exchanges and views are live. */
function record(text: string): { readonly lines: readonly string[]; readonly ids: ReadonlySet<string> } {
  const encoder = new RecordEncoder()
  const lines: string[] = []
  const { found } = playFindings(text, {
    listen: (event) => lines.push(encoder.encode(event) ?? ''),
  })
  return { lines, ids: new Set(found.map(({ finding }) => finding.id)) }
}

function findIn(lines: readonly string[]): readonly FindingEvent[] {
  const engine = new FindingsEngine()
  const decoder = new RecordDecoder()
  return lines.flatMap((line) => {
    const event = decoder.decode(line)
    return isEvent(event) && event.kind !== 'finding' ? engine.observe(event) : []
  })
}

const isEvent = (event: ReturnType<RecordDecoder['decode']>): event is ObservedEvent =>
  event !== undefined && event !== 'again'

describe('half a session', () => {
  it.each(files)('of %s raises no error of its own', (file) => {
    const { lines, ids } = record(readFileSync(join(folder, file), 'utf8'))
    const strays = lines.flatMap((_, from) =>
      findIn(lines.slice(from)).filter(({ finding }) => finding.level === 'error' && !ids.has(finding.id)),
    )
    expect([...new Set(strays.map(tell))]).toEqual([])
  })
})
