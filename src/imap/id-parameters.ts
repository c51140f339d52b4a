/** The field-value pairs of ID, the same in both directions (RFC 2971 section 4). */

import type { Cursor } from './cursor.ts'
import { readNString, readStringOrNil } from './strings.ts'
import { encodeText } from './utf8.ts'
import { skipWord } from './words.ts'
import type { Writer } from './writer.ts'

export interface IdParameter {
  readonly field: string
  readonly value: string | null
}

/** What RFC 2971 section 3.3 sets for both sides: pairs, and octets of a field and of a value. */
const most = { pairs: 30, field: 30, value: 1024 } as const

/** With the space before them; null for NIL. */
export function readIdParameters(cursor: Cursor): IdParameter[] | null {
  if (!cursor.hasMore()) {
    cursor.quirk('missing-list', 'no list where one belongs')
    return null
  }
  cursor.readSpace()
  if (skipWord(cursor, 'NIL')) return null
  const parameters: IdParameter[] = []
  cursor.open()
  while (!cursor.close()) {
    const field = readStringOrNil(cursor)
    parameters.push({ field, value: readValue(cursor) })
  }
  if (isBeyond(parameters)) cursor.quirk('id-too-long', 'more pairs, or longer ones, than ID may have')
  if (hasRepeatedField(parameters)) cursor.quirk('repeated-field', 'a field of ID stands there twice')
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

const isBeyond = (parameters: readonly IdParameter[]): boolean =>
  parameters.length > most.pairs ||
  parameters.some(
    ({ field, value }) =>
      encodeText(field).length > most.field || encodeText(value ?? '').length > most.value,
  )

const hasRepeatedField = (parameters: readonly IdParameter[]): boolean =>
  new Set(parameters.map(({ field }) => field.toLowerCase())).size < parameters.length
