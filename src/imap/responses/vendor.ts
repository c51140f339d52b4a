/** Untagged responses of vendors: Apple's push service in full, the others as words with values of any shape. */

import { readAString } from '../strings.ts'
import { readSyntaxRest, writeSyntaxRest, type Syntax } from '../syntax.ts'
import type { UntaggedForm } from './form.ts'

export interface ApplePushData {
  readonly name: 'XAPPLEPUSHSERVICE'
  /** Lower case, such as `aps-topic`. */
  readonly fields: readonly { readonly field: string; readonly value: string }[]
}

export const applePush: UntaggedForm<ApplePushData> = {
  names: ['XAPPLEPUSHSERVICE'],
  isNumbered: false,
  read(cursor, { name }) {
    const fields: { field: string; value: string }[] = []
    do {
      cursor.readSpace()
      const field = readAString(cursor).toLowerCase()
      cursor.readSpace()
      fields.push({ field, value: readAString(cursor) })
    } while (cursor.hasMore())
    return { name, fields }
  },
  write(writer, { name, fields }) {
    writer.word(name)
    for (const { field, value } of fields) {
      writer.space()
      writer.string(field)
      writer.space()
      writer.string(value)
    }
  },
}

/** Netscape tells where its web pages are; Cyrus answers DUMP with a whole mailbox, and XSTATS with counters. */
export interface GenericData {
  readonly name: (typeof names)[number]
  readonly values: readonly Syntax[]
}

const names = ['NETSCAPE', 'DUMP', 'XSTATS'] as const

export const generic: UntaggedForm<GenericData> = {
  names,
  isNumbered: false,
  read: (cursor, { name }) => ({ name, values: readSyntaxRest(cursor) }),
  write(writer, { name, values }) {
    writer.word(name)
    writeSyntaxRest(writer, values)
  },
}
