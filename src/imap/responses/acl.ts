/** ACL, LISTRIGHTS and MYRIGHTS as responses (RFC 4314 section 3): identifiers and their rights. */

import type { Cursor } from '../cursor.ts'
import { readMailbox, writeMailbox, type MailboxName } from '../mailbox.ts'
import { readRights, type Rights } from '../rights.ts'
import { readAString } from '../strings.ts'
import type { UntaggedForm } from './form.ts'

export interface AclData {
  readonly name: 'ACL'
  readonly mailbox: MailboxName
  readonly entries: readonly AclEntry[]
}

export interface AclEntry {
  readonly identifier: string
  readonly rights: Rights
}

export interface ListRightsData {
  readonly name: 'LISTRIGHTS'
  readonly mailbox: MailboxName
  readonly identifier: string
  /** What the identifier always has. */
  readonly required: Rights
  /** What can be granted; rights that are tied together stand in one. */
  readonly optional: readonly Rights[]
}

export interface MyRightsData {
  readonly name: 'MYRIGHTS'
  readonly mailbox: MailboxName
  readonly rights: Rights
}

export const acl: UntaggedForm<AclData> = {
  names: ['ACL'],
  isNumbered: false,
  read(cursor, { name }) {
    cursor.readSpace()
    const mailbox = readMailbox(cursor)
    const entries: AclEntry[] = []
    while (cursor.hasMore()) entries.push(readEntry(cursor))
    return { name, mailbox, entries }
  },
  write(writer, { mailbox, entries }) {
    writer.word('ACL ')
    writeMailbox(writer, mailbox)
    for (const { identifier, rights } of entries) {
      writer.space()
      writer.astring(identifier)
      writer.space()
      writer.astring(rights)
    }
  },
}

export const listRights: UntaggedForm<ListRightsData> = {
  names: ['LISTRIGHTS'],
  isNumbered: false,
  read(cursor, { name }) {
    cursor.readSpace()
    const mailbox = readMailbox(cursor)
    cursor.readSpace()
    const identifier = readAString(cursor)
    cursor.readSpace()
    const required = readRights(cursor)
    const optional: Rights[] = []
    while (cursor.hasMore()) {
      cursor.readSpace()
      optional.push(readRights(cursor))
    }
    return { name, mailbox, identifier, required, optional }
  },
  write(writer, { mailbox, identifier, required, optional }) {
    writer.word('LISTRIGHTS ')
    writeMailbox(writer, mailbox)
    for (const text of [identifier, required, ...optional]) {
      writer.space()
      writer.astring(text)
    }
  },
}

export const myRights: UntaggedForm<MyRightsData> = {
  names: ['MYRIGHTS'],
  isNumbered: false,
  read(cursor, { name }) {
    cursor.readSpace()
    const mailbox = readMailbox(cursor)
    cursor.readSpace()
    return { name, mailbox, rights: readRights(cursor) }
  },
  write(writer, { mailbox, rights }) {
    writer.word('MYRIGHTS ')
    writeMailbox(writer, mailbox)
    writer.space()
    writer.astring(rights)
  },
}

function readEntry(cursor: Cursor): AclEntry {
  cursor.readSpace()
  const identifier = readAString(cursor)
  if (cursor.hasMore()) {
    cursor.readSpace()
    return { identifier, rights: readRights(cursor) }
  }
  cursor.quirk('odd-count', 'an identifier without its rights')
  return { identifier, rights: '' }
}
