/** What a SEARCH is asked to return (RFC 9051 section 6.4.4): MIN, MAX, ALL, COUNT, SAVE, and unknown ones kept. */

import type { Cursor } from './cursor.ts'
import { LPAREN, MINUS, octetsOf, STAR } from './octets.ts'
import { readList, readSyntax, writeSyntax, type Syntax } from './syntax.ts'
import { readName } from './words.ts'
import type { Writer } from './writer.ts'

export type ReturnOption =
  | { readonly name: 'MIN' | 'MAX' | 'ALL' | 'COUNT' | 'SAVE' }
  /** Such as `PARTIAL 1:100`. */
  | { readonly name: 'unknown'; readonly word: string; readonly value?: Syntax }

const VALUE_STARTS = [LPAREN, MINUS, STAR, ...octetsOf('0123456789')]
const known = ['MIN', 'MAX', 'ALL', 'COUNT', 'SAVE'] as const

export const readReturnOptions = (cursor: Cursor): ReturnOption[] => readList(cursor, readReturnOption)

function readReturnOption(cursor: Cursor): ReturnOption {
  const word = readName(cursor)
  const name = known.find((candidate) => candidate === word)
  if (name) return { name }
  if (!isBeforeValue(cursor)) return { name: 'unknown', word }
  cursor.readSpace()
  return { name: 'unknown', word, value: readSyntax(cursor) }
}

/** Values are numbers, ranges or lists; any other word is the next option. */
function isBeforeValue(cursor: Cursor): boolean {
  return VALUE_STARTS.some((octet) => cursor.isAtSpaceThen(octet))
}

export function writeReturnOptions(writer: Writer, options: readonly ReturnOption[]): void {
  writer.word(' RETURN ')
  writer.list(options, (to, option) => {
    to.word(option.name === 'unknown' ? option.word : option.name)
    if (option.name !== 'unknown' || !option.value) return
    to.space()
    writeSyntax(to, option.value)
  })
}
