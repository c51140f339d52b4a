/** ID as a command (RFC 2971): what a client says of itself. */

import { readIdParameters, writeIdParameters, type IdParameter } from '../id-parameters.ts'
import type { CommandForm } from './form.ts'

export interface IdCommand {
  readonly tag: string
  readonly name: 'ID'
  /** Null for `ID NIL`. */
  readonly parameters: readonly IdParameter[] | null
}

export const id: CommandForm<IdCommand> = {
  names: ['ID'],
  read(cursor, { tag, name }) {
    return { tag, name, parameters: readIdParameters(cursor) }
  },
  write(writer, { parameters }) {
    writer.space()
    writeIdParameters(writer, parameters)
  },
}
