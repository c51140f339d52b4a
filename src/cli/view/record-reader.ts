/** Reads records at any place of a capture, each in the terms of its own part of the file; knows no rows. */

import { isFields, type Fields } from '../../capture/fields.ts'
import { parseFields } from '../../capture/header.ts'
import type { Migrate } from '../../capture/migrate.ts'
import type { RunClock } from '../../capture/run-clock.ts'

/** What a header said of the records behind it. */
interface Part {
  readonly from: number
  /** Behind the name of every session of this run. */
  readonly suffix: string
  /** Added to its times. */
  readonly shift: number
  readonly migrate: Migrate
}

export class RecordReader {
  readonly #parts: Part[] = []

  /** A header at this place; the clock has entered its run. */
  enter(from: number, clock: RunClock, migrate: Migrate): void {
    this.#parts.push({ from, suffix: clock.nameOf(''), shift: clock.shift, migrate })
  }

  /** The fields of a record's line that begins at this place; undefined when it is none. */
  read(line: string, at: number): Fields | undefined {
    const part = this.#parts.findLast(({ from }) => from <= at)
    const fields = parseFields(line)
    return part && fields && translate(part.migrate.record(fields), part)
  }
}

/** Of another run than the first: onto its clock, under a name of its own. */
function translate(fields: Fields, part: Part): Fields {
  const { session } = fields
  if (part.suffix === '' || typeof session !== 'string') return fields
  const exchange = isFields(fields['exchange']) ? { exchange: shifted(fields['exchange'], part) } : {}
  return { ...shifted(fields, part), ...exchange, session: session + part.suffix }
}

const timeKeys = ['at', 'deadline', 'openedAt', 'firstOctetAt', 'completedAt']

function shifted(fields: Fields, { shift }: Part): Fields {
  const changed: Record<string, unknown> = { ...fields }
  for (const key of timeKeys) {
    const value = fields[key]
    if (typeof value === 'number') changed[key] = value + shift
  }
  return changed
}
