/** Search correlators (RFC 4466, RFC 7377): which command a response answers, and for which mailbox. */

import type { Cursor } from './cursor.ts'
import { readMailbox, writeMailbox, type MailboxName } from './mailbox.ts'
import { LPAREN } from './octets.ts'
import { readSpacedList } from './spaced-list.ts'
import { readAString } from './strings.ts'
import { readSyntax, writeSyntax, type Syntax } from './syntax.ts'
import { readNameAsWritten, readNzNumber } from './words.ts'
import type { Writer } from './writer.ts'

export interface SearchCorrelator {
  /** The tag of the command that is answered. */
  readonly tag?: string
  /** Of a search in many mailboxes (MULTISEARCH). */
  readonly mailbox?: MailboxName
  readonly uidValidity?: number
  /** Correlators that are not known yet. */
  readonly others?: readonly { readonly word: string; readonly value: Syntax }[]
}

type Part =
  | { readonly name: 'TAG'; readonly tag: string }
  | { readonly name: 'MAILBOX'; readonly mailbox: MailboxName }
  | { readonly name: 'UIDVALIDITY'; readonly uidValidity: number }
  | { readonly name: 'unknown'; readonly word: string; readonly value: Syntax }

/** ` (TAG "a" MAILBOX INBOX UIDVALIDITY 7)`; empty when no parenthesis comes next. */
export function readSearchCorrelator(cursor: Cursor): SearchCorrelator {
  if (!cursor.isAtSpaceThen(LPAREN)) return {}
  cursor.readSpace()
  let correlator: SearchCorrelator = {}
  for (const part of readSpacedList(cursor, readPart)) correlator = addPart(cursor, correlator, part)
  return correlator
}

export function writeSearchCorrelator(writer: Writer, correlator: SearchCorrelator): void {
  const parts = partsOf(correlator)
  if (parts.length === 0) return
  writer.space()
  writer.list(parts, writePart)
}

function addPart(cursor: Cursor, correlator: SearchCorrelator, part: Part): SearchCorrelator {
  if (part.name === 'unknown') {
    const { word, value } = part
    return { ...correlator, others: [...(correlator.others ?? []), { word, value }] }
  }
  const { name, ...value } = part
  const isRepeated = Object.keys(value).some((key) => key in correlator)
  if (isRepeated) cursor.quirk('repeated-item', `${name} stands there twice`)
  return { ...correlator, ...value }
}

function partsOf({ tag, mailbox, uidValidity, others = [] }: SearchCorrelator): Part[] {
  const parts: Part[] = []
  if (tag !== undefined) parts.push({ name: 'TAG', tag })
  if (mailbox !== undefined) parts.push({ name: 'MAILBOX', mailbox })
  if (uidValidity !== undefined) parts.push({ name: 'UIDVALIDITY', uidValidity })
  return [...parts, ...others.map(({ word, value }): Part => ({ name: 'unknown', word, value }))]
}

function readPart(cursor: Cursor): Part {
  const written = readNameAsWritten(cursor)
  const word = written.toUpperCase()
  cursor.readSpace()
  switch (word) {
    case 'TAG':
      return { name: word, tag: readAString(cursor) }
    case 'MAILBOX':
      return { name: word, mailbox: readMailbox(cursor) }
    case 'UIDVALIDITY':
      return { name: word, uidValidity: readNzNumber(cursor) }
    default:
      return { name: 'unknown', word: written, value: readSyntax(cursor) }
  }
}

function writePart(writer: Writer, part: Part): void {
  writer.word(part.name === 'unknown' ? part.word : part.name)
  writer.space()
  switch (part.name) {
    case 'TAG':
      return writer.string(part.tag)
    case 'MAILBOX':
      return writeMailbox(writer, part.mailbox)
    case 'UIDVALIDITY':
      return writer.number(part.uidValidity)
    case 'unknown':
      return writeSyntax(writer, part.value)
  }
}
