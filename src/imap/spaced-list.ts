/** Parenthesised lists as most grammars have them: one item or more, and one space between them; knows no item. */

import type { Cursor } from './cursor.ts'
import { SP } from './octets.ts'

export function readSpacedList<T>(cursor: Cursor, readItem: (cursor: Cursor) => T): T[] {
  const items: T[] = []
  cursor.open()
  while (!cursor.close()) {
    if (items.length > 0 && cursor.text.charCodeAt(cursor.at - 1) !== SP)
      cursor.quirk('missing-space', 'no space between two items')
    items.push(readItem(cursor))
  }
  if (items.length === 0) cursor.quirk('empty-list', 'a list that holds nothing')
  return items
}
