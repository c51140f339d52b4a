/** What a file of FETCH items gives to their registry: by name, how the value is read and written. */

import type { Cursor } from './cursor.ts'
import type { Writer } from './writer.ts'

/** One form for each name of the union. */
export type FetchItemForms<I extends { readonly name: string }> = {
  readonly [N in I['name']]: FetchItemForm<I & { readonly name: N }>
}

export interface FetchItemForm<I> {
  /** The cursor stands behind the name: at the space before the value, or at the bracket of a name with `[]`. */
  readonly read: (cursor: Cursor) => I
  /** Writes all that stands behind the name, its space included. */
  readonly write: (writer: Writer, item: I) => void
}
