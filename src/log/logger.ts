/** Writes the records of all sessions, as JSON or as lines for people; knows where to, not what they mean. */

import { openSync } from 'node:fs'

import { pino, type Logger as Pino } from 'pino'

import type { LogConfig } from '../config/config.ts'
import type { ObservedEvent } from '../findings/finding.ts'
import { formatForPeople } from './format.ts'
import { faultEntry, newsEntry, recordOf, wireRecords, type Entry } from './record.ts'

export interface Logger {
  /** For the event bus. */
  readonly listen: (event: ObservedEvent) => void
  /** Something in imaptap itself went wrong, and was survived. */
  fault(error: unknown): void
  /** Something changed that operators know of, such as the policy. */
  note(news: string): void
  /** Resolves when everything written is out. */
  close(): Promise<void>
}

/** Milliseconds that a record waits at most before it is written: while commands fly, they come first. */
const WAIT = 20
/** Records from which nothing waits. */
const GATHERED = 500
/** Octets that wait for a slow disk or pipe; what comes beyond is dropped and counted. */
const QUEUED = 16 * 1024 * 1024

interface Sink {
  write(lines: string): void
  close(): Promise<void>
}

export function createLogger(config: LogConfig): Logger {
  const queue = new LogQueue(config)
  return {
    listen: (event) => {
      // With the dashboard open there is mostly no log: then nothing need be put into words for it.
      if (config.level === 'silent') return
      if (event.kind === 'message')
        for (const record of wireRecords(event)) queue.add({ level: 'info', record })
      else queue.add(recordOf(event))
    },
    fault: (error) => queue.add(faultEntry(error)),
    note: (news) => queue.add(newsEntry(news)),
    close: () => queue.close(),
  }
}

/** Turning records into lines is most of what a log costs, so it is done many at a time and off the way of the octets. */
class LogQueue {
  readonly #sink: Sink
  readonly #log: Pino
  #waiting: { readonly entry: Entry; readonly time: number }[] = []
  #lines = ''
  #time = 0
  #timer: NodeJS.Timeout | undefined
  readonly #onExit = (): void => this.#write()

  constructor(config: LogConfig) {
    this.#sink = openSink(config)
    this.#log = pino(
      {
        level: config.level,
        base: null,
        timestamp: () => `,"time":"${isoTime(this.#time)}"`,
        formatters: { level: (label) => ({ level: label }) },
      },
      { write: (line) => void (this.#lines += line) },
    )
    process.on('exit', this.#onExit)
  }

  add(entry: Entry | undefined): void {
    if (!entry || !this.#log.isLevelEnabled(entry.level)) return
    this.#waiting.push({ entry, time: Date.now() })
    if (this.#waiting.length >= GATHERED) this.#write()
    else this.#timer ??= setTimeout(() => this.#write(), WAIT)
  }

  async close(): Promise<void> {
    this.#write()
    process.removeListener('exit', this.#onExit)
    await this.#sink.close()
  }

  #write(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const waiting = this.#waiting
    this.#waiting = []
    for (const { entry, time } of waiting) {
      this.#time = time
      this.#log[entry.level](entry.record)
    }
    const lines = this.#lines
    this.#lines = ''
    if (lines !== '') this.#sink.write(lines)
  }
}

let lastTime = -1
let lastText = ''

/** The same millisecond is asked for many times over. */
function isoTime(time: number): string {
  if (time !== lastTime) {
    lastTime = time
    lastText = new Date(time).toISOString()
  }
  return lastText
}

function openSink({ file, level }: LogConfig): Sink {
  if (level === 'silent') return { write: () => undefined, close: () => Promise.resolve() }
  if (file === undefined && process.stdout.isTTY) return terminalSink()
  // Opened here, so that a path that cannot be written is known before the first client comes.
  return fileSink(file === undefined || file === '-' ? 1 : openSync(file, 'a', 0o600))
}

function terminalSink(): Sink {
  const noColour = process.env['NO_COLOR'] ?? ''
  const format = (line: string): string => formatForPeople(line, noColour === '')
  return {
    write: (lines) => void process.stderr.write(lines.split('\n').filter(Boolean).map(format).join('')),
    close: () => Promise.resolve(),
  }
}

function fileSink(descriptor: number): Sink {
  const stream = pino.destination({ fd: descriptor, sync: false, maxLength: QUEUED })
  let dropped = 0
  stream.on('drop', (lines: string) => (dropped += lines.split('\n').length - 1))
  // A disk that is full or a pipe that is gone must not end the sessions.
  stream.on('error', (error: Error) =>
    process.stderr.write(`imaptap: the log cannot be written: ${error.message}\n`),
  )
  return {
    write: (lines) => void stream.write(lines),
    close: () =>
      new Promise((resolve) => {
        if (dropped > 0)
          stream.write(`${JSON.stringify({ level: 'warn', event: 'log.dropped', records: dropped })}\n`)
        stream.once('close', () => resolve())
        stream.once('error', () => resolve())
        stream.end()
      }),
  }
}
