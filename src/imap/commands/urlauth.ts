/** RESETKEY, GENURLAUTH and URLFETCH (RFC 4467, RFC 5524): who has one of their URLs may read the message. */

import type { Cursor } from '../cursor.ts'
import { readMailbox, writeMailbox, type MailboxName } from '../mailbox.ts'
import { LPAREN } from '../octets.ts'
import { Secret } from '../secret.ts'
import { readAString } from '../strings.ts'
import { readAtom } from '../words.ts'
import type { CommandForm } from './form.ts'

export interface ResetKeyCommand {
  readonly tag: string
  readonly name: 'RESETKEY'
  /** Without one, the keys of all mailboxes go. */
  readonly mailbox?: MailboxName
  readonly mechanisms: readonly string[]
}

export const resetKey: CommandForm<ResetKeyCommand> = {
  names: ['RESETKEY'],
  read(cursor, { tag, name }) {
    if (!cursor.hasMore()) return { tag, name, mechanisms: [] }
    cursor.readSpace()
    const mailbox = readMailbox(cursor)
    const mechanisms: string[] = []
    while (cursor.hasMore()) {
      cursor.readSpace()
      mechanisms.push(readAtom(cursor))
    }
    return { tag, name, mailbox, mechanisms }
  },
  write(writer, { mailbox, mechanisms }) {
    if (mailbox === undefined) return
    writer.space()
    writeMailbox(writer, mailbox)
    for (const mechanism of mechanisms) writer.word(` ${mechanism}`)
  },
}

export interface GenUrlAuthCommand {
  readonly tag: string
  readonly name: 'GENURLAUTH'
  readonly requests: readonly { readonly url: Secret<string>; readonly mechanism: string }[]
}

export const genUrlAuth: CommandForm<GenUrlAuthCommand> = {
  names: ['GENURLAUTH'],
  read(cursor, { tag, name }) {
    const requests: { url: Secret<string>; mechanism: string }[] = []
    do {
      const url = readSpacedUrl(cursor)
      cursor.readSpace()
      requests.push({ url, mechanism: readAtom(cursor) })
    } while (cursor.hasMore())
    return { tag, name, requests }
  },
  write(writer, { requests }) {
    for (const { url, mechanism } of requests) {
      writer.space()
      writer.string(url.reveal())
      writer.word(` ${mechanism}`)
    }
  },
}

export interface UrlFetchCommand {
  readonly tag: string
  readonly name: 'URLFETCH'
  readonly requests: readonly UrlFetchRequest[]
}

export interface UrlFetchRequest {
  readonly url: Secret<string>
  /** `(url BODYPARTSTRUCTURE BINARY)`: what of the message; upper case. Without them the octets as they are. */
  readonly parameters?: readonly string[]
}

export const urlFetch: CommandForm<UrlFetchCommand> = {
  names: ['URLFETCH'],
  read(cursor, { tag, name }) {
    const requests: UrlFetchRequest[] = []
    do {
      const isExtended = cursor.isAtSpaceThen(LPAREN)
      requests.push(isExtended ? readExtended(cursor) : { url: readSpacedUrl(cursor) })
    } while (cursor.hasMore())
    return { tag, name, requests }
  },
  write(writer, { requests }) {
    for (const { url, parameters } of requests) {
      writer.space()
      if (parameters) writer.word('(')
      writer.string(url.reveal())
      for (const parameter of parameters ?? []) writer.word(` ${parameter}`)
      if (parameters) writer.word(')')
    }
  },
}

function readExtended(cursor: Cursor): UrlFetchRequest {
  cursor.readSpace()
  cursor.open()
  if (cursor.close()) return cursor.fail('missing-word', 'expected a URL')
  const url = new Secret(readAString(cursor))
  const parameters: string[] = []
  while (!cursor.close()) parameters.push(readAtom(cursor).toUpperCase())
  return { url, parameters }
}

function readSpacedUrl(cursor: Cursor): Secret<string> {
  cursor.readSpace()
  return new Secret(readAString(cursor))
}
