/** THREAD and UID THREAD (RFC 5256): the algorithm, and which messages. */

import type { SearchKey } from '../search-key.ts'
import { readName } from '../words.ts'
import type { CommandForm } from './form.ts'
import { readSearchCriteria, writeSearchCriteria } from './search.ts'

export interface ThreadCommand {
  readonly tag: string
  readonly name: 'THREAD'
  readonly uid: boolean
  /** Upper case: `REFERENCES`, `ORDEREDSUBJECT`, `REFS`, or another. */
  readonly algorithm: string
  readonly charset: string
  readonly keys: readonly SearchKey[]
}

export const thread: CommandForm<ThreadCommand> = {
  names: ['THREAD'],
  uidNames: ['THREAD'],
  read(cursor, { tag, name, uid }) {
    cursor.readSpace()
    const algorithm = readName(cursor)
    cursor.readSpace()
    return { tag, name, uid, algorithm, ...readSearchCriteria(cursor) }
  },
  write(writer, { algorithm, charset, keys }) {
    writer.word(` ${algorithm}`)
    writeSearchCriteria(writer, { charset, keys })
  },
}
