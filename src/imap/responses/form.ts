/** What one file of this folder gives to the registry: its words, and how their data are read and written. */

import type { Cursor } from '../cursor.ts'
import type { Writer } from '../writer.ts'

/** What stands before the data. */
export interface UntaggedHead<Name extends string> {
  readonly name: Name
  /** The number before the name; 0 for names that have none. */
  readonly number: number
  /** It begins with 0, which only a count does. */
  readonly isZeroFirst: boolean
}

export interface UntaggedForm<D extends { readonly name: string }> {
  readonly names: readonly D['name'][]
  /** True where a number stands before the name: `* 3 EXISTS`. */
  readonly isNumbered: boolean
  /** Reads what stands behind the name; the registry reads the end. */
  read(cursor: Cursor, head: UntaggedHead<D['name']>): D
  /** Writes all that stands behind `* `, the name included. */
  write(writer: Writer, data: D): void
}
