/** Tags (RFC 9051 section 9): read as they stand, and told when no tag may look like that. */

import type { Cursor } from './cursor.ts'
import { CLOSING_BRACKET, readRun } from './words.ts'

/** ASTRING-CHAR without `+`; what else stands there is a quirk. */
export function readTag(cursor: Cursor): string {
  const tag = readRun(cursor, CLOSING_BRACKET)
  if (tag.includes('+')) cursor.quirk('odd-tag', 'a tag with a plus, which begins a continuation request')
  return tag
}
