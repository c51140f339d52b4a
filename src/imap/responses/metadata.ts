/** METADATA as a response (RFC 5464 section 4.4): entries with their values, or the names of those that changed. */

import type { Cursor } from '../cursor.ts'
import { readMailbox, writeMailbox, type MailboxName } from '../mailbox.ts'
import {
  readMetadataEntry,
  readMetadataPair,
  writeMetadataPair,
  type MetadataEntry,
  type MetadataPair,
} from '../metadata.ts'
import { LPAREN } from '../octets.ts'
import { readSpacedList } from '../spaced-list.ts'
import { skipWord } from '../words.ts'
import type { UntaggedForm } from './form.ts'

export type MetadataData = {
  readonly name: 'METADATA'
  /** Empty: of the server. */
  readonly mailbox: MailboxName
} & (
  | { readonly values: readonly MetadataPair[] }
  /** Unasked for: these changed, and the client may ask for them. */
  | { readonly changed: readonly MetadataEntry[] }
)

export const metadata: UntaggedForm<MetadataData> = {
  names: ['METADATA'],
  isNumbered: false,
  read(cursor, { name }) {
    cursor.readSpace()
    const mailbox = readMailbox(cursor)
    cursor.readSpace()
    if (cursor.peek() === LPAREN) return { name, mailbox, values: readSpacedList(cursor, readMetadataPair) }
    if (!skipWord(cursor, 'NIL')) return { name, mailbox, changed: readChanged(cursor) }
    cursor.quirk('nil-for-list', 'NIL where a list belongs')
    return { name, mailbox, values: [] }
  },
  write(writer, data) {
    writer.word('METADATA ')
    writeMailbox(writer, data.mailbox)
    writer.space()
    if ('values' in data) writer.list(data.values, writeMetadataPair)
    else writer.spaced(data.changed, (to, entry) => to.astring(entry))
  },
}

function readChanged(cursor: Cursor): MetadataEntry[] {
  const entries = [readMetadataEntry(cursor)]
  while (cursor.hasMore()) {
    cursor.readSpace()
    entries.push(readMetadataEntry(cursor))
  }
  return entries
}
