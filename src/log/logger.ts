/** Writes the records of all sessions, as JSON or as lines for people; knows where to, not what they mean. */

import { pino, type DestinationStream, type Logger as Pino } from 'pino'

import type { LogConfig } from '../config/config.ts'
import type { ProxyEvent } from '../relay/event.ts'
import { formatForPeople } from './format.ts'
import { recordOf, wireRecords } from './record.ts'

export interface Logger {
  /** For the event bus. */
  readonly listen: (event: ProxyEvent) => void
  /** Something in imaptap itself went wrong, and was survived. */
  fault(error: unknown): void
  /** Resolves when everything written is out. */
  close(): Promise<void>
}

/** Octets gathered before they are written; a record is never older than the flush when it reaches the file. */
const GATHERED = 8 * 1024
const FLUSH_MILLISECONDS = 100
/** Octets that wait for a slow disk or pipe; what comes beyond is dropped and counted. */
const QUEUED = 16 * 1024 * 1024

interface Sink {
  readonly stream: DestinationStream
  close(): Promise<void>
}

export function createLogger(config: LogConfig): Logger {
  const sink = openSink(config)
  const log = pino(
    {
      level: config.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    sink.stream,
  )
  return {
    listen: (event) => write(log, event),
    fault: (error) => log.error({ event: 'fault', reason: String(error), stack: stackOf(error) }),
    close: () => sink.close(),
  }
}

function write(log: Pino, event: ProxyEvent): void {
  if (event.kind === 'message') {
    for (const record of wireRecords(event)) log.info(record)
    return
  }
  const entry = recordOf(event)
  if (entry) log[entry.level](entry.record)
}

function stackOf(error: unknown): string | undefined {
  return error instanceof Error ? error.stack : undefined
}

function openSink({ file, level }: LogConfig): Sink {
  if (level === 'silent') return { stream: { write: () => undefined }, close: () => Promise.resolve() }
  if (file === undefined && process.stderr.isTTY) return openTerminal()
  return openFile(file === undefined || file === '-' ? 1 : file)
}

function openTerminal(): Sink {
  const hasColour = process.env['NO_COLOR'] === undefined || process.env['NO_COLOR'] === ''
  const stream = { write: (line: string) => void process.stderr.write(formatForPeople(line, hasColour)) }
  return { stream, close: () => Promise.resolve() }
}

function openFile(dest: string | 1): Sink {
  const stream = pino.destination({
    dest,
    sync: false,
    append: true,
    mkdir: true,
    mode: 0o600,
    minLength: GATHERED,
    maxLength: QUEUED,
    periodicFlush: FLUSH_MILLISECONDS,
  })
  let dropped = 0
  stream.on('drop', () => (dropped += 1))
  // A disk that is full or a pipe that is gone must not end the sessions.
  stream.on('error', (error: Error) => process.stderr.write(`imaptap: the log cannot be written: ${error.message}\n`))
  return {
    stream,
    close: () =>
      new Promise((resolve) => {
        if (dropped > 0) stream.write(`${JSON.stringify({ level: 'warn', event: 'log.dropped', records: dropped })}\n`)
        stream.once('close', () => resolve())
        stream.once('error', () => resolve())
        stream.end()
      }),
  }
}
