/** Selection and return options of LIST (RFC 9051 section 6.3.9, RFC 5258): one registry, unknown ones kept. */

import type { Cursor } from './cursor.ts'
import { readUnknownParameter, writeUnknownParameter, type UnknownParameter } from './known-value.ts'
import { LPAREN } from './octets.ts'
import { readSpacedList } from './spaced-list.ts'
import { readStatusItemNames, writeStatusItemNames } from './status-item.ts'
import { readAString } from './strings.ts'
import { readNameAsWritten } from './words.ts'
import type { Writer } from './writer.ts'

/** Options of one word, and the responses that they ask for beside LIST: `MYRIGHTS` (RFC 8440). */
const words = ['SUBSCRIBED', 'REMOTE', 'RECURSIVEMATCH', 'SPECIAL-USE', 'CHILDREN', 'MYRIGHTS'] as const

export type ListOption =
  | { readonly name: (typeof words)[number] }
  /** A STATUS response is wanted beside each LIST response (RFC 5819). */
  | { readonly name: 'STATUS'; readonly items: readonly string[] }
  /** A METADATA response is wanted beside each LIST response (RFC 9590). */
  | { readonly name: 'METADATA'; readonly entries: readonly string[] }
  | UnknownParameter

/** Options with arguments of their own: name to reader. */
const readers: ReadonlyMap<string, (cursor: Cursor) => ListOption> = new Map<
  string,
  (cursor: Cursor) => ListOption
>([
  ['STATUS', (cursor) => ({ name: 'STATUS', items: readStatusItemNames(cursor) })],
  ['METADATA', (cursor) => ({ name: 'METADATA', entries: readSpacedList(cursor, readAString) })],
])

/** Upper case. */
export const listOptionNames: ReadonlySet<string> = new Set([...words, ...readers.keys()])

export function readListOption(cursor: Cursor): ListOption {
  const written = readNameAsWritten(cursor)
  const word = written.toUpperCase()
  const name = words.find((candidate) => candidate === word)
  if (name && !cursor.isAtSpaceThen(LPAREN)) return { name }
  const read = readers.get(word)
  if (!read || !cursor.isAtSpaceThen(LPAREN)) return readUnknownParameter(cursor, written)
  cursor.readSpace()
  return read(cursor)
}

export function writeListOption(writer: Writer, option: ListOption): void {
  if (option.name === 'unknown') return writeUnknownParameter(writer, option)
  writer.word(option.name)
  if (option.name === 'STATUS') {
    writer.space()
    writeStatusItemNames(writer, option.items)
  } else if (option.name === 'METADATA') {
    writer.space()
    writer.list(option.entries, (to, entry) => to.astring(entry))
  }
}
