/** Response codes about the service, a command or its arguments: capabilities, charsets, progress, limits, names. */

import type { Cursor } from '../cursor.ts'
import { writeMailbox, type MailboxName } from '../mailbox.ts'
import { LPAREN, RBRACKET, SP } from '../octets.ts'
import { readAString, readNString } from '../strings.ts'
import { readList } from '../syntax.ts'
import { readNumber, skipWord } from '../words.ts'
import { writeWord, type Writer } from '../writer.ts'
import { readCodeQuoted, readCodeString, readCodeWord, readPositive, type CodeForm } from './form.ts'

export interface CapabilityCode {
  readonly name: 'CAPABILITY'
  readonly capabilities: readonly string[]
}

export const capability: CodeForm<CapabilityCode> = {
  names: ['CAPABILITY'],
  read(cursor, name) {
    const capabilities: string[] = []
    while (cursor.peek() === SP && !cursor.isAtSpaceThen(RBRACKET)) {
      cursor.readSpace()
      capabilities.push(readCodeWord(cursor))
    }
    return { name, capabilities }
  },
  write(writer, { capabilities }) {
    for (const word of capabilities) writer.word(` ${word}`)
  },
}

export interface BadCharsetCode {
  readonly name: 'BADCHARSET'
  readonly charsets?: readonly string[]
}

export const badCharset: CodeForm<BadCharsetCode> = {
  names: ['BADCHARSET'],
  read: (cursor, name) =>
    cursor.isAtSpaceThen(LPAREN) ? { name, charsets: readWordList(cursor, readAString) } : { name },
  write(writer, { charsets }) {
    if (charsets) writeWordList(writer, charsets, (to, charset) => to.astring(charset))
  },
}

/** The mailbox goes by another name now (RFC 2060 section 7.1). */
export interface NewNameCode {
  readonly name: 'NEWNAME'
  readonly oldName: MailboxName
  readonly newName: MailboxName
}

export const newName: CodeForm<NewNameCode> = {
  names: ['NEWNAME'],
  read: (cursor, name) => ({ name, oldName: readCodeString(cursor), newName: readCodeString(cursor) }),
  write(writer, { oldName, newName: now }) {
    writer.space()
    writeMailbox(writer, oldName)
    writer.space()
    writeMailbox(writer, now)
  },
}

/** The events that NOTIFY may ask for (RFC 5465 section 5.5). */
export interface BadEventCode {
  readonly name: 'BADEVENT'
  readonly events: readonly string[]
}

export const badEvent: CodeForm<BadEventCode> = {
  names: ['BADEVENT'],
  read: (cursor, name) => ({ name, events: readWordList(cursor, readCodeWord) }),
  write: (writer, { events }) => writeWordList(writer, events, writeWord),
}

/** The search with this tag will not be kept up to date (RFC 5267 section 4.3). */
export interface NoUpdateCode {
  readonly name: 'NOUPDATE'
  readonly tag: string
}

export const noUpdate: CodeForm<NoUpdateCode> = {
  names: ['NOUPDATE'],
  read: (cursor, name) => ({ name, tag: readCodeQuoted(cursor) }),
  write(writer, { tag }) {
    writer.space()
    writer.quoted(tag)
  },
}

/** How far a command is (RFC 9585 section 4); null where the server does not say. */
export interface InProgressCode {
  readonly name: 'INPROGRESS'
  readonly progress?: {
    readonly tag: string | null
    readonly count: number | null
    readonly goal: number | null
  }
}

export const inProgress: CodeForm<InProgressCode> = {
  names: ['INPROGRESS'],
  read(cursor, name) {
    if (!cursor.isAtSpaceThen(LPAREN)) return { name }
    cursor.readSpace()
    cursor.open()
    if (cursor.close()) cursor.fail('odd-code', 'no progress')
    const tag = readNString(cursor)
    const progress = { tag, count: readStep(cursor), goal: readStep(cursor) }
    if (!cursor.close()) cursor.fail('odd-code', 'more than tag, count and goal')
    return { name, progress }
  },
  write(writer, { progress }) {
    if (!progress) return
    const { tag, count, goal } = progress
    writer.word(' (')
    if (tag === null) writer.word('NIL')
    else writer.quoted(tag)
    writer.word(` ${count ?? 'NIL'} ${goal ?? 'NIL'})`)
  },
}

function readStep(cursor: Cursor): number | null {
  cursor.readSpace()
  return skipWord(cursor, 'NIL') ? null : readNumber(cursor)
}

/** The command stopped after so many messages; the UID is the last that was done (RFC 9738 section 3.1). */
export interface MessageLimitCode {
  readonly name: 'MESSAGELIMIT'
  readonly limit: number
  readonly uid?: number
}

export const messageLimit: CodeForm<MessageLimitCode> = {
  names: ['MESSAGELIMIT'],
  read(cursor, name) {
    const limit = readPositive(cursor)
    return cursor.peek() === SP && !cursor.isAtSpaceThen(RBRACKET)
      ? { name, limit, uid: readPositive(cursor) }
      : { name, limit }
  },
  write: (writer, { limit, uid }) => writer.word(` ${limit}${uid === undefined ? '' : ` ${uid}`}`),
}

/** SEARCH named a filter that the server has not (RFC 5466 section 3.1). */
export interface UndefinedFilterCode {
  readonly name: 'UNDEFINED-FILTER'
  readonly filter: string
}

export const undefinedFilter: CodeForm<UndefinedFilterCode> = {
  names: ['UNDEFINED-FILTER'],
  read: (cursor, name) => ({ name, filter: readCodeString(cursor) }),
  write(writer, { filter }) {
    writer.space()
    writer.astring(filter)
  },
}

function readWordList(cursor: Cursor, readItem: (cursor: Cursor) => string): string[] {
  cursor.readSpace()
  const words = readList(cursor, readItem)
  if (words.length === 0) cursor.quirk('empty-list', 'a list without its words')
  return words
}

function writeWordList(
  writer: Writer,
  words: readonly string[],
  writeItem: (writer: Writer, word: string) => void,
): void {
  writer.space()
  writer.list(words, writeItem)
}
