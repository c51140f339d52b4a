/** Reads captures, one or many, back into events, in constant memory; knows neither screens nor what the events are for. */

import type { ObservedEvent } from '../findings/finding.ts'
import { CaptureFault } from './capture-fault.ts'
import { RecordDecoder, type Decoded } from './decode.ts'
import { isFields, type Fields } from './fields.ts'
import { parseFields, type CaptureHeader } from './header.ts'
import type { Migrate } from './migrate.ts'
import { readStart, type RecordStart } from './record-start.ts'
import { RunClock } from './run-clock.ts'
import { walkCapture, type RecordLine, type TornTail } from './scan-capture.ts'
import { listCaptures, stdinName, type CaptureFile } from './source.ts'

export interface ReadOptions {
  /** Which messages are wanted; the others are passed over without being parsed. Default: all. */
  readonly messages?: 'all' | 'commands' | 'pushes' | 'none'
  /** False: commands that have only begun are passed over; their completion tells all of them once more. */
  readonly wantsBegun?: boolean
  /** False for sessions, by their name, that are passed over without being parsed. */
  wantsSession?(session: string): boolean
  /** Octets of all files read so far, and in all. */
  onProgress?(done: number, total: number): void
  /** The end of a file is missing: the events before it are sound. */
  onTorn?(tail: TornTail): void
  onHeader?(header: CaptureHeader, file: CaptureFile): void
}

/** The clock of the events: all files on that of the first. */
export interface CaptureClock {
  /** Milliseconds since 1970. */
  wallTimeOf(at: number): number
}

export interface CaptureReading extends AsyncIterable<ObservedEvent> {
  readonly clock: CaptureClock
  /**
   * The same events in runs of up to a few thousand: half the price where each is looked at once. A run is gone
   * through once, before the next is asked for: exchanges live on from one event to the next.
   */
  batches(): AsyncIterable<Iterable<ObservedEvent>>
}

/** Throws CaptureFault for a path that cannot be read; what is within the files is told while they are read. */
export function readCapture(paths: readonly string[], options: ReadOptions = {}): CaptureReading {
  const files = listCaptures(paths, { mayStream: true })
  const clock = new RunClock()
  const batches = (): AsyncIterable<Iterable<ObservedEvent>> => readFiles(files, options, clock)
  return {
    clock,
    batches,
    async *[Symbol.asyncIterator]() {
      for await (const batch of batches()) yield* batch
    },
  }
}

async function* readFiles(
  files: readonly CaptureFile[],
  options: ReadOptions,
  clock: RunClock,
): AsyncGenerator<Iterable<ObservedEvent>> {
  const total = files.reduce((sum, { size }) => sum + size, 0)
  const reader = new EventReader(options, clock)
  // Of a pipe nobody knows how much is to come.
  const isKnown = files.every(({ path }) => path !== stdinName)
  const report = (octets: number): void => (isKnown ? options.onProgress?.(octets, total) : undefined)
  let done = 0
  for (const file of files) {
    const before = done
    const walk = walkCapture(file, {
      onHeader: (header, migrate) => {
        reader.take({ header, migrate })
        options.onHeader?.(header, file)
      },
      onRecord: (line) => reader.take(line),
      onTorn: (tail) => options.onTorn?.(tail),
      onRead: (octets) => report(before + octets),
    })
    for await (const _ of walk) {
      if (reader.hasMore) yield reader.takeBatch(file)
    }
    done += file.size
  }
  report(total)
}

/** A record of the chunk at hand, or the header that the records behind it are read by. */
type Waiting = RecordLine | { readonly header: CaptureHeader; readonly migrate: Migrate }

class EventReader {
  readonly #options: ReadOptions
  readonly #clock: RunClock
  readonly #decoder = new RecordDecoder()
  readonly #passesOver: boolean
  #migrate: Migrate | undefined
  #waiting: Waiting[] = []

  constructor(options: ReadOptions, clock: RunClock) {
    this.#options = options
    this.#clock = clock
    const { messages = 'all', wantsBegun = true } = options
    this.#passesOver = messages !== 'all' || !wantsBegun || options.wantsSession !== undefined
  }

  take(waiting: Waiting): void {
    this.#waiting.push(waiting)
  }

  get hasMore(): boolean {
    return this.#waiting.length > 0
  }

  /**
   * Each event is made when it is its turn: made ahead, its exchange would already be what it became later. Nor is a
   * record parsed before: thousands of them at a time would outlive a collection of garbage.
   */
  *takeBatch({ path }: CaptureFile): Generator<ObservedEvent, void> {
    const waiting = this.#waiting
    this.#waiting = []
    for (const next of waiting) {
      const event = 'header' in next ? this.#enter(next.header, next.migrate) : this.#read(path, next)
      if (event !== undefined && event !== 'again') yield event
    }
  }

  #enter(header: CaptureHeader, migrate: Migrate): undefined {
    this.#clock.enter(header)
    this.#migrate = migrate
  }

  /** Undefined for one that is not wanted. */
  #read(path: string, { octets, start, end, line }: RecordLine): Decoded {
    const begin = this.#passesOver ? readStart(octets, start, end) : undefined
    if (begin && !this.#isWanted(begin)) return undefined
    const fields = parseFields(octets.toString('utf8', start, end))
    const event =
      fields && this.#decoder.decodeFields(this.#translate(this.#migrate?.record(fields) ?? fields))
    if (event !== undefined) return event
    const advice = 'the file was changed; use another copy'
    throw new CaptureFault(`${path}:${line}`, 'this line is no record', advice)
  }

  #isWanted(start: RecordStart): boolean {
    if (start.kind === 'message' && !this.#wantsMessage(start)) return false
    if (start.kind === 'exchange-opened' && this.#options.wantsBegun === false) return false
    return this.#options.wantsSession?.(this.#clock.nameOf(start.session)) ?? true
  }

  #wantsMessage({ side, isAttributed }: RecordStart): boolean {
    switch (this.#options.messages) {
      case 'commands':
        return side === 'client'
      case 'pushes':
        return side === 'server' && !isAttributed
      case 'none':
        return false
      default:
        return true
    }
  }

  /** Of another run than the first: onto its clock, under a name of its own. */
  #translate(fields: Fields): Fields {
    const clock = this.#clock
    const { session } = fields
    if (typeof session !== 'string' || clock.nameOf(session) === session) return fields
    const exchange = isFields(fields['exchange']) ? { exchange: shift(fields['exchange'], clock) } : {}
    return { ...shift(fields, clock), ...exchange, session: clock.nameOf(session) }
  }
}

const timeKeys = ['at', 'deadline', 'openedAt', 'firstOctetAt', 'completedAt']

function shift(fields: Fields, clock: RunClock): Fields {
  const shifted: Record<string, unknown> = { ...fields }
  for (const key of timeKeys) {
    const value = fields[key]
    if (typeof value === 'number') shifted[key] = clock.timeOf(value)
  }
  return shifted
}
