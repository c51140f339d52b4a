/** FETCH and UIDFETCH as responses (RFC 9051 section 7.5.2, RFC 9586): the message and its items; knows no item. */

import { readFetchItems, writeFetchItem, type FetchItem } from '../fetch-item.ts'
import { quirkZero } from '../words.ts'
import type { UntaggedForm } from './form.ts'

export interface FetchData {
  readonly name: 'FETCH'
  /** A sequence number, also in the answer to UID FETCH; the UID is among the items. */
  readonly message: number
  readonly items: readonly FetchItem[]
}

export interface UidFetchData {
  readonly name: 'UIDFETCH'
  readonly uid: number
  readonly items: readonly FetchItem[]
}

export const fetch: UntaggedForm<FetchData> = {
  names: ['FETCH'],
  isNumbered: true,
  read(cursor, { name, number, isZeroFirst }) {
    if (isZeroFirst) quirkZero(cursor, number)
    cursor.readSpace()
    return { name, message: number, items: readFetchItems(cursor) }
  },
  write(writer, { message, items }) {
    writer.word(`${message} FETCH `)
    writer.list(items, writeFetchItem)
  },
}

/** What takes the place of FETCH once UIDONLY is enabled. */
export const uidFetch: UntaggedForm<UidFetchData> = {
  names: ['UIDFETCH'],
  isNumbered: true,
  read(cursor, { name, number, isZeroFirst }) {
    if (isZeroFirst) quirkZero(cursor, number)
    cursor.readSpace()
    return { name, uid: number, items: readFetchItems(cursor) }
  },
  write(writer, { uid, items }) {
    writer.word(`${uid} UIDFETCH `)
    writer.list(items, writeFetchItem)
  },
}
