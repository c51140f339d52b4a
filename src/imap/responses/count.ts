/** EXISTS, RECENT and EXPUNGE: one number and one word (RFC 9051 sections 7.4.1 and 7.5.1, RFC 3501 section 7.3.2). */

import { quirkZero } from '../words.ts'
import type { UntaggedForm } from './form.ts'

export type CountData =
  | { readonly name: 'EXISTS' | 'RECENT'; readonly count: number }
  | { readonly name: 'EXPUNGE'; readonly message: number }

export const count: UntaggedForm<CountData> = {
  names: ['EXISTS', 'RECENT', 'EXPUNGE'],
  isNumbered: true,
  read(cursor, { name, number, isZeroFirst }) {
    if (name !== 'EXPUNGE') return { name, count: number }
    if (isZeroFirst) quirkZero(cursor, number)
    return { name, message: number }
  },
  write(writer, data) {
    writer.word(`${data.name === 'EXPUNGE' ? data.message : data.count} ${data.name}`)
  },
}
