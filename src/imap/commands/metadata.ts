/** GETMETADATA and SETMETADATA (RFC 5464 section 4): annotations of a mailbox, or of the server where its name is empty. */

import type { Cursor } from '../cursor.ts'
import {
  readKnownValue,
  readUnknownParameter,
  writeUnknownParameter,
  type UnknownParameter,
} from '../known-value.ts'
import { readMailbox, writeMailbox, type MailboxName } from '../mailbox.ts'
import {
  readMetadataEntry,
  readMetadataPair,
  writeMetadataPair,
  type MetadataEntry,
  type MetadataPair,
} from '../metadata.ts'
import { LPAREN } from '../octets.ts'
import { readSpacedList } from '../spaced-list.ts'
import { readLargeNumber, readName, readNameAsWritten, type LargeNumber } from '../words.ts'
import type { Writer } from '../writer.ts'
import type { CommandForm } from './form.ts'

export interface GetMetadataCommand {
  readonly tag: string
  readonly name: 'GETMETADATA'
  readonly options?: readonly MetadataOption[]
  readonly mailbox: MailboxName
  readonly entries: readonly MetadataEntry[]
}

export type MetadataOption =
  /** Octets of the largest value that is wanted. */
  | { readonly name: 'MAXSIZE'; readonly octets: LargeNumber }
  /** How far below the entries: not at all, the next level, or all. */
  | { readonly name: 'DEPTH'; readonly depth: Depth }
  | UnknownParameter

const depths = ['0', '1', 'infinity'] as const
type Depth = (typeof depths)[number]

export interface SetMetadataCommand {
  readonly tag: string
  readonly name: 'SETMETADATA'
  readonly mailbox: MailboxName
  readonly values: readonly MetadataPair[]
}

export const getMetadata: CommandForm<GetMetadataCommand> = {
  names: ['GETMETADATA'],
  read(cursor, { tag, name }) {
    const before = cursor.isAtSpaceThen(LPAREN) ? readOptions(cursor) : undefined
    cursor.readSpace()
    const mailbox = readMailbox(cursor)
    const options = before ?? readOptionsBehind(cursor)
    cursor.readSpace()
    return { tag, name, ...(options && { options }), mailbox, entries: readEntries(cursor) }
  },
  write(writer, { options, mailbox, entries }) {
    if (options) {
      writer.space()
      writer.list(options, writeOption)
    }
    writer.space()
    writeMailbox(writer, mailbox)
    writer.space()
    writer.list(entries, (to, entry) => to.astring(entry))
  },
}

export const setMetadata: CommandForm<SetMetadataCommand> = {
  names: ['SETMETADATA'],
  read(cursor, { tag, name }) {
    cursor.readSpace()
    const mailbox = readMailbox(cursor)
    cursor.readSpace()
    return { tag, name, mailbox, values: readSpacedList(cursor, readMetadataPair) }
  },
  write(writer, { mailbox, values }) {
    writer.space()
    writeMailbox(writer, mailbox)
    writer.space()
    writer.list(values, writeMetadataPair)
  },
}

/** Behind the mailbox, where the examples of RFC 5464 have them and its grammar does not. */
function readOptionsBehind(cursor: Cursor): MetadataOption[] | undefined {
  if (!cursor.isAtSpaceThen(LPAREN) || !cursor.wouldRead(readOptionsAndMore)) return undefined
  const options = readOptions(cursor)
  cursor.quirk('options-behind-mailbox', 'options behind the mailbox and not before it')
  return options
}

function readOptionsAndMore(cursor: Cursor): true {
  readOptions(cursor)
  return cursor.hasMore() || cursor.fail('missing-word', 'these were the entries')
}

function readOptions(cursor: Cursor): MetadataOption[] {
  cursor.readSpace()
  return readSpacedList(cursor, readOption)
}

function readOption(cursor: Cursor): MetadataOption {
  const written = readNameAsWritten(cursor)
  const word = written.toUpperCase()
  const option = word === 'MAXSIZE' || word === 'DEPTH' ? readKnownValue(cursor, readers[word]) : undefined
  return option ?? readUnknownParameter(cursor, written)
}

const readers = {
  MAXSIZE(cursor: Cursor): MetadataOption {
    cursor.readSpace()
    return { name: 'MAXSIZE', octets: readLargeNumber(cursor) }
  },
  DEPTH(cursor: Cursor): MetadataOption {
    cursor.readSpace()
    const word = readName(cursor).toLowerCase()
    const depth = depths.find((candidate) => candidate === word)
    return depth ? { name: 'DEPTH', depth } : cursor.fail('odd-depth', 'a depth other than 0, 1 and infinity')
  },
}

function readEntries(cursor: Cursor): MetadataEntry[] {
  return cursor.peek() === LPAREN ? readSpacedList(cursor, readMetadataEntry) : [readMetadataEntry(cursor)]
}

function writeOption(writer: Writer, option: MetadataOption): void {
  if (option.name === 'unknown') return writeUnknownParameter(writer, option)
  writer.word(`${option.name} ${option.name === 'MAXSIZE' ? option.octets : option.depth}`)
}
