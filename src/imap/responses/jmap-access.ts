/** JMAPACCESS (RFC 9698): the address of the JMAP session resource, which leads around a proxy. */

import { readStringOrNil } from '../strings.ts'
import type { UntaggedForm } from './form.ts'

export interface JmapAccessData {
  readonly name: 'JMAPACCESS'
  readonly url: string
}

export const jmapAccess: UntaggedForm<JmapAccessData> = {
  names: ['JMAPACCESS'],
  isNumbered: false,
  read(cursor, { name }) {
    cursor.readSpace()
    return { name, url: readStringOrNil(cursor) }
  },
  write(writer, { url }) {
    writer.word('JMAPACCESS ')
    writer.string(url)
  },
}
