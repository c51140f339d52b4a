/** COMPARATOR (RFC 5255 section 4.7): asks for the collation in use, or for another. */

import { readAString } from '../strings.ts'
import type { CommandForm } from './form.ts'

export interface ComparatorCommand {
  readonly tag: string
  readonly name: 'COMPARATOR'
  /** In order of preference, perhaps with wildcards; empty to ask. */
  readonly order: readonly string[]
}

export const comparator: CommandForm<ComparatorCommand> = {
  names: ['COMPARATOR'],
  read(cursor, { tag, name }) {
    const order: string[] = []
    while (cursor.hasMore()) {
      cursor.readSpace()
      order.push(readAString(cursor))
    }
    return { tag, name, order }
  },
  write(writer, { order }) {
    for (const collation of order) {
      writer.space()
      writer.astring(collation)
    }
  },
}
