/** FLAGS as an untagged response: the flags that a mailbox knows (RFC 9051 section 7.3.5). */

import { readFlags, writeFlags, type Flag } from '../flag.ts'
import type { UntaggedForm } from './form.ts'

export interface FlagsData {
  readonly name: 'FLAGS'
  readonly flags: readonly Flag[]
}

export const flags: UntaggedForm<FlagsData> = {
  names: ['FLAGS'],
  isNumbered: false,
  read(cursor, { name }) {
    cursor.readSpace()
    return { name, flags: readFlags(cursor) }
  },
  write(writer, data) {
    writer.word('FLAGS ')
    writeFlags(writer, data.flags)
  },
}
