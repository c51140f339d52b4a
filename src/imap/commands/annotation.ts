/** GETANNOTATION and SETANNOTATION of ANNOTATEMORE (draft-daboo-imap-annotatemore), which METADATA came from; Cyrus has them. */

import type { Cursor } from '../cursor.ts'
import { readAnnotationEntry, writeAnnotationEntry, type MailboxAnnotation } from '../mailbox-annotation.ts'
import { LPAREN } from '../octets.ts'
import { readSpacedList } from '../spaced-list.ts'
import { readListMailbox } from '../strings.ts'
import type { Writer } from '../writer.ts'
import type { CommandForm } from './form.ts'

export interface GetAnnotationCommand {
  readonly tag: string
  readonly name: 'GETANNOTATION'
  /** A name or a pattern as of LIST; empty for the server's own annotations. */
  readonly mailbox: string
  /** `/comment`; `*` and `%` are wildcards. */
  readonly entries: readonly string[]
  /** `value`, `value.priv`, `size.shared`; wildcards as well. */
  readonly attributes: readonly string[]
}

export interface SetAnnotationCommand {
  readonly tag: string
  readonly name: 'SETANNOTATION'
  readonly mailbox: string
  readonly annotations: readonly MailboxAnnotation[]
}

export const getAnnotation: CommandForm<GetAnnotationCommand> = {
  names: ['GETANNOTATION'],
  read(cursor, { tag, name }) {
    cursor.readSpace()
    const mailbox = readListMailbox(cursor)
    cursor.readSpace()
    const entries = readOneOrMore(cursor)
    cursor.readSpace()
    return { tag, name, mailbox, entries, attributes: readOneOrMore(cursor) }
  },
  write(writer, { mailbox, entries, attributes }) {
    writer.space()
    writer.listMailbox(mailbox)
    writeOneOrMore(writer, entries)
    writeOneOrMore(writer, attributes)
  },
}

export const setAnnotation: CommandForm<SetAnnotationCommand> = {
  names: ['SETANNOTATION'],
  read(cursor, { tag, name }) {
    cursor.readSpace()
    const mailbox = readListMailbox(cursor)
    cursor.readSpace()
    const isList = cursor.peek() === LPAREN
    const annotations = isList ? readPairs(cursor) : [readAnnotationEntry(cursor)]
    return { tag, name, mailbox, annotations }
  },
  write(writer, { mailbox, annotations }) {
    writer.space()
    writer.listMailbox(mailbox)
    writer.space()
    const [only] = annotations
    if (annotations.length === 1 && only) writeAnnotationEntry(writer, only)
    else writer.list(annotations, writeAnnotationEntry)
  },
}

/** `(entry (attribute value) entry (attribute value))`. */
const readPairs = (cursor: Cursor): MailboxAnnotation[] => readSpacedList(cursor, readAnnotationEntry)

function readOneOrMore(cursor: Cursor): string[] {
  return cursor.peek() === LPAREN ? readSpacedList(cursor, readListMailbox) : [readListMailbox(cursor)]
}

function writeOneOrMore(writer: Writer, texts: readonly string[]): void {
  writer.space()
  const [only] = texts
  if (texts.length === 1 && only !== undefined) writer.string(only)
  else writer.list(texts, (to, text) => to.string(text))
}
