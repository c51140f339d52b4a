/** The items of a FETCH response (RFC 9051 section 7.5.2): their registry, and items that nobody here knows kept. */

import { annotationItems, type AnnotationItem } from './annotation.ts'
import type { Cursor } from './cursor.ts'
import type { FetchItemForm } from './fetch-item-form.ts'
import { messageItems, readBracketedText, type MessageItem } from './message-item.ts'
import { objectIdItems, type ObjectIdItem } from './object-id.ts'
import { DQUOTE, LBRACKET, LPAREN, RBRACKET, RPAREN, SP } from './octets.ts'
import { previewItems, type PreviewItem } from './preview.ts'
import { isValueMissing, sectionItems, type SectionItem } from './section-item.ts'
import { readSyntax, writeSyntax, type Syntax } from './syntax.ts'
import { decodeText } from './utf8.ts'
import { vendorItems, type VendorItem } from './vendor-item.ts'
import type { Writer } from './writer.ts'

export type KnownFetchItem =
  | MessageItem
  | SectionItem
  | ObjectIdItem
  | PreviewItem
  | AnnotationItem
  | VendorItem

export type FetchItem =
  | KnownFetchItem
  /** As written, its brackets included; some servers leave the value out. */
  | { readonly name: 'unknown'; readonly word: string; readonly value?: Syntax }

/** To add an item: one line in the forms of its file, or its file's forms here. */
const forms = new Map(
  Object.entries({
    ...messageItems,
    ...sectionItems,
    ...objectIdItems,
    ...previewItems,
    ...annotationItems,
    ...vendorItems,
  }) as unknown as [string, FetchItemForm<KnownFetchItem>][],
  // A form only ever reads and writes the name it is registered under, which the union cannot express.
)

export const fetchItemNames: ReadonlySet<string> = new Set(forms.keys())

type Reader = (cursor: Cursor) => KnownFetchItem

/** `X[` is X with a bracket behind it. */
const readers = new Map<string, Reader>([
  ['RFC822[', readBracketedText],
  ...[...forms].map(([name, { read }]) => [name.replace('[]', '['), read] as const),
])

interface FrequentWord {
  /** With the octet behind it. */
  readonly word: string
  readonly read: Reader
}

/**
 * Nine items in ten are one of these, spelled so. Told by their first octet, they need not be cut out and looked up
 * among all others, which takes a tenth of the time of a whole response.
 */
const frequentWords: (FrequentWord[] | undefined)[] = []
for (const word of [
  'FLAGS ',
  'UID ',
  'ENVELOPE ',
  'BODY[',
  'BODYSTRUCTURE ',
  'RFC822.SIZE ',
  'INTERNALDATE ',
]) {
  const read = readers.get(word.trimEnd())
  if (read) (frequentWords[word.charCodeAt(0)] ??= []).push({ word, read })
}

/** The items of one message, in parentheses. */
export function readFetchItems(cursor: Cursor): FetchItem[] {
  cursor.open()
  if (cursor.close()) {
    cursor.quirk('empty-list', 'parentheses with nothing in them')
    return []
  }
  // An array literal is as large as its items; one that grows from nothing has room for seventeen.
  const items = [readFetchItem(cursor)]
  while (!cursor.close()) items.push(readFetchItem(cursor))
  return items
}

export function readFetchItem(cursor: Cursor): FetchItem {
  const from = cursor.at
  let read = skipFrequentWord(cursor)
  let isKnown = true
  if (!read) {
    const word = readItemWord(cursor)
    read = readers.get(word) ?? readers.get(word.toUpperCase())
    isKnown = read !== undefined || isKnownOtherwise(word)
  }
  const item = read && cursor.attempt(read)
  return item ?? readUnknown(cursor, from, isKnown)
}

/** The reader of the word that stands here, which is passed; undefined for any other. */
function skipFrequentWord(cursor: Cursor): Reader | undefined {
  const { text, at } = cursor
  for (const { word, read } of frequentWords[cursor.octets[at] ?? 0] ?? []) {
    if (!text.startsWith(word, at)) continue
    cursor.at = at + word.length - 1
    return read
  }
  return undefined
}

/** With brackets that it has not, or without those that it has, or as it is asked for: `FLAGS[]`, `BINARY`, `BODY.PEEK[]`. */
function isKnownOtherwise(word: string): boolean {
  const upper = word.toUpperCase().replace('.PEEK[', '[')
  if (readers.has(upper)) return true
  return readers.has(upper.endsWith('[') ? upper.slice(0, -1) : `${upper}[`)
}

export function writeFetchItem(writer: Writer, item: FetchItem): void {
  if (item.name !== 'unknown') {
    writer.word(item.name.replace('[]', ''))
    return forms.get(item.name)?.write(writer, item)
  }
  writer.word(item.word)
  if (!item.value) return
  writer.space()
  writeSyntax(writer, item.value)
}

/** Up to a space, a parenthesis or the opening bracket, which is taken for part of the word but not passed. */
function readItemWord(cursor: Cursor): string {
  const { text, at: from, end } = cursor
  let at = from
  for (; at < end; at++) {
    const octet = text.charCodeAt(at)
    if (octet === SP || octet === LPAREN || octet === RPAREN || octet === LBRACKET) break
  }
  if (at === from) cursor.fail('missing-word', 'expected the name of an item')
  cursor.at = at
  return text.slice(from, text.charCodeAt(at) === LBRACKET && at < end ? at + 1 : at)
}

/** The word again from `from`, now with what stands in its brackets, and a value of any shape. */
function readUnknown(cursor: Cursor, from: number, isKnown: boolean): FetchItem {
  cursor.at = endOfItemWord(cursor, from)
  const octets = cursor.text.slice(from, cursor.at)
  // Written again, quotes may open a string where they open none now.
  if (/^[^[]*"/u.test(octets)) cursor.fail('missing-word', 'quotes where the name of an item belongs')
  if (!isItemWord(octets)) cursor.quirk('odd-atom', 'an atom with octets that atoms may not hold')
  const word = decodeText(octets)
  if (isValueMissing(cursor)) {
    cursor.quirk('missing-value', 'an item without its value')
    return { name: 'unknown', word }
  }
  if (isKnown) cursor.quirk('odd-item', 'an item with a value or with brackets that it cannot have')
  cursor.readSpace()
  return { name: 'unknown', word, value: readSyntax(cursor) }
}

/** An atom, and behind it perhaps a section and the origin of a partial. */
const isItemWord = (octets: string): boolean =>
  /^[!#$&'+-Z^-z|}~]+(?:\[[\x20-\x7e]*\](?:<\d+>)?)?$/u.test(octets)

/** Brackets may hold spaces, parentheses and quotes: `BODY[HEADER.FIELDS ("]")]<0>`. */
function endOfItemWord(cursor: Cursor, from: number): number {
  const { text, end } = cursor
  let isBracketed = false
  let isQuoted = false
  let at = from
  for (; at < end; at++) {
    const octet = text.charCodeAt(at)
    if (octet === DQUOTE) isQuoted = isBracketed && !isQuoted
    else if (octet === LBRACKET && !isQuoted) isBracketed = true
    else if (octet === RBRACKET && !isQuoted) isBracketed = false
    else if (!isBracketed && (octet === SP || octet === LPAREN || octet === RPAREN)) break
  }
  return isBracketed ? cursor.fail('bad-section', 'a section without its closing bracket') : at
}
