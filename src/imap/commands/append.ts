/** APPEND (RFC 9051 section 6.3.12), with several messages (RFC 3502) and message data that RFC 4466 extends. */

import type { Cursor } from '../cursor.ts'
import { readFlags, writeFlags, type Flag } from '../flag.ts'
import { readMailbox, writeMailbox, type MailboxName } from '../mailbox.ts'
import { DQUOTE, LPAREN } from '../octets.ts'
import { readLiteral, readQuoted } from '../strings.ts'
import { readSyntax, writeSyntax, type Literal, type Streamed, type Syntax } from '../syntax.ts'
import { readName } from '../words.ts'
import type { Writer } from '../writer.ts'
import type { CommandForm } from './form.ts'

export interface AppendCommand {
  readonly tag: string
  readonly name: 'APPEND'
  readonly mailbox: MailboxName
  readonly messages: readonly AppendMessage[]
}

export interface AppendMessage {
  readonly flags?: readonly Flag[]
  /** As written between the quotes: ` 1-Feb-2025 10:00:00 +0100`. */
  readonly date?: string
  readonly data: AppendData
}

export type AppendData =
  | Literal
  | Streamed
  /** Such as `CATENATE (...)` and `UTF8 (~{n})`. */
  | { readonly kind: 'extension'; readonly word: string; readonly value: Syntax }

export const append: CommandForm<AppendCommand> = {
  names: ['APPEND'],
  read(cursor, { tag, name }) {
    cursor.readSpace()
    const mailbox = readMailbox(cursor)
    const messages: AppendMessage[] = []
    do messages.push(readAppendMessage(cursor))
    while (cursor.hasMore())
    return { tag, name, mailbox, messages }
  },
  write(writer, { mailbox, messages }) {
    writer.space()
    writeMailbox(writer, mailbox)
    for (const message of messages) writeAppendMessage(writer, message)
  },
}

export function readAppendMessage(cursor: Cursor): AppendMessage {
  cursor.readSpace()
  const flags = cursor.peek() === LPAREN ? readFlags(cursor) : undefined
  if (flags) cursor.readSpace()
  const date = cursor.peek() === DQUOTE ? readQuoted(cursor) : undefined
  if (date !== undefined) cursor.readSpace()
  return { ...(flags && { flags }), ...(date !== undefined && { date }), data: readAppendData(cursor) }
}

function readAppendData(cursor: Cursor): AppendData {
  if (cursor.isAtLiteral()) return readLiteral(cursor)
  const word = readName(cursor)
  cursor.readSpace()
  return { kind: 'extension', word, value: readSyntax(cursor) }
}

export function writeAppendMessage(writer: Writer, { flags, date, data }: AppendMessage): void {
  writer.space()
  if (flags) {
    writeFlags(writer, flags)
    writer.space()
  }
  if (date !== undefined) {
    writer.quoted(date)
    writer.space()
  }
  if (data.kind !== 'extension') return writeSyntax(writer, data)
  writer.word(`${data.word} `)
  writeSyntax(writer, data.value)
}
