/** What STATUS tells of a mailbox (RFC 9051 section 7.3.3): one registry for those who ask and those who answer. */

import type { Cursor } from './cursor.ts'
import { readKnownValue, writeUnknownParameter, type UnknownParameter } from './known-value.ts'
import { readModSequenceOrZero } from './mod-sequence.ts'
import { RPAREN } from './octets.ts'
import { readObjectId, readObjectIds, writeObjectId, writeObjectIds } from './object-id.ts'
import type { NamedObjectId, ObjectId } from './object-id.ts'
import { readSpacedList } from './spaced-list.ts'
import { readAString } from './strings.ts'
import { readList, readSyntax } from './syntax.ts'
import {
  readAtom,
  readLargeNumber,
  readNameAsWritten,
  readNumber,
  readNumber64,
  readNzNumber,
  skipWord,
} from './words.ts'
import type { LargeNumber } from './words.ts'
import { writeWord, type Writer } from './writer.ts'

/** The last two are of Cyrus: conversations. */
const counts = ['MESSAGES', 'RECENT', 'UNSEEN', 'DELETED', 'XCONVEXISTS', 'XCONVUNSEEN'] as const
const uidNumbers = ['UIDNEXT', 'UIDVALIDITY'] as const
/** Octets, which may be more than a JavaScript number holds exactly (RFC 8438, RFC 9208; the last is of Dovecot). */
const sizes = ['SIZE', 'DELETED-STORAGE', 'X-SIZE'] as const
/** RFC 7162; the others are of Cyrus. */
const modSequences = ['HIGHESTMODSEQ', 'CREATEDMODSEQ', 'XCONVMODSEQ'] as const

export type StatusItem =
  | { readonly name: (typeof counts)[number] | (typeof uidNumbers)[number]; readonly value: number }
  | { readonly name: (typeof sizes)[number]; readonly value: bigint }
  | { readonly name: (typeof modSequences)[number]; readonly modseq: bigint }
  /** Octets of the largest message that may be appended; null for NIL, which is no limit (RFC 7889). */
  | { readonly name: 'APPENDLIMIT'; readonly limit: LargeNumber | null }
  | { readonly name: 'MAILBOXID'; readonly id: ObjectId }
  | { readonly name: 'OBJECTID'; readonly ids: readonly NamedObjectId[] }
  /** What Dovecot knows the mailbox by. */
  | { readonly name: 'X-GUID'; readonly guid: string }
  /** Some servers leave the value out. */
  | UnknownParameter

/** Name to reader of the value. */
const readers = new Map<string, (cursor: Cursor) => StatusItem>([
  ['APPENDLIMIT', (cursor) => ({ name: 'APPENDLIMIT', limit: readLimit(cursor) })],
  ['MAILBOXID', (cursor) => ({ name: 'MAILBOXID', id: readMailboxId(cursor) })],
  ['X-GUID', (cursor) => ({ name: 'X-GUID', guid: readAString(cursor) })],
  ['OBJECTID', (cursor) => ({ name: 'OBJECTID', ids: readObjectIds(cursor) })],
])
for (const name of counts) readers.set(name, (cursor) => ({ name, value: readNumber(cursor) }))
for (const name of uidNumbers) readers.set(name, (cursor) => ({ name, value: readNzNumber(cursor) }))
for (const name of modSequences)
  readers.set(name, (cursor) => ({ name, modseq: readModSequenceOrZero(cursor) }))
for (const name of sizes) readers.set(name, (cursor) => ({ name, value: readNumber64(cursor) }))

/** Upper case, as they are asked for and answered. */
export const statusItemNames: ReadonlySet<string> = new Set(readers.keys())

/** What is asked for: upper case, and as it is written where nobody here knows it. */
export const readStatusItemNames = (cursor: Cursor): string[] => readSpacedList(cursor, readItemName)

function readItemName(cursor: Cursor): string {
  const word = readNameAsWritten(cursor)
  const upper = word.toUpperCase()
  return readers.has(upper) ? upper : word
}

export function writeStatusItemNames(writer: Writer, names: readonly string[]): void {
  writer.list(names, writeWord)
}

/** The items with their values, in parentheses; there may be none. */
export function readStatusItems(cursor: Cursor): StatusItem[] {
  // Nearly always every value is sound: one attempt at all of them is cheaper than one at each.
  return cursor.attempt(readSoundItems) ?? readList(cursor, readStatusItem)
}

const readSoundItems = (cursor: Cursor): StatusItem[] => readList(cursor, readSoundItem)

function readSoundItem(cursor: Cursor): StatusItem {
  const word = readAtom(cursor)
  cursor.readSpace()
  const read = readers.get(word) ?? readers.get(word.toUpperCase())
  return read ? read(cursor) : { name: 'unknown', word, value: readSyntax(cursor) }
}

/** One item; a value that cannot be read is kept as it stands. */
export function readStatusItem(cursor: Cursor): StatusItem {
  const word = readNameAsWritten(cursor)
  if (cursor.peek() === RPAREN) {
    cursor.quirk('missing-value', 'an item without its value')
    return { name: 'unknown', word }
  }
  cursor.readSpace()
  const read = readers.get(word.toUpperCase())
  const item = read && readKnownValue(cursor, read)
  return item ?? { name: 'unknown', word, value: readSyntax(cursor) }
}

export function writeStatusItem(writer: Writer, item: StatusItem): void {
  if (item.name === 'unknown') return writeUnknownParameter(writer, item)
  writer.word(`${item.name} `)
  switch (item.name) {
    case 'HIGHESTMODSEQ':
    case 'CREATEDMODSEQ':
    case 'XCONVMODSEQ':
      return writer.number(item.modseq)
    case 'APPENDLIMIT':
      return writer.word(String(item.limit ?? 'NIL'))
    case 'MAILBOXID':
      return writer.list([item.id], writeObjectId)
    case 'X-GUID':
      return writer.astring(item.guid)
    case 'OBJECTID':
      return writeObjectIds(writer, item.ids)
    default:
      return writer.number(item.value)
  }
}

/** `(F2212ea87)`. */
function readMailboxId(cursor: Cursor): ObjectId {
  cursor.open()
  const id = readObjectId(cursor)
  if (!cursor.close()) cursor.fail('trailing-octets', 'more than one object identifier')
  return id
}

const readLimit = (cursor: Cursor): LargeNumber | null =>
  skipWord(cursor, 'NIL') ? null : readLargeNumber(cursor)
