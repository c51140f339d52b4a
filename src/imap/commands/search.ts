/** SEARCH and UID SEARCH (RFC 9051 section 6.4.4): what to return, the charset, and the keys. */

import type { Cursor } from '../cursor.ts'
import { readReturnOptions, writeReturnOptions, type ReturnOption } from '../return-option.ts'
import { readSearchKeys, writeSearchKey, type SearchKey } from '../search-key.ts'
import { readAString } from '../strings.ts'
import { skipWord } from '../words.ts'
import type { Writer } from '../writer.ts'
import type { CommandForm } from './form.ts'

/** What SEARCH, SORT, THREAD and ESEARCH have in common. */
export interface SearchProgram {
  readonly charset?: string
  /** All of them must match. */
  readonly keys: readonly SearchKey[]
}

export interface SearchCommand extends SearchProgram {
  readonly tag: string
  readonly name: 'SEARCH'
  readonly uid: boolean
  /** Absent for the plain SEARCH of RFC 3501; empty means ALL. */
  readonly returns?: readonly ReturnOption[]
}

export const search: CommandForm<SearchCommand> = {
  names: ['SEARCH'],
  uidNames: ['SEARCH'],
  read(cursor, { tag, name, uid }) {
    cursor.readSpace()
    const returns = readReturns(cursor)
    return { tag, name, uid, ...(returns && { returns }), ...readSearchProgram(cursor) }
  },
  write(writer, { returns, charset, keys }) {
    if (returns) writeReturnOptions(writer, returns)
    writeSearchProgram(writer, { ...(charset !== undefined && { charset }), keys })
  },
}

/** `RETURN (...) ` when it stands here. */
export function readReturns(cursor: Cursor): ReturnOption[] | undefined {
  if (!skipWord(cursor, 'RETURN')) return undefined
  cursor.readSpace()
  const options = readReturnOptions(cursor)
  cursor.readSpace()
  return options
}

/** `CHARSET UTF-8 ` when it stands here, and the keys up to the end of the message. */
export function readSearchProgram(cursor: Cursor): SearchProgram {
  if (!skipWord(cursor, 'CHARSET')) return { keys: readSearchKeys(cursor) }
  cursor.readSpace()
  return readSearchCriteria(cursor)
}

export function writeSearchProgram(writer: Writer, { charset, keys }: SearchProgram): void {
  if (charset !== undefined) {
    writer.word(' CHARSET ')
    writer.astring(charset)
  }
  writeKeys(writer, keys)
}

/** The charset, which is not optional in SORT and THREAD (RFC 5256 `search-criteria`), and the keys. */
export function readSearchCriteria(cursor: Cursor): Required<SearchProgram> {
  const charset = readAString(cursor)
  cursor.readSpace()
  return { charset, keys: readSearchKeys(cursor) }
}

export function writeSearchCriteria(writer: Writer, { charset, keys }: Required<SearchProgram>): void {
  writer.space()
  writer.astring(charset)
  writeKeys(writer, keys)
}

function writeKeys(writer: Writer, keys: readonly SearchKey[]): void {
  writer.space()
  writer.spaced(keys, writeSearchKey)
}
