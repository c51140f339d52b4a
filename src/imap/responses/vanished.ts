/** VANISHED (RFC 7162 section 3.2.10): UIDs that are gone, now or since the client last looked. */

import type { Cursor } from '../cursor.ts'
import { LPAREN } from '../octets.ts'
import { readUidSet, type SequenceSet } from '../sequence-set.ts'
import { readName } from '../words.ts'
import type { UntaggedForm } from './form.ts'

export interface VanishedData {
  readonly name: 'VANISHED'
  /** True where they had gone before: then the number of messages stays what it is. */
  readonly isEarlier: boolean
  /** Perhaps UIDs that never were; `1:4294967295` is seen. */
  readonly uids: SequenceSet
}

export const vanished: UntaggedForm<VanishedData> = {
  names: ['VANISHED'],
  isNumbered: false,
  read(cursor, { name }) {
    const isEarlier = cursor.isAtSpaceThen(LPAREN)
    if (isEarlier) readEarlier(cursor)
    if (cursor.hasMore()) {
      cursor.readSpace()
      return { name, isEarlier, uids: readUidSet(cursor) }
    }
    cursor.quirk('empty-set', 'VANISHED without UIDs')
    return { name, isEarlier, uids: '' }
  },
  write(writer, { isEarlier, uids }) {
    writer.word(isEarlier ? 'VANISHED (EARLIER)' : 'VANISHED')
    if (uids !== '') writer.word(` ${uids}`)
  },
}

function readEarlier(cursor: Cursor): void {
  cursor.readSpace()
  cursor.open()
  if (readName(cursor) !== 'EARLIER') cursor.fail('unknown-argument', 'expected EARLIER')
  if (!cursor.close()) cursor.fail('trailing-octets', 'more than EARLIER')
}
