/** Flags and keywords (RFC 9051 section 2.3.2): kept as they are written. */

import type { Cursor } from './cursor.ts'
import { LPAREN } from './octets.ts'
import { skipWord, readWord } from './words.ts'
import { writeWord, type Writer } from './writer.ts'

/** `\Seen`, `$Forwarded`, `\*`; any run of octets that a server calls a flag. */
export type Flag = string

export const readFlag = (cursor: Cursor): Flag => readWord(cursor)

/** `(\Seen $Work)`. NIL for an empty list is a quirk. */
export function readFlags(cursor: Cursor): Flag[] {
  const flags: Flag[] = []
  if (cursor.peek() !== LPAREN && skipWord(cursor, 'NIL')) {
    cursor.quirk('nil-for-list', 'NIL where a list belongs')
    return flags
  }
  cursor.open()
  while (!cursor.close()) flags.push(readWord(cursor))
  return flags
}

export function writeFlags(writer: Writer, flags: readonly Flag[]): void {
  writer.list(flags, writeWord)
}
