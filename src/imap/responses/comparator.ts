/** COMPARATOR as a response (RFC 5255 section 4.8): the collation in use, and those that matched what was asked for. */

import { LPAREN } from '../octets.ts'
import { readSpacedList } from '../spaced-list.ts'
import { readAString } from '../strings.ts'
import type { UntaggedForm } from './form.ts'

export interface ComparatorData {
  readonly name: 'COMPARATOR'
  readonly collation: string
  readonly matching?: readonly string[]
}

export const comparator: UntaggedForm<ComparatorData> = {
  names: ['COMPARATOR'],
  isNumbered: false,
  read(cursor, { name }) {
    cursor.readSpace()
    const collation = readAString(cursor)
    if (!cursor.isAtSpaceThen(LPAREN)) return { name, collation }
    cursor.readSpace()
    return { name, collation, matching: readSpacedList(cursor, readAString) }
  },
  write(writer, { collation, matching }) {
    writer.word('COMPARATOR ')
    writer.astring(collation)
    if (!matching) return
    writer.space()
    writer.list(matching, (to, each) => to.astring(each))
  },
}
