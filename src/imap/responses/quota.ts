/** QUOTA and QUOTAROOT (RFC 9208 section 4.2): what a quota root holds, and the roots of a mailbox. */

import type { Cursor } from '../cursor.ts'
import { readMailbox, writeMailbox, type MailboxName } from '../mailbox.ts'
import { LPAREN, RPAREN } from '../octets.ts'
import { readAString } from '../strings.ts'
import { readList } from '../syntax.ts'
import { readName, readNumber64, skipWord } from '../words.ts'
import type { Writer } from '../writer.ts'
import type { UntaggedForm } from './form.ts'

export interface QuotaData {
  readonly name: 'QUOTA'
  /** May be empty. */
  readonly root: string
  readonly resources: readonly QuotaResource[]
}

export interface QuotaResource {
  /** Upper case: `STORAGE`, in units of 1024 octets, `MESSAGE`, `MAILBOX`, `ANNOTATION-STORAGE`, or another. */
  readonly resource: string
  /** Null where a server says NIL. */
  readonly usage: bigint | null
  readonly limit: bigint | null
}

export interface QuotaRootData {
  readonly name: 'QUOTAROOT'
  readonly mailbox: MailboxName
  readonly roots: readonly string[]
}

export const quota: UntaggedForm<QuotaData> = {
  names: ['QUOTA'],
  isNumbered: false,
  read(cursor, { name }) {
    cursor.readSpace()
    const root = readAString(cursor)
    return { name, root, resources: readResources(cursor) }
  },
  write(writer, { root, resources }) {
    writer.word('QUOTA ')
    writer.astring(root)
    writer.space()
    writer.list(resources, writeResource)
  },
}

export const quotaRoot: UntaggedForm<QuotaRootData> = {
  names: ['QUOTAROOT'],
  isNumbered: false,
  read(cursor, { name }) {
    cursor.readSpace()
    const mailbox = readMailbox(cursor)
    const roots: string[] = []
    while (cursor.hasMore()) {
      cursor.readSpace()
      roots.push(readAString(cursor))
    }
    return { name, mailbox, roots }
  },
  write(writer, { mailbox, roots }) {
    writer.word('QUOTAROOT ')
    writeMailbox(writer, mailbox)
    for (const root of roots) {
      writer.space()
      writer.astring(root)
    }
  },
}

/** A root without limits: some servers leave the list out, or say NIL. */
function readResources(cursor: Cursor): QuotaResource[] {
  if (!cursor.hasMore()) {
    cursor.quirk('missing-list', 'no list where one belongs')
    return []
  }
  cursor.readSpace()
  if (cursor.peek() === LPAREN || !skipWord(cursor, 'NIL')) return readList(cursor, readResource)
  cursor.quirk('nil-for-list', 'NIL where a list belongs')
  return []
}

function readResource(cursor: Cursor): QuotaResource {
  const resource = readName(cursor)
  return { resource, usage: readAmount(cursor), limit: readAmount(cursor) }
}

function readAmount(cursor: Cursor): bigint | null {
  if (cursor.peek() === RPAREN) {
    cursor.quirk('missing-value', 'a resource without its usage or its limit')
    return null
  }
  cursor.readSpace()
  if (!skipWord(cursor, 'NIL')) return readNumber64(cursor)
  cursor.quirk('nil-for-number', 'NIL where a number belongs')
  return null
}

function writeResource(writer: Writer, { resource, usage, limit }: QuotaResource): void {
  writer.word(`${resource} ${usage ?? 'NIL'} ${limit ?? 'NIL'}`)
}
