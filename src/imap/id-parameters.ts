/** The field-value pairs of ID, the same in both directions (RFC 2971 section 4). */

import type { Cursor } from './cursor.ts'
import { readNString, readStringOrNil } from './strings.ts'
import { skipWord } from './words.ts'
import type { Writer } from './writer.ts'

export interface IdParameter {
  readonly field: string
  readonly value: string | null
}

export function readIdParameters(cursor: Cursor): IdParameter[] | null {
  if (skipWord(cursor, 'NIL')) return null
  const parameters: IdParameter[] = []
  cursor.open()
  while (!cursor.close()) {
    const field = readStringOrNil(cursor)
    parameters.push({ field, value: readValue(cursor) })
  }
  return parameters
}

export function writeIdParameters(writer: Writer, parameters: readonly IdParameter[] | null): void {
  if (!parameters) return writer.word('NIL')
  writer.list(parameters, (to, { field, value }) => {
    to.string(field)
    to.space()
    to.nstring(value)
  })
}

/** The value of the first field of that name, whatever its case. */
export function idValue(parameters: readonly IdParameter[] | null, field: string): string | undefined {
  const found = parameters?.find((parameter) => parameter.field.toLowerCase() === field.toLowerCase())
  return found?.value ?? undefined
}

/** An odd number of strings is seen: the last field then has no value. */
function readValue(cursor: Cursor): string | null {
  const value = cursor.attempt(readSpacedNString)
  if (value === undefined) cursor.quirk('odd-count', 'a field without its value')
  return value ?? null
}

function readSpacedNString(cursor: Cursor): string | null {
  cursor.readSpace()
  return readNString(cursor)
}
