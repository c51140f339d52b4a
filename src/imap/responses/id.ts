/** ID as a response (RFC 2971): what a server says of itself. */

import { readIdParameters, writeIdParameters, type IdParameter } from '../id-parameters.ts'
import type { UntaggedForm } from './form.ts'

export interface IdData {
  readonly name: 'ID'
  /** Null for `ID NIL`. */
  readonly parameters: readonly IdParameter[] | null
}

export const id: UntaggedForm<IdData> = {
  names: ['ID'],
  isNumbered: false,
  read(cursor, { name }) {
    return { name, parameters: readIdParameters(cursor) }
  },
  write(writer, { parameters }) {
    writer.word('ID ')
    writeIdParameters(writer, parameters)
  },
}
