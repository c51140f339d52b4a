/** SEARCH and UID SEARCH (RFC 9051 section 6.4.4): what to return, the charset, and the keys. */

import type { Cursor } from '../cursor.ts'
import { readSearchKeys, writeSearchKey, type SearchKey } from '../search-key.ts'
import { readReturnOptions, writeReturnOptions, type ReturnOption } from '../return-option.ts'
import { readAString } from '../strings.ts'
import { skipWord } from '../words.ts'
import type { CommandForm } from './form.ts'

export interface SearchCommand {
  readonly tag: string
  readonly name: 'SEARCH'
  readonly uid: boolean
  /** Absent for the plain SEARCH of RFC 3501; empty means ALL. */
  readonly returns?: readonly ReturnOption[]
  readonly charset?: string
  /** All of them must match. */
  readonly keys: readonly SearchKey[]
}

export const search: CommandForm<SearchCommand> = {
  names: ['SEARCH'],
  uidNames: ['SEARCH'],
  read(cursor, { tag, name, uid }) {
    cursor.readSpace()
    const returns = readReturns(cursor)
    const charset = readCharset(cursor)
    const keys = readSearchKeys(cursor)
    return { tag, name, uid, ...(returns && { returns }), ...(charset !== undefined && { charset }), keys }
  },
  write(writer, { returns, charset, keys }) {
    if (returns) writeReturnOptions(writer, returns)
    if (charset !== undefined) {
      writer.word(' CHARSET ')
      writer.astring(charset)
    }
    writer.space()
    writer.spaced(keys, writeSearchKey)
  },
}

function readReturns(cursor: Cursor): ReturnOption[] | undefined {
  if (!skipWord(cursor, 'RETURN')) return undefined
  cursor.readSpace()
  const options = readReturnOptions(cursor)
  cursor.readSpace()
  return options
}

function readCharset(cursor: Cursor): string | undefined {
  if (!skipWord(cursor, 'CHARSET')) return undefined
  cursor.readSpace()
  const charset = readAString(cursor)
  cursor.readSpace()
  return charset
}
