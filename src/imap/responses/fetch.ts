/** FETCH as a response (RFC 9051 section 7.5.2): the message and its items; knows no item. */

import { readFetchItem, writeFetchItem, type FetchItem } from '../fetch-item.ts'
import type { UntaggedForm } from './form.ts'

export interface FetchData {
  readonly name: 'FETCH'
  /** A sequence number, also in the answer to UID FETCH; the UID is among the items. */
  readonly message: number
  readonly items: readonly FetchItem[]
}

export const fetch: UntaggedForm<FetchData> = {
  names: ['FETCH'],
  isNumbered: true,
  read(cursor, { name, number }) {
    cursor.readSpace()
    const items: FetchItem[] = []
    cursor.open()
    while (!cursor.close()) items.push(readFetchItem(cursor))
    return { name, message: number, items }
  },
  write(writer, { message, items }) {
    writer.word(`${message} FETCH `)
    writer.list(items, writeFetchItem)
  },
}
