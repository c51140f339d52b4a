/** LIST and LSUB as responses (RFC 9051 section 7.3.1), with extended data. */

import type { Cursor } from '../cursor.ts'
import { readFlags, writeFlags, type Flag } from '../flag.ts'
import { readMailbox, writeMailbox, type MailboxName } from '../mailbox.ts'
import { DQUOTE, LPAREN } from '../octets.ts'
import { readAString, readNString } from '../strings.ts'
import { readList, readSyntax, writeSyntax, type Syntax } from '../syntax.ts'
import { decodeText } from '../utf8.ts'
import type { Writer } from '../writer.ts'
import type { UntaggedForm } from './form.ts'

export interface ListData {
  readonly name: 'LIST' | 'LSUB'
  readonly attributes: readonly Flag[]
  /** Null for NIL: the name has no hierarchy. */
  readonly delimiter: string | null
  readonly mailbox: MailboxName
  readonly extensions?: readonly ListExtension[]
}

export type ListExtension =
  | { readonly name: 'CHILDINFO'; readonly options: readonly string[] }
  | { readonly name: 'OLDNAME'; readonly mailbox: MailboxName }
  | { readonly name: 'unknown'; readonly word: string; readonly value: Syntax }

export const list: UntaggedForm<ListData> = {
  names: ['LIST', 'LSUB'],
  isNumbered: false,
  read(cursor, { name }) {
    cursor.readSpace()
    const attributes = readFlags(cursor)
    cursor.readSpace()
    const delimiter = readNString(cursor)
    cursor.readSpace()
    const mailbox = readBareMailbox(cursor)
    const extensions = cursor.isAtSpaceThen(LPAREN) ? readExtensions(cursor) : undefined
    return { name, attributes, delimiter, mailbox, ...(extensions && { extensions }) }
  },
  write(writer, { name, attributes, delimiter, mailbox, extensions }) {
    writer.word(`${name} `)
    writeFlags(writer, attributes)
    writer.space()
    writer.nstring(delimiter)
    writer.space()
    writeMailbox(writer, mailbox)
    if (!extensions) return
    writer.space()
    writer.list(extensions, writeExtension)
  },
}

/** A mailbox; one that stands there without quotes although it holds spaces takes the rest of the line. */
function readBareMailbox(cursor: Cursor): MailboxName {
  const from = cursor.at
  if (cursor.peek() === DQUOTE || cursor.isAtLiteral()) return readMailbox(cursor)
  const mailbox = cursor.attempt(readMailbox)
  if (mailbox !== undefined && (!cursor.hasMore() || isAtExtensions(cursor))) return mailbox
  cursor.quirk('bare-mailbox', 'a mailbox with spaces stands there without quotes')
  cursor.at = cursor.end
  const rest = cursor.text.slice(from, cursor.end)
  return rest === '' ? cursor.fail('missing-word', 'expected a mailbox') : decodeText(rest)
}

/** Only a well-formed list up to the line end is extended data; else the parenthesis belongs to the name. */
function isAtExtensions(cursor: Cursor): boolean {
  return cursor.isAtSpaceThen(LPAREN) && cursor.wouldRead(readLastExtensions)
}

function readLastExtensions(cursor: Cursor): ListExtension[] {
  const extensions = readExtensions(cursor)
  cursor.readEnd()
  return extensions
}

function readExtensions(cursor: Cursor): ListExtension[] {
  cursor.readSpace()
  return readList(cursor, readExtension)
}

function readExtension(cursor: Cursor): ListExtension {
  const word = readAString(cursor)
  cursor.readSpace()
  const name = word.toUpperCase()
  if (name === 'CHILDINFO') return { name, options: readList(cursor, readAString) }
  if (name !== 'OLDNAME') return { name: 'unknown', word, value: readSyntax(cursor) }
  const [mailbox = ''] = readList(cursor, readMailbox)
  return { name, mailbox }
}

function writeExtension(writer: Writer, extension: ListExtension): void {
  writer.string(extension.name === 'unknown' ? extension.word : extension.name)
  writer.space()
  if (extension.name === 'unknown') return writeSyntax(writer, extension.value)
  if (extension.name === 'CHILDINFO') return writer.list(extension.options, (to, option) => to.string(option))
  writer.list([extension.mailbox], writeMailbox)
}
