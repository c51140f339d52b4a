/** ESEARCH (RFC 9051 section 7.3.4): whose search it answers, and what was asked to be returned. */

import { readEsearchItem, writeEsearchItem, type EsearchItem } from '../esearch-item.ts'
import { readSearchCorrelator, writeSearchCorrelator, type SearchCorrelator } from '../search-correlator.ts'
import { skipWord } from '../words.ts'
import type { UntaggedForm } from './form.ts'

export interface EsearchData extends SearchCorrelator {
  readonly name: 'ESEARCH'
  /** True when the numbers are UIDs. */
  readonly uid: boolean
  readonly items: readonly EsearchItem[]
}

export const esearch: UntaggedForm<EsearchData> = {
  names: ['ESEARCH'],
  isNumbered: false,
  read(cursor, { name }) {
    const correlator = readSearchCorrelator(cursor)
    let uid = false
    const items: EsearchItem[] = []
    while (cursor.hasMore()) {
      cursor.readSpace()
      if (!uid && items.length === 0 && skipWord(cursor, 'UID')) uid = true
      else items.push(readEsearchItem(cursor))
    }
    return { name, ...correlator, uid, items }
  },
  write(writer, data) {
    writer.word('ESEARCH')
    writeSearchCorrelator(writer, data)
    if (data.uid) writer.word(' UID')
    for (const item of data.items) {
      writer.space()
      writeEsearchItem(writer, item)
    }
  },
}
