/** The transcript of a session that lies in a capture: makes the rows that are asked for by reading its records again. */

import { RecordDecoder } from '../../capture/decode.ts'
import type { FindingEvent, ObservedEvent } from '../../findings/finding.ts'
import { observe } from '../../tui/observe.ts'
import { initialState, type DashboardInfo, type SessionRow, type State } from '../../tui/state.ts'
import { FINDINGS_KEPT, type RowSource, type TranscriptRow } from '../../tui/transcript.ts'
import type { OctetStore } from './octet-store.ts'
import type { RecordReader } from './record-reader.ts'
import type { Block, SessionIndex } from './session-index.ts'

/** Blocks of rows that are kept, of all sessions together. */
const BLOCKS_KEPT = 64

/** The open capture, shared by the transcripts of its sessions. */
export class CaptureRows {
  readonly #store: OctetStore
  readonly #reader: RecordReader
  /** The one used last stands last. */
  readonly #kept = new Map<string, readonly TranscriptRow[]>()

  constructor(store: OctetStore, reader: RecordReader) {
    this.#store = store
    this.#reader = reader
  }

  block(session: string, index: SessionIndex, number: number): readonly TranscriptRow[] {
    const key = `${session} ${number}`
    const known = this.#kept.get(key)
    const rows = known ?? this.#make(session, index, number)
    this.#kept.delete(key)
    this.#kept.set(key, rows)
    if (this.#kept.size > BLOCKS_KEPT) this.#forgetOldest()
    return rows
  }

  #forgetOldest(): void {
    for (const key of this.#kept.keys()) {
      this.#kept.delete(key)
      return
    }
  }

  #make(session: string, index: SessionIndex, number: number): readonly TranscriptRow[] {
    const block = index.block(number)
    if (!block) return []
    const end = index.block(number + 1)
    const replay = new Replay(session, (record) => this.#line(index, record))
    return replay.run(block, {
      index,
      end: end?.record ?? index.records,
      rows: (end?.row ?? index.rows) - block.row,
    })
  }

  #line(index: SessionIndex, record: number): ReturnType<RecordReader['read']> {
    const offset = index.offsetOf(record)
    return offset === undefined
      ? undefined
      : this.#reader.read(this.#store.lineAt(offset).toString('utf8'), offset)
  }
}

export class DiskTranscript implements RowSource {
  readonly first = 0
  readonly #session: string
  readonly #index: SessionIndex
  readonly #rows: CaptureRows

  constructor(session: string, index: SessionIndex, rows: CaptureRows) {
    this.#session = session
    this.#index = index
    this.#rows = rows
  }

  get end(): number {
    return this.#index.rows
  }

  rowAt(place: number): TranscriptRow | undefined {
    if (place < 0 || place >= this.end) return undefined
    const number = this.#index.blockOf(place)
    const block = this.#index.block(number)
    return block && this.#rows.block(this.#session, this.#index, number)[place - block.row]
  }

  /** Where it was completed: that record is known. */
  placeOf(exchange: number): number | undefined {
    const record = this.#index.completionOf(exchange)
    const number = record === undefined ? -1 : this.#index.blockOfRecord(record)
    const block = this.#index.block(number)
    if (!block) return undefined
    const rows = this.#rows.block(this.#session, this.#index, number)
    const at = rows.findIndex((row) => row.kind !== 'note' && row.pair?.id === exchange)
    return at < 0 ? undefined : block.row + at
  }
}

interface Stretch {
  readonly index: SessionIndex
  /** One past the last record. */
  readonly end: number
  readonly rows: number
}

/** Lets the dashboard's own reducer hear a stretch of a session once more. */
class Replay {
  readonly #session: string
  readonly #state: State
  readonly #decoder = new RecordDecoder()
  readonly #read: (record: number) => ReturnType<RecordReader['read']>

  constructor(session: string, read: (record: number) => ReturnType<RecordReader['read']>) {
    this.#session = session
    this.#state = initialState(nobody)
    this.#read = read
  }

  run(block: Block, { index, end, rows }: Stretch): readonly TranscriptRow[] {
    for (const record of block.open) this.#hear(record)
    const before = this.#row()?.transcript.end ?? 0
    let made: readonly TranscriptRow[] = []
    for (let record = block.record; record < end; record++) {
      const event = this.#decode(record)
      // The end of a session lets go of rows.
      if (event?.kind === 'closed') made = this.#rowsFrom(before)
      if (event) observe(this.#state, event)
      for (const found of index.foundAt(record)) this.#addRow(found)
    }
    const whole =
      made.length > 0 ? [...made, ...this.#rowsFrom(before + made.length)] : this.#rowsFrom(before)
    const own = whole.slice(0, rows)
    this.#complete(own, index)
    return own
  }

  #rowsFrom(place: number): readonly TranscriptRow[] {
    const transcript = this.#row()?.transcript
    return transcript ? transcript.rows.slice(Math.max(0, place - transcript.dropped)) : []
  }

  #row(): SessionRow | undefined {
    return this.#state.sessions.get(this.#session)
  }

  #hear(record: number): void {
    const event = this.#decode(record)
    if (event) observe(this.#state, event)
  }

  #decode(record: number): ObservedEvent | undefined {
    const fields = this.#read(record)
    // Views are told as changes, of which the beginning is not read here; rows do not need them.
    if (!fields || fields['event'] === 'changed') return undefined
    const event = this.#decoder.decodeFields({ ...fields, view: undefined })
    return event === 'again' ? undefined : event
  }

  #addRow(found: FindingEvent): void {
    observe(this.#state, { ...found, finding: { ...found.finding, exchange: undefined } })
  }

  /** How commands ended whose answer comes behind this stretch, and what was found beside each exchange. */
  #complete(rows: readonly TranscriptRow[], index: SessionIndex): void {
    for (const row of rows) {
      const pair = row.kind === 'note' ? undefined : row.pair
      if (!pair) continue
      const record = pair.completedAt === undefined ? index.completionOf(pair.id) : undefined
      if (record !== undefined) this.#hear(record)
      pair.findings = index.foundOf(pair.id).slice(0, FINDINGS_KEPT)
    }
  }
}

const nobody: DashboardInfo = { version: '', listen: [], upstream: '', caPath: undefined }
