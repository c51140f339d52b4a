/** SEARCH as a response (RFC 3501 section 7.2.5), with the mod-sequence that RFC 7162 appends. */

import type { Cursor } from '../cursor.ts'
import { LPAREN } from '../octets.ts'
import { readName, readNumber, readNumber64 } from '../words.ts'
import type { UntaggedForm } from './form.ts'

export interface SearchData {
  readonly name: 'SEARCH'
  readonly numbers: readonly number[]
  readonly modseq?: bigint
}

export const search: UntaggedForm<SearchData> = {
  names: ['SEARCH'],
  isNumbered: false,
  read(cursor, { name }) {
    const numbers: number[] = []
    // Some servers end the line with a space.
    while (cursor.hasMore() && !cursor.isAtSpaceThen(LPAREN)) {
      cursor.readSpace()
      numbers.push(readNumber(cursor))
    }
    const modseq = cursor.isAtSpaceThen(LPAREN) ? readModseq(cursor) : undefined
    return modseq === undefined ? { name, numbers } : { name, numbers, modseq }
  },
  write(writer, { numbers, modseq }) {
    writer.word(['SEARCH', ...numbers].join(' '))
    if (modseq !== undefined) writer.word(` (MODSEQ ${modseq})`)
  },
}

function readModseq(cursor: Cursor): bigint {
  cursor.readSpace()
  cursor.open()
  if (readName(cursor) !== 'MODSEQ') cursor.fail('unknown-argument', 'expected MODSEQ')
  cursor.readSpace()
  const modseq = readNumber64(cursor)
  if (!cursor.close()) cursor.fail('trailing-octets', 'more than one mod-sequence')
  return modseq
}
