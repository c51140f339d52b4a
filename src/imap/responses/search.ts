/** SEARCH and SORT as responses (RFC 3501 section 7.2.5, RFC 5256), with the mod-sequence that RFC 7162 appends. */

import type { Cursor } from '../cursor.ts'
import { readModSequence } from '../mod-sequence.ts'
import { LPAREN } from '../octets.ts'
import { readName, readNzNumber } from '../words.ts'
import type { UntaggedForm } from './form.ts'

export interface SearchData {
  readonly name: 'SEARCH' | 'SORT'
  /** Message numbers or UIDs, as the command asked for. */
  readonly numbers: readonly number[]
  readonly modseq?: bigint
}

export const search: UntaggedForm<SearchData> = {
  names: ['SEARCH', 'SORT'],
  isNumbered: false,
  read(cursor, { name }) {
    const numbers: number[] = []
    // Some servers end the line with a space.
    while (cursor.hasMore() && !cursor.isAtSpaceThen(LPAREN)) {
      cursor.readSpace()
      numbers.push(readNzNumber(cursor))
    }
    const modseq = cursor.isAtSpaceThen(LPAREN) ? readModseq(cursor) : undefined
    if (modseq === undefined) return { name, numbers }
    if (numbers.length === 0) cursor.quirk('lone-modseq', 'a mod-sequence of no messages')
    return { name, numbers, modseq }
  },
  write(writer, { name, numbers, modseq }) {
    writer.word([name, ...numbers].join(' '))
    if (modseq !== undefined) writer.word(` (MODSEQ ${modseq})`)
  },
}

function readModseq(cursor: Cursor): bigint {
  cursor.readSpace()
  cursor.open()
  if (readName(cursor) !== 'MODSEQ') cursor.fail('unknown-argument', 'expected MODSEQ')
  cursor.readSpace()
  const modseq = readModSequence(cursor)
  if (!cursor.close()) cursor.fail('trailing-octets', 'more than one mod-sequence')
  return modseq
}
