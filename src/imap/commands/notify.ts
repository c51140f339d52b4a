/** NOTIFY (RFC 5465): which events in which mailboxes the server shall tell of unasked. */

import type { Cursor } from '../cursor.ts'
import { readFetchAttributes, writeFetchAttribute, type FetchAttribute } from '../fetch-attribute.ts'
import { readMailboxFilter, writeMailboxFilter, type MailboxFilter } from '../mailbox-filter.ts'
import { LPAREN, SP } from '../octets.ts'
import { readSpacedList } from '../spaced-list.ts'
import { readSyntax, writeSyntax, type Syntax } from '../syntax.ts'
import { readNameAsWritten, skipWord } from '../words.ts'
import type { Writer } from '../writer.ts'
import type { CommandForm } from './form.ts'

export interface NotifyCommand {
  readonly tag: string
  readonly name: 'NOTIFY'
  /** True when the server shall first tell the STATUS of each mailbox. */
  readonly isStatusWanted: boolean
  /** None for `NOTIFY NONE`: the server shall tell of nothing. */
  readonly groups: readonly NotifyGroup[]
}

export interface NotifyGroup {
  readonly filter: MailboxFilter
  /** None for `NONE`: of nothing in these mailboxes. */
  readonly events: readonly NotifyEvent[]
}

const plainEvents = [
  'MESSAGEEXPUNGE',
  'FLAGCHANGE',
  'ANNOTATIONCHANGE',
  'MAILBOXNAME',
  'SUBSCRIPTIONCHANGE',
  'MAILBOXMETADATACHANGE',
  'SERVERMETADATACHANGE',
] as const

export type NotifyEvent =
  /** Upper case, although they are written as `MessageExpunge`. */
  | { readonly name: (typeof plainEvents)[number] }
  /** What a FETCH of the new message would ask for, if anything. */
  | { readonly name: 'MESSAGENEW'; readonly items?: readonly FetchAttribute[] }
  | { readonly name: 'unknown'; readonly word: string; readonly value?: Syntax }

export const notify: CommandForm<NotifyCommand> = {
  names: ['NOTIFY'],
  read(cursor, { tag, name }) {
    cursor.readSpace()
    if (skipWord(cursor, 'NONE')) return { tag, name, isStatusWanted: false, groups: [] }
    if (!skipWord(cursor, 'SET')) cursor.fail('unknown-argument', 'expected SET or NONE')
    cursor.readSpace()
    const isStatusWanted = skipWord(cursor, 'STATUS')
    if (isStatusWanted) cursor.readSpace()
    const groups = [readGroup(cursor)]
    while (cursor.hasMore()) {
      cursor.readSpace()
      groups.push(readGroup(cursor))
    }
    return { tag, name, isStatusWanted, groups }
  },
  write(writer, { isStatusWanted, groups }) {
    if (groups.length === 0) return writer.word(' NONE')
    writer.word(isStatusWanted ? ' SET STATUS ' : ' SET ')
    writer.spaced(groups, writeGroup)
  },
}

/** `(personal (MessageNew (FLAGS) MessageExpunge))`. */
function readGroup(cursor: Cursor): NotifyGroup {
  cursor.open()
  const filter = readMailboxFilter(cursor)
  cursor.readSpace()
  const events = skipWord(cursor, 'NONE') ? [] : readEvents(cursor)
  if (!cursor.close()) cursor.fail('trailing-octets', 'more than a filter and its events')
  return { filter, events }
}

/** The examples of RFC 5465 lack the parentheses about the events, and clients copied them (erratum 1804). */
function readEvents(cursor: Cursor): NotifyEvent[] {
  if (cursor.peek() === LPAREN) return readSpacedList(cursor, readEvent)
  cursor.quirk('missing-parenthesis', 'events without parentheses about them')
  const events = [readEvent(cursor)]
  while (cursor.peek() === SP) {
    cursor.readSpace()
    events.push(readEvent(cursor))
  }
  return events
}

function readEvent(cursor: Cursor): NotifyEvent {
  const written = readNameAsWritten(cursor)
  const word = written.toUpperCase()
  const plain = plainEvents.find((candidate) => candidate === word)
  if (plain) return { name: plain }
  const hasList = cursor.isAtSpaceThen(LPAREN)
  if (hasList) cursor.readSpace()
  if (word !== 'MESSAGENEW')
    return { name: 'unknown', word: written, ...(hasList && { value: readSyntax(cursor) }) }
  return { name: word, ...(hasList && { items: readFetchAttributes(cursor) }) }
}

function writeGroup(writer: Writer, { filter, events }: NotifyGroup): void {
  writer.word('(')
  writeMailboxFilter(writer, filter)
  writer.space()
  if (events.length === 0) writer.word('NONE')
  else writer.list(events, writeEvent)
  writer.word(')')
}

function writeEvent(writer: Writer, event: NotifyEvent): void {
  writer.word(event.name === 'unknown' ? event.word : event.name)
  if (event.name === 'unknown' && event.value) {
    writer.space()
    writeSyntax(writer, event.value)
  } else if (event.name === 'MESSAGENEW' && event.items) {
    writer.space()
    writer.list(event.items, writeFetchAttribute)
  }
}
