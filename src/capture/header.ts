/** The first line of a capture: which format, which run of imaptap, which clock, and what was left out. */

import { isFields, numberOf, textOf, type Fields } from './fields.ts'
import { roundMillis, writeJson } from './json-text.ts'
import type { Keeping } from './message-record.ts'

/** The version that this imaptap writes, and the newest that it reads. */
export const formatVersion = 1

export interface CaptureHeader extends Keeping {
  readonly version: number
  /** Names one run of imaptap: sessions of two runs may have the same name. */
  readonly run: string
  /** When the file was begun, by the wall clock, as milliseconds since 1970. */
  readonly created: number
  /** The same moment on the clock of the records' `at`. */
  readonly clock: number
  /** Which imaptap wrote it. */
  readonly writer: string
}

export function writeHeader({
  run,
  created,
  clock,
  writer,
  secrets,
  bodies,
}: Omit<CaptureHeader, 'version'>): string {
  return writeJson({
    imaptap: 'capture',
    version: formatVersion,
    created: new Date(created).toISOString(),
    clock: roundMillis(clock),
    run,
    writer,
    secrets,
    bodies,
  })
}

/** What a header begins with; no record does. */
export const headerStart = '{"imaptap":'

/** The fields of a header line, whatever its version; undefined for any other line. */
export function readHeaderFields(line: string): Fields | undefined {
  if (!line.startsWith(headerStart)) return undefined
  const fields = parseFields(line)
  return fields?.['imaptap'] === 'capture' && typeof fields['version'] === 'number' ? fields : undefined
}

/** A header of the current version. */
export function readHeader(fields: Fields): CaptureHeader {
  return {
    version: numberOf(fields['version']),
    run: textOf(fields['run']),
    created: Date.parse(textOf(fields['created'])) || 0,
    clock: numberOf(fields['clock']),
    writer: textOf(fields['writer']),
    secrets: fields['secrets'] === true,
    bodies: fields['bodies'] === true,
  }
}

/** The fields of a line of JSON; undefined when it is none. */
export function parseFields(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return isFields(value) ? value : undefined
  } catch {
    // A line that is no JSON is told by who knows its file and number.
    return undefined
  }
}
