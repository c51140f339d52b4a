/** SORT and UID SORT (RFC 5256), also with what to return (RFC 5267). */

import { writeReturnOptions, type ReturnOption } from '../return-option.ts'
import type { SearchKey } from '../search-key.ts'
import { readSortCriterion, writeSortCriterion, type SortCriterion } from '../sort-key.ts'
import { readSpacedList } from '../spaced-list.ts'
import type { CommandForm } from './form.ts'
import { readReturns, readSearchCriteria, writeSearchCriteria } from './search.ts'

export interface SortCommand {
  readonly tag: string
  readonly name: 'SORT'
  readonly uid: boolean
  /** Absent for the plain SORT of RFC 5256; empty means ALL. */
  readonly returns?: readonly ReturnOption[]
  /** What counts first stands first. */
  readonly criteria: readonly SortCriterion[]
  readonly charset: string
  readonly keys: readonly SearchKey[]
}

export const sort: CommandForm<SortCommand> = {
  names: ['SORT'],
  uidNames: ['SORT'],
  read(cursor, { tag, name, uid }) {
    cursor.readSpace()
    const returns = readReturns(cursor)
    const criteria = readSpacedList(cursor, readSortCriterion)
    cursor.readSpace()
    return { tag, name, uid, ...(returns && { returns }), criteria, ...readSearchCriteria(cursor) }
  },
  write(writer, { returns, criteria, charset, keys }) {
    if (returns) writeReturnOptions(writer, returns)
    writer.space()
    writer.list(criteria, writeSortCriterion)
    writeSearchCriteria(writer, { charset, keys })
  },
}
