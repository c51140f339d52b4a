/** Flags and keywords (RFC 9051 section 2.3.2): kept as they are written. */

import type { Cursor } from './cursor.ts'
import { BACKSLASH, LPAREN } from './octets.ts'
import { decodeText } from './utf8.ts'
import { EIGHT_BIT, skipRun, skipWord } from './words.ts'
import { writeWord, type Writer } from './writer.ts'

/** `\Seen`, `$Forwarded`; any run of octets that a server calls a flag. */
export type Flag = string

/** An atom, or a backslash and an atom. */
export function readFlag(cursor: Cursor): Flag {
  const from = cursor.at
  if (cursor.octets[from] === BACKSLASH && from < cursor.end) cursor.at++
  const atom = cursor.at
  const seen = skipRun(cursor)
  if (cursor.at === from) cursor.fail('missing-word', 'expected a flag')
  const flag = cursor.text.slice(from, cursor.at)
  if (seen === 0 && cursor.at > atom) return flag
  cursor.quirk('odd-flag', 'a flag with octets that flags may not hold')
  return (seen & EIGHT_BIT) === 0 ? flag : decodeText(flag)
}

/** Flags that a client gives a message: `\Recent` is none of them (RFC 9051 section 9, `flag`). */
export function checkSettable(cursor: Cursor, flags: readonly Flag[]): readonly Flag[] {
  if (flags.some((flag) => /^\\recent$/iu.test(flag)))
    cursor.quirk('odd-flag', 'a flag that only the server sets')
  return flags
}

/** `\*` says that keywords may be made (RFC 9051 section 7.1), and stands among PERMANENTFLAGS only. */
function readPermanentFlag(cursor: Cursor): Flag {
  return skipWord(cursor, '\\*') ? '\\*' : readFlag(cursor)
}

/** `(\Seen $Work)`. NIL for an empty list is a quirk. */
export const readFlags = (cursor: Cursor): Flag[] => readFlagList(cursor, readFlag)

export const readPermanentFlags = (cursor: Cursor): Flag[] => readFlagList(cursor, readPermanentFlag)

function readFlagList(cursor: Cursor, read: (cursor: Cursor) => Flag): Flag[] {
  if (cursor.octets[cursor.at] !== LPAREN && skipWord(cursor, 'NIL')) {
    cursor.quirk('nil-for-list', 'NIL where a list belongs')
    return []
  }
  cursor.open()
  if (cursor.close()) return []
  // An array literal is as large as its items; one that grows from nothing has room for seventeen.
  const flags = [read(cursor)]
  while (!cursor.close()) flags.push(read(cursor))
  return flags
}

export function writeFlags(writer: Writer, flags: readonly Flag[]): void {
  writer.list(flags, writeWord)
}
