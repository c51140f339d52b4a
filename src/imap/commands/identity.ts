/** Commands of vendors that say who the client is or acts for: CLIENTID, PROXYAUTH and XAPPLEPUSHSERVICE. */

import type { Cursor } from '../cursor.ts'
import { readMailbox, writeMailbox, type MailboxName } from '../mailbox.ts'
import { LPAREN } from '../octets.ts'
import { Secret } from '../secret.ts'
import { readAString } from '../strings.ts'
import { readList } from '../syntax.ts'
import type { Writer } from '../writer.ts'
import type { CommandForm } from './form.ts'

/** draft-yu-imap-client-id: a device that the server shall know again, told before LOGIN. */
export interface ClientIdCommand {
  readonly tag: string
  readonly name: 'CLIENTID'
  readonly type: string
  readonly token: Secret<string>
}

export const clientId: CommandForm<ClientIdCommand> = {
  names: ['CLIENTID'],
  read(cursor, { tag, name }) {
    cursor.readSpace()
    const type = readAString(cursor)
    cursor.readSpace()
    return { tag, name, type, token: new Secret(readAString(cursor)) }
  },
  write(writer, { type, token }) {
    writer.space()
    writer.astring(type)
    writer.space()
    writer.astring(token.reveal())
  },
}

/** Netscape and its heirs: an administrator becomes this user. */
export interface ProxyAuthCommand {
  readonly tag: string
  readonly name: 'PROXYAUTH'
  readonly user: string
}

export const proxyAuth: CommandForm<ProxyAuthCommand> = {
  names: ['PROXYAUTH'],
  read(cursor, { tag, name }) {
    cursor.readSpace()
    return { tag, name, user: readAString(cursor) }
  },
  write(writer, { user }) {
    writer.space()
    writer.astring(user)
  },
}

/** A device asks for push messages about mailboxes (Apple; Cyrus and Dovecot have it too). */
export interface ApplePushCommand {
  readonly tag: string
  readonly name: 'XAPPLEPUSHSERVICE'
  readonly fields: readonly ApplePushField[]
}

/** Lower case, such as `aps-version`; all values but the mailboxes' identify the device or its account. */
export type ApplePushField =
  | { readonly field: string; readonly value: Secret<string> }
  | { readonly field: string; readonly mailboxes: readonly MailboxName[] }

export const applePush: CommandForm<ApplePushCommand> = {
  names: ['XAPPLEPUSHSERVICE'],
  read(cursor, { tag, name }) {
    const fields: ApplePushField[] = []
    do fields.push(readField(cursor))
    while (cursor.hasMore())
    return { tag, name, fields }
  },
  write(writer, { fields }) {
    for (const field of fields) writeField(writer, field)
  },
}

function readField(cursor: Cursor): ApplePushField {
  cursor.readSpace()
  const field = readAString(cursor).toLowerCase()
  cursor.readSpace()
  if (cursor.peek() === LPAREN) return { field, mailboxes: readList(cursor, readMailbox) }
  return { field, value: new Secret(readAString(cursor)) }
}

function writeField(writer: Writer, field: ApplePushField): void {
  writer.space()
  writer.astring(field.field)
  writer.space()
  if ('mailboxes' in field) writer.list(field.mailboxes, writeMailbox)
  else writer.astring(field.value.reveal())
}
