/** Dates with a time, `"17-Jul-1996 02:44:25 -0700"` (RFC 9051 section 9, date-time); kept as they are written. */

import type { Cursor } from './cursor.ts'
import { readNString, skipNil } from './strings.ts'

/** What stands between the quotes. */
export type DateTime = string

/** Sticky, and so to be set to where it looks; the days are those that a month can have. */
const quotedDateTime =
  /"(?: [1-9]|0[1-9]|[12]\d|3[01])-(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-\d{4} [0-2]\d:[0-5]\d:[0-6]\d [+-]\d{4}"/iuy

/** A quoted date-time; any other string in its place is a quirk. */
export function readDateTime(cursor: Cursor): DateTime {
  const { text, at } = cursor
  quotedDateTime.lastIndex = at
  if (quotedDateTime.test(text)) {
    cursor.at = quotedDateTime.lastIndex
    return text.slice(at + 1, cursor.at - 1)
  }
  const date = readNString(cursor)
  if (date === null) cursor.quirk('nil-for-string', 'NIL where a date belongs')
  // Domino writes 00-Jan-0000, others leave out the space before a day of one digit.
  else cursor.quirk('odd-date', 'a date that is not written as a date-time')
  return date ?? ''
}

/** A date-time, or null for NIL. */
export const readDateTimeOrNil = (cursor: Cursor): DateTime | null =>
  skipNil(cursor) ? null : readDateTime(cursor)
