/** ESEARCH (RFC 9051 section 7.3.4): whose search it answers, and what was asked to be returned. */

import type { Cursor } from '../cursor.ts'
import { LPAREN } from '../octets.ts'
import { readSequenceSet, type SequenceSet } from '../sequence-set.ts'
import { readAString } from '../strings.ts'
import { readSyntax, writeSyntax, type Syntax } from '../syntax.ts'
import { readName, readNumber, readNumber64, skipWord } from '../words.ts'
import type { Writer } from '../writer.ts'
import type { UntaggedForm } from './form.ts'

export interface EsearchData {
  readonly name: 'ESEARCH'
  /** The tag of the command that it answers. */
  readonly tag?: string
  /** True when the numbers are UIDs. */
  readonly uid: boolean
  readonly items: readonly EsearchItem[]
}

export type EsearchItem =
  | { readonly name: 'MIN' | 'MAX' | 'COUNT'; readonly value: number }
  | { readonly name: 'ALL'; readonly messages: SequenceSet }
  | { readonly name: 'MODSEQ'; readonly modseq: bigint }
  | { readonly name: 'unknown'; readonly word: string; readonly value: Syntax }

export const esearch: UntaggedForm<EsearchData> = {
  names: ['ESEARCH'],
  isNumbered: false,
  read(cursor, { name }) {
    const tag = cursor.isAtSpaceThen(LPAREN) ? readCorrelator(cursor) : undefined
    let uid = false
    const items: EsearchItem[] = []
    while (cursor.hasMore()) {
      cursor.readSpace()
      if (!uid && items.length === 0 && skipWord(cursor, 'UID')) uid = true
      else items.push(readItem(cursor))
    }
    return { name, ...(tag !== undefined && { tag }), uid, items }
  },
  write(writer, { tag, uid, items }) {
    writer.word('ESEARCH')
    if (tag !== undefined) {
      writer.word(' (TAG ')
      writer.string(tag)
      writer.word(')')
    }
    if (uid) writer.word(' UID')
    for (const item of items) writeItem(writer, item)
  },
}

function readCorrelator(cursor: Cursor): string {
  cursor.readSpace()
  cursor.open()
  if (readName(cursor) !== 'TAG') cursor.fail('unknown-argument', 'expected TAG')
  cursor.readSpace()
  const tag = readAString(cursor)
  if (!cursor.close()) cursor.fail('trailing-octets', 'more than the tag')
  return tag
}

function readItem(cursor: Cursor): EsearchItem {
  const word = readName(cursor)
  cursor.readSpace()
  switch (word) {
    case 'MIN':
    case 'MAX':
    case 'COUNT':
      return { name: word, value: readNumber(cursor) }
    case 'ALL':
      return { name: word, messages: readSequenceSet(cursor) }
    case 'MODSEQ':
      return { name: word, modseq: readNumber64(cursor) }
    default:
      return { name: 'unknown', word, value: readSyntax(cursor) }
  }
}

function writeItem(writer: Writer, item: EsearchItem): void {
  writer.word(` ${item.name === 'unknown' ? item.word : item.name} `)
  if (item.name === 'unknown') writeSyntax(writer, item.value)
  else if (item.name === 'ALL') writer.word(item.messages)
  else writer.number(item.name === 'MODSEQ' ? item.modseq : item.value)
}
