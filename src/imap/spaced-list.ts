/** Parenthesised lists as most grammars have them, of one item or more; knows no item. */

import type { Cursor } from './cursor.ts'
import { readList } from './syntax.ts'

export function readSpacedList<T>(cursor: Cursor, readItem: (cursor: Cursor) => T): T[] {
  const items = readList(cursor, readItem)
  if (items.length === 0) cursor.quirk('empty-list', 'a list that holds nothing')
  return items
}
