/** Selection and return options of LIST (RFC 9051 section 6.3.9, RFC 5819): one registry, unknown ones kept. */

import type { Cursor } from './cursor.ts'
import { LPAREN } from './octets.ts'
import { readList, readParameters, writeParameters, type Syntax } from './syntax.ts'
import { readName } from './words.ts'
import { writeWord, type Writer } from './writer.ts'

export type ListOption =
  /** `SUBSCRIBED`, `REMOTE`, `RECURSIVEMATCH`, `SPECIAL-USE`, `CHILDREN` and others of one word, upper case. */
  | { readonly name: 'word'; readonly word: string }
  /** A STATUS response is wanted beside each LIST response. */
  | { readonly name: 'STATUS'; readonly items: readonly string[] }
  /** An option with arguments that nobody here knows. */
  | { readonly name: 'unknown'; readonly word: string; readonly arguments: readonly Syntax[] }

/** Options with arguments of their own: name to reader. */
const readers: ReadonlyMap<string, (cursor: Cursor) => ListOption> = new Map([['STATUS', readStatusOption]])

export function readListOption(cursor: Cursor): ListOption {
  const word = readName(cursor)
  const read = readers.get(word)
  if (read && cursor.isAtSpaceThen(LPAREN)) return read(cursor)
  const parameters = readParameters(cursor)
  return parameters ? { name: 'unknown', word, arguments: parameters } : { name: 'word', word }
}

export function writeListOption(writer: Writer, option: ListOption): void {
  if (option.name === 'STATUS') {
    writer.word('STATUS ')
    return writer.list(option.items, writeWord)
  }
  writer.word(option.word)
  if (option.name === 'unknown') writeParameters(writer, option.arguments)
}

function readStatusOption(cursor: Cursor): ListOption {
  cursor.readSpace()
  return { name: 'STATUS', items: readList(cursor, readName) }
}
