/** UIDBATCHES (RFC 10022): asks for the UID ranges that cut a mailbox into batches of one size. */

import type { Cursor } from '../cursor.ts'
import { MINUS } from '../octets.ts'
import { readPartialRange, type PartialRange } from '../sequence-set.ts'
import { readNzNumber } from '../words.ts'
import type { CommandForm } from './form.ts'

export interface UidBatchesCommand {
  readonly tag: string
  readonly name: 'UIDBATCHES'
  /** Messages in a batch. */
  readonly size: number
  /** Which batches, `1:4`, the newest being the first; all of them where it is absent. */
  readonly range?: PartialRange
}

export const uidBatches: CommandForm<UidBatchesCommand> = {
  names: ['UIDBATCHES'],
  read(cursor, { tag, name }) {
    cursor.readSpace()
    const size = readNzNumber(cursor)
    return cursor.hasMore() ? { tag, name, size, range: readBatchRange(cursor) } : { tag, name, size }
  },
  write(writer, { size, range }) {
    writer.word(range === undefined ? ` ${size}` : ` ${size} ${range}`)
  },
}

function readBatchRange(cursor: Cursor): PartialRange {
  cursor.readSpace()
  if (cursor.peek() === MINUS) cursor.quirk('negative-number', 'batches counted from the end')
  return readPartialRange(cursor)
}
