/** Reads captures once from end to end: sessions, statistics and findings come of it, and where every record lies. */

import { closeSync, openSync, readSync } from 'node:fs'

import { RecordDecoder } from '../../capture/decode.ts'
import { CaptureFault } from '../../capture/capture-fault.ts'
import { RunClock } from '../../capture/run-clock.ts'
import { walkCapture, type RecordLine, type TornTail } from '../../capture/scan-capture.ts'
import { listCaptures, type CaptureFile } from '../../capture/source.ts'
import type { FindingEvent, ObservedEvent } from '../../findings/finding.ts'
import type { Migrate } from '../../capture/migrate.ts'
import { keepFinding } from '../../tui/screens/findings-state.ts'
import { observe } from '../../tui/observe.ts'
import { initialState, type DashboardInfo, type SessionRow, type State } from '../../tui/state.ts'
import { Transcript } from '../../tui/transcript.ts'
import { FindingSource } from '../reading/finding-source.ts'
import { CaptureRows, DiskTranscript } from './disk-transcript.ts'
import { OctetStore, UnpackedFile } from './octet-store.ts'
import { RecordReader } from './record-reader.ts'
import { SessionIndex } from './session-index.ts'

export interface OpenOptions {
  readonly info: DashboardInfo
  /** Looks for what is wrong; default: yes. */
  readonly hasFindings?: boolean
  /** Ids or names of checks that tell nothing. */
  readonly suppressed?: readonly string[]
  /** Octets of the files read so far, and in all. */
  onProgress?(done: number, total: number): void
  onTorn?(tail: TornTail): void
}

export interface OpenCapture {
  /** What the dashboard shows; transcripts are read from the files. */
  readonly state: State
  /** The time of the last record. */
  readonly end: number
  /** Added to a record's time it gives the wall clock's. */
  readonly epoch: number
  close(): void
}

/** Sessions of one capture: more than anybody scrolls through, and a bound for what is kept of them. */
const SESSIONS = 50_000
/** Records between two looks at what transcripts keep. */
const BETWEEN_TRIMS = 2_000
/** Findings that are shown in transcripts; all of them count. */
const FINDINGS_SHOWN = 10_000

export async function openCapture(paths: readonly string[], options: OpenOptions): Promise<OpenCapture> {
  const files = listCaptures(paths)
  const opening = new Opening(options)
  const total = files.reduce((sum, { size }) => sum + size, 0)
  let done = 0
  for (const file of files) {
    const before = done
    await opening.read(file, (octets) => options.onProgress?.(before + octets, total))
    done += file.size
  }
  options.onProgress?.(total, total)
  return opening.finish()
}

class Opening {
  readonly #options: OpenOptions
  readonly #state: State
  readonly #store = new OctetStore()
  readonly #reader = new RecordReader()
  readonly #clock = new RunClock()
  readonly #decoder = new RecordDecoder()
  readonly #source: FindingSource | undefined
  readonly #indexes = new Map<string, SessionIndex>()
  /** The dashboard lets go of old sessions; here all are to be seen. */
  readonly #rows = new Map<string, SessionRow>()
  /** Octets before the file at hand. */
  #base = 0
  #end = 0
  #findings = 0
  #records = 0

  constructor(options: OpenOptions) {
    this.#options = options
    this.#state = initialState(options.info)
    const { hasFindings = true, suppressed = [] } = options
    this.#source = hasFindings ? new FindingSource(suppressed) : undefined
  }

  async read(file: CaptureFile, onRead: (octets: number) => void): Promise<void> {
    const keeper = keepLines(file.path)
    this.#store.add(keeper.file, this.#base)
    let size = 0
    const keep = ({ octets, start, end, offset }: RecordLine): void => {
      keeper.keep(octets, start, end)
      size = offset + end - start + 1
    }
    const walk = walkCapture(file, {
      onHeader: (header, migrate, line) => {
        keep(line)
        this.#clock.enter(header)
        this.#enter(migrate, line)
      },
      onRecord: (line) => {
        keep(line)
        this.#take(file, line)
      },
      onTorn: (tail) => this.#options.onTorn?.(tail),
      onRead,
    })
    // The work is done as lines come; here the file is only pulled through.
    for await (const _ of walk);
    keeper.end()
    this.#base += size
  }

  finish(): OpenCapture {
    const { sessions, closed } = this.#state
    const rows = new CaptureRows(this.#store, this.#reader)
    sessions.clear()
    closed.clear()
    for (const [id, row] of this.#rows) {
      const index = this.#indexes.get(id)
      if (!index) continue
      index.settle()
      endSession(row, this.#end)
      sessions.set(id, { ...withoutRows(row), source: new DiskTranscript(id, index, rows) })
      closed.add(id)
    }
    this.#state.closedSeen = closed.size
    // Nothing waits for a ruling any more.
    this.#state.intercept.held.splice(0)
    const epoch = this.#clock.wallTimeOf(0)
    return { state: this.#state, end: this.#end, epoch, close: () => this.#store.close() }
  }

  #enter(migrate: Migrate, { offset }: RecordLine): void {
    this.#reader.enter(this.#base + offset, this.#clock, migrate)
  }

  #take(file: CaptureFile, line: RecordLine): void {
    const offset = this.#base + line.offset
    const fields = this.#reader.read(line.octets.toString('utf8', line.start, line.end), offset)
    const event = fields && this.#decoder.decodeFields(fields)
    if (event === undefined)
      throw new CaptureFault(
        `${file.path}:${line.line}`,
        'this line is no record',
        'the file was changed; use another copy',
      )
    if (event !== 'again') this.#hear(event, offset)
  }

  #hear(event: ObservedEvent, offset: number): void {
    const { session } = event
    const known = this.#rows.get(session)
    if (event.kind === 'finding') return this.#hearFinding(event, known)
    if (known?.closed || (!known && this.#rows.size >= SESSIONS)) return
    observe(this.#state, event)
    this.#end = Math.max(this.#end, event.at)
    const row = known ?? this.#state.sessions.get(session)
    if (!row) return
    this.#rows.set(session, row)
    const index = this.#indexOf(session)
    // What changes a view makes no row.
    if (event.kind !== 'changed') index.add(offset, event, row.transcript.end)
    for (const found of this.#source?.found(event) ?? []) this.#find(found, row, index)
    if (event.kind === 'closed') this.#letGo(row)
    if (++this.#records % BETWEEN_TRIMS === 0) this.#trim()
  }

  /** Only what `tail` recorded has findings of its own. */
  #hearFinding(event: FindingEvent, row: SessionRow | undefined): void {
    if (!row) return
    for (const found of this.#source?.found(event) ?? []) {
      // Behind the end of a session nothing makes rows.
      if (row.closed) keepFinding(this.#state.findings, found, row)
      else this.#find(found, row, this.#indexOf(row.id))
    }
  }

  #letGo(row: SessionRow): void {
    this.#state.closedTranscripts.forget(row.transcript)
    const lean = withoutRows(row)
    this.#rows.set(row.id, lean)
    if (this.#state.sessions.has(row.id)) this.#state.sessions.set(row.id, lean)
  }

  /** Rows are read from the file later: here only the latest are needed. */
  #trim(): void {
    for (const row of this.#rows.values()) if (!row.closed) row.transcript.shrink()
  }

  #find(event: FindingEvent, row: SessionRow, index: SessionIndex): void {
    this.#findings++
    // What is not remembered by its place must not make a row: the places behind it would be wrong.
    if (this.#findings > FINDINGS_SHOWN) return keepFinding(this.#state.findings, event, row)
    observe(this.#state, event)
    index.addFinding(event, row.transcript.end)
  }

  #indexOf(session: string): SessionIndex {
    const known = this.#indexes.get(session)
    if (known) return known
    const index = new SessionIndex()
    this.#indexes.set(session, index)
    return index
  }
}

/** Nothing lives in a file: nobody can be killed, and quitting needs no question. */
function endSession(row: SessionRow, at: number): void {
  row.closed ??= { at, reason: 'the capture ends here' }
  row.held = 0
  row.open.clear()
}

/** What it keeps of the conversation is let go. */
function withoutRows(row: SessionRow): SessionRow {
  const transcript = new Transcript()
  return { ...row, transcript, source: transcript, completion: undefined }
}

interface Keeper {
  readonly file: number
  keep(octets: Buffer, start: number, end: number): void
  end(): void
}

/** Lines of a plain file are read where they are; those of a compressed one are kept in a file of our own. */
function keepLines(path: string): Keeper {
  const file = openSync(path, 'r')
  const first = Buffer.alloc(1)
  readSync(file, first, 0, 1, 0)
  if (first[0] === BRACE || first[0] === 0) return { file, keep: () => undefined, end: () => undefined }
  closeSync(file)
  const unpacked = new UnpackedFile()
  return {
    file: unpacked.file,
    keep: (octets, start, end) => unpacked.appendLine(octets.subarray(start, end)),
    end: () => unpacked.flush(),
  }
}

const BRACE = '{'.charCodeAt(0)
