/** Object identifiers of messages (RFC 8474, and OBJECTID+ of draft-ietf-mailmaint-imap-objectid-bis), in both directions. */

import type { Cursor } from './cursor.ts'
import type { FetchItemForms } from './fetch-item-form.ts'
import { LPAREN } from './octets.ts'
import { readAString, skipNil } from './strings.ts'
import { readList } from './syntax.ts'
import { readName } from './words.ts'
import type { Writer } from './writer.ts'

/** Up to 255 letters, digits, `_` and `-`. */
export type ObjectId = string

/** `EMAILID M6d99` within the parentheses of OBJECTID. */
export interface NamedObjectId {
  /** Upper case: `ACCOUNTID`, `MAILBOXID`, `EMAILID`, `THREADID`. */
  readonly kind: string
  readonly id: ObjectId
}

export type ObjectIdItem =
  | { readonly name: 'EMAILID'; readonly id: ObjectId | null }
  /** Null where the server has no threads. */
  | { readonly name: 'THREADID'; readonly id: ObjectId | null }
  | { readonly name: 'OBJECTID'; readonly ids: readonly NamedObjectId[] }

export const objectIdItems: FetchItemForms<ObjectIdItem> = {
  EMAILID: {
    read(cursor) {
      cursor.readSpace()
      const id = readListedObjectId(cursor)
      if (id === null) cursor.quirk('nil-for-object-id', 'NIL where an object identifier belongs')
      return { name: 'EMAILID', id }
    },
    write: (writer, { id }) => writeListedObjectId(writer, id),
  },
  THREADID: {
    read(cursor) {
      cursor.readSpace()
      return { name: 'THREADID', id: readListedObjectId(cursor) }
    },
    write: (writer, { id }) => writeListedObjectId(writer, id),
  },
  OBJECTID: {
    read(cursor) {
      cursor.readSpace()
      return { name: 'OBJECTID', ids: readObjectIds(cursor) }
    },
    write(writer, { ids }) {
      writer.space()
      writeObjectIds(writer, ids)
    },
  },
}

const shape = /^[\w-]{1,255}$/u

/** An identifier; one that no RFC allows is a quirk. */
export function readObjectId(cursor: Cursor): ObjectId {
  const { at } = cursor
  const id = readAString(cursor)
  const isBare = cursor.text.slice(at, cursor.at) === id
  if (!isBare || !shape.test(id)) cursor.quirk('odd-object-id', 'an object identifier with other octets')
  return id
}

/** Bare, as its grammar is; what only a string can hold goes as one. */
export function writeObjectId(writer: Writer, id: ObjectId): void {
  if (shape.test(id)) writer.word(id)
  else writer.astring(id)
}

/** `(EMAILID M6d99 THREADID T64b)`. */
export const readObjectIds = (cursor: Cursor): NamedObjectId[] => readList(cursor, readNamedObjectId)

export function writeObjectIds(writer: Writer, ids: readonly NamedObjectId[]): void {
  writer.list(ids, (to, { kind, id }) => {
    to.word(`${kind} `)
    writeObjectId(to, id)
  })
}

function readNamedObjectId(cursor: Cursor): NamedObjectId {
  const kind = readName(cursor)
  cursor.readSpace()
  return { kind, id: readObjectId(cursor) }
}

/** `(M6d99)` or NIL. */
function readListedObjectId(cursor: Cursor): ObjectId | null {
  if (skipNil(cursor)) return null
  if (cursor.peek() !== LPAREN) {
    cursor.quirk('missing-parenthesis', 'an object identifier without its parentheses')
    return readObjectId(cursor)
  }
  const ids = readList(cursor, readObjectId)
  const [id] = ids
  return ids.length === 1 && id !== undefined
    ? id
    : cursor.fail('odd-object-id', 'expected one object identifier')
}

function writeListedObjectId(writer: Writer, id: ObjectId | null): void {
  if (id === null) return writer.word(' NIL')
  writer.word(' (')
  writeObjectId(writer, id)
  writer.word(')')
}
