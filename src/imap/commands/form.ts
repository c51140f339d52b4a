/** What one file of this folder gives to the registry: its words, and how their arguments are read and written. */

import type { Cursor } from '../cursor.ts'
import type { Writer } from '../writer.ts'

/** What stands before the arguments. */
export interface CommandHead<Name extends string> {
  readonly tag: string
  readonly name: Name
  /** True for `UID FETCH` and its like. */
  readonly uid: boolean
}

export interface CommandForm<C extends CommandShape> {
  readonly names: readonly C['name'][]
  /** Names that may follow `UID`. */
  readonly uidNames?: readonly C['name'][]
  /** Reads the arguments; the cursor stands right behind the name, and the registry reads the end. */
  read(cursor: Cursor, head: CommandHead<C['name']>): C
  /** Writes the arguments, each after its space. */
  write(writer: Writer, command: C): void
}

interface CommandShape {
  readonly tag: string
  readonly name: string
}
