/** Which lines of a transcript are to be seen and which is selected, found by walking from where one stands; draws nothing. */

import { passes } from './filter-slot.ts'
import type { KeptMessage } from './kept-message.ts'
import type { SessionRow, State } from './state.ts'
import { rowSubject } from './subjects.ts'
import { messagesOf, type TranscriptRow } from './transcript.ts'
import { Verdicts } from './verdicts.ts'

/** A line: a row by its place, or one response of a run that is open. */
export interface Spot {
  readonly place: number
  /** -1: the row itself. */
  readonly member: number
}

export interface TranscriptView {
  /** The selected line; undefined follows the end. */
  cursor: Spot | undefined
  /** The first line in view, as it was drawn last. */
  top: Spot | undefined
  /** Places of runs that are open; at most `OPEN_RUNS`. */
  readonly open: Set<number>
  /** What the filter said of the rows. */
  readonly verdicts: Verdicts
}

/** Runs that stand open at once. */
const OPEN_RUNS = 50
/** Rows looked at for the next that the filter shows: a long file is not read through for one key. */
const SCANNED = 20_000
/** Up to so many rows are counted to say how many are above and below. */
const COUNTED = 3_000

export const newView = (): TranscriptView => ({
  cursor: undefined,
  top: undefined,
  open: new Set(),
  verdicts: new Verdicts(),
})

export interface ViewLine {
  readonly spot: Spot
  readonly row: TranscriptRow
  /** The response of an open run. */
  readonly message: KeptMessage | undefined
}

export interface Window {
  readonly lines: readonly ViewLine[]
  readonly cursor: Spot | undefined
  /** Undefined where nobody counted. */
  readonly above: number | undefined
  readonly below: number | undefined
}

export function isSame(a: Spot | undefined, b: Spot | undefined): boolean {
  return a !== undefined && b !== undefined && a.place === b.place && a.member === b.member
}

export function isBefore(a: Spot, b: Spot): boolean {
  return a.place < b.place || (a.place === b.place && a.member < b.member)
}

/** Walks over the lines of one session under the filter of the transcript. */
export class Walker {
  readonly #state: State
  readonly #session: SessionRow

  constructor(state: State, session: SessionRow) {
    this.#state = state
    this.#session = session
    state.view.verdicts.begin(state.filters.transcript.filter, session)
  }

  lineAt(spot: Spot): ViewLine | undefined {
    const row = this.#session.source.rowAt(spot.place)
    if (!row) return undefined
    return { spot, row, message: spot.member < 0 ? undefined : messagesOf(row)[spot.member] }
  }

  first(): Spot | undefined {
    return this.#nextRow(this.#session.source.first)
  }

  last(): Spot | undefined {
    return this.#previousRow(this.#session.source.end - 1)
  }

  next({ place, member }: Spot): Spot | undefined {
    const members = this.#membersOf(place)
    if (member + 1 < members) return { place, member: member + 1 }
    return this.#nextRow(place + 1)
  }

  previous({ place, member }: Spot): Spot | undefined {
    if (member >= 0) return { place, member: member - 1 }
    return this.#previousRow(place - 1)
  }

  /** So many lines further, or as far as there are any. */
  moved(from: Spot, by: number): Spot {
    let spot = from
    for (let left = Math.abs(by); left > 0; left--) {
      const to = by > 0 ? this.next(spot) : this.previous(spot)
      if (!to) break
      spot = to
    }
    return spot
  }

  /** Where a line that is gone, or hidden now, would stand. */
  settle(spot: Spot): Spot | undefined {
    const { source } = this.#session
    const place = Math.max(source.first, Math.min(source.end - 1, spot.place))
    const isThere = place === spot.place && this.#shows(place) && spot.member < this.#membersOf(place)
    if (isThere) return spot
    return this.#nextRow(place) ?? this.#previousRow(place)
  }

  /** The next line, or the one before, for which something holds; only so many are looked at. */
  find(from: Spot, step: 1 | -1, holds: (line: ViewLine) => boolean): Spot | undefined {
    let spot: Spot | undefined = from
    for (let left = SCANNED; left > 0; left--) {
      spot = step > 0 ? this.next(spot) : this.previous(spot)
      const line = spot && this.lineAt(spot)
      if (!spot || !line) return undefined
      if (holds(line)) return spot
    }
    return undefined
  }

  count(from: number, to: number): number | undefined {
    if (this.#state.filters.transcript.filter === undefined) return to - from
    if (to - from > COUNTED) return undefined
    let count = 0
    for (let place = from; place < to; place++) if (this.#shows(place)) count++
    return count
  }

  #nextRow(from: number): Spot | undefined {
    const { end } = this.#session.source
    for (let place = from; place < Math.min(end, from + SCANNED); place++)
      if (this.#shows(place)) return { place, member: -1 }
    return undefined
  }

  #previousRow(from: number): Spot | undefined {
    const { first } = this.#session.source
    for (let place = from; place >= Math.max(first, from - SCANNED); place--)
      if (this.#shows(place)) return { place, member: this.#membersOf(place) - 1 }
    return undefined
  }

  #membersOf(place: number): number {
    if (!this.#state.view.open.has(place)) return 0
    const row = this.#session.source.rowAt(place)
    return row?.kind === 'untagged' ? row.messages.length : 0
  }

  #shows(place: number): boolean {
    const row = this.#session.source.rowAt(place)
    if (!row) return false
    if (row.kind === 'note' && row.isGap) return true
    const { filters, describe, view } = this.#state
    if (filters.transcript.filter === undefined) return true
    return view.verdicts.isShown(row, () =>
      passes(filters.transcript, () => rowSubject(row, this.#session, describe)),
    )
  }
}

/** The lines to be seen in `height` lines, with the selected one among them. */
export function windowOf(state: State, session: SessionRow, height: number): Window {
  const walker = new Walker(state, session)
  const cursor = cursorOf(state, walker)
  if (!cursor || height <= 0) return { lines: [], cursor, above: 0, below: 0 }
  const top = topOf(state, walker, { cursor, height })
  const lines: ViewLine[] = []
  for (let spot: Spot | undefined = top; spot && lines.length < height; spot = walker.next(spot)) {
    const line = walker.lineAt(spot)
    if (line) lines.push(line)
  }
  const { first, end } = session.source
  const below = (lines.at(-1)?.spot.place ?? cursor.place) + 1
  return { lines, cursor, above: walker.count(first, top.place), below: walker.count(below, end) }
}

export function cursorOf(state: State, walker: Walker): Spot | undefined {
  const { cursor } = state.view
  return cursor ? walker.settle(cursor) : walker.last()
}

/** The view moves only as far as it must to keep the cursor in it. */
function topOf(state: State, walker: Walker, at: { cursor: Spot; height: number }): Spot {
  const { cursor, height } = at
  const earliest = walker.moved(cursor, 1 - height)
  const before = state.view.cursor && state.view.top && walker.settle(state.view.top)
  if (!before || isBefore(before, earliest)) return earliest
  if (isBefore(cursor, before)) return cursor
  // Fewer lines than fit: what is above comes down.
  return fillsFrom(walker, before, height) ? before : walker.moved(walker.last() ?? cursor, 1 - height)
}

function fillsFrom(walker: Walker, top: Spot, height: number): boolean {
  let spot: Spot | undefined = top
  for (let left = height - 1; left > 0; left--) {
    spot = walker.next(spot)
    if (!spot) return false
  }
  return true
}

/** Opens a run, or closes it; false where there is none. */
export function toggleRun(state: State, line: ViewLine): boolean {
  const { row, spot } = line
  if (row.kind !== 'untagged' || row.messages.length < 2 || spot.member >= 0) return false
  const { open } = state.view
  if (!open.delete(spot.place) && open.size < OPEN_RUNS) open.add(spot.place)
  return true
}
