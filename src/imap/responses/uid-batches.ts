/** UIDBATCHES as a response (RFC 10022): one UID range for each batch of messages, from the newest to the oldest. */

import { readSearchCorrelator, writeSearchCorrelator, type SearchCorrelator } from '../search-correlator.ts'
import { readUidSet, type SequenceSet } from '../sequence-set.ts'
import type { UntaggedForm } from './form.ts'

export interface UidBatchesData extends SearchCorrelator {
  readonly name: 'UIDBATCHES'
  /** `163886:99703,99696:1`; absent when there are no messages. */
  readonly batches?: SequenceSet
}

export const uidBatches: UntaggedForm<UidBatchesData> = {
  names: ['UIDBATCHES'],
  isNumbered: false,
  read(cursor, { name }) {
    const correlator = readSearchCorrelator(cursor)
    if (correlator.tag === undefined) cursor.quirk('missing-tag', 'nothing says which command it answers')
    if (!cursor.hasMore()) return { name, ...correlator }
    cursor.readSpace()
    return { name, ...correlator, batches: readUidSet(cursor) }
  },
  write(writer, data) {
    writer.word('UIDBATCHES')
    writeSearchCorrelator(writer, data)
    if (data.batches !== undefined) writer.word(` ${data.batches}`)
  },
}
