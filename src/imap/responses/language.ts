/** LANGUAGE as a response (RFC 5255 section 3.3): the languages there are, or the one that is spoken from now on. */

import { readSpacedList } from '../spaced-list.ts'
import { readAString } from '../strings.ts'
import type { UntaggedForm } from './form.ts'

export interface LanguageData {
  readonly name: 'LANGUAGE'
  /** Language tags (RFC 5646), such as `i-default`. */
  readonly tags: readonly string[]
}

export const language: UntaggedForm<LanguageData> = {
  names: ['LANGUAGE'],
  isNumbered: false,
  read(cursor, { name }) {
    cursor.readSpace()
    return { name, tags: readSpacedList(cursor, readAString) }
  },
  write(writer, { tags }) {
    writer.word('LANGUAGE ')
    writer.list(tags, (to, tag) => to.astring(tag))
  },
}
