/** What SELECT, EXAMINE, CREATE and RENAME take in parentheses (RFC 4466, 7162, 6154): registries, unknown ones kept. */

import type { Cursor } from './cursor.ts'
import { readFlags, writeFlags, type Flag } from './flag.ts'
import {
  readKnownValue,
  readUnknownParameter,
  writeUnknownParameter,
  type UnknownParameter,
} from './known-value.ts'
import { readModSequence } from './mod-sequence.ts'
import { readObjectIds, writeObjectIds, type NamedObjectId } from './object-id.ts'
import { LPAREN } from './octets.ts'
import { readSequenceSet, type SequenceSet } from './sequence-set.ts'
import { readSpacedList } from './spaced-list.ts'
import { readNameAsWritten, readNzNumber } from './words.ts'
import type { Writer } from './writer.ts'

export type SelectParameter =
  | { readonly name: 'CONDSTORE' | 'ANNOTATE' }
  | Resync
  /** The mailbox is meant by its identifiers, and by its name if that fails; without any, compound answers are wanted. */
  | { readonly name: 'OBJECTID'; readonly ids?: readonly NamedObjectId[] }
  | UnknownParameter

/** What a client knows of the mailbox since it was here (RFC 7162 section 3.2.5). */
export interface Resync {
  readonly name: 'QRESYNC'
  readonly uidValidity: number
  readonly modseq: bigint
  readonly uids?: SequenceSet
  /** Message numbers with the UIDs that the client believes them to have. */
  readonly match?: { readonly messages: SequenceSet; readonly uids: SequenceSet }
}

export type CreateParameter =
  | { readonly name: 'USE'; readonly attributes: readonly Flag[] }
  | UnknownParameter

type Reader<T> = (cursor: Cursor) => T

const selectReaders: ReadonlyMap<string, Reader<SelectParameter>> = new Map<string, Reader<SelectParameter>>([
  ['CONDSTORE', () => ({ name: 'CONDSTORE' })],
  ['ANNOTATE', () => ({ name: 'ANNOTATE' })],
  ['QRESYNC', readResync],
  ['OBJECTID', readObjectIdParameter],
])
const createReaders: ReadonlyMap<string, Reader<CreateParameter>> = new Map([['USE', readUse]])

/** Upper case. */
export const selectParameterNames: ReadonlySet<string> = new Set(selectReaders.keys())
export const createParameterNames: ReadonlySet<string> = new Set(createReaders.keys())

/** `(CONDSTORE ...)` with the space before it, where it is there. */
export const readSelectParameters = (cursor: Cursor): SelectParameter[] | undefined =>
  readKnownParameters(cursor, selectReaders)

export const readCreateParameters = (cursor: Cursor): CreateParameter[] | undefined =>
  readKnownParameters(cursor, createReaders)

/** RENAME has none that are known. */
export const readUnknownParameters = (cursor: Cursor): UnknownParameter[] | undefined =>
  readKnownParameters(cursor, new Map<string, Reader<never>>())

export function writeSelectParameters(
  writer: Writer,
  parameters: readonly SelectParameter[] | undefined,
): void {
  writeEach(writer, parameters, writeSelectParameter)
}

export function writeCreateParameters(
  writer: Writer,
  parameters: readonly CreateParameter[] | undefined,
): void {
  writeEach(writer, parameters, writeCreateParameter)
}

export function writeUnknownParameters(
  writer: Writer,
  parameters: readonly UnknownParameter[] | undefined,
): void {
  writeEach(writer, parameters, writeUnknownParameter)
}

function readKnownParameters<T>(
  cursor: Cursor,
  readers: ReadonlyMap<string, Reader<T>>,
): (T | UnknownParameter)[] | undefined {
  if (!cursor.isAtSpaceThen(LPAREN)) return undefined
  cursor.readSpace()
  return readSpacedList(cursor, (list) => {
    const word = readNameAsWritten(list)
    const read = readers.get(word.toUpperCase())
    return (read && readKnownValue(list, read)) ?? readUnknownParameter(list, word)
  })
}

/** Behind QRESYNC. */
function readResync(cursor: Cursor): Resync {
  cursor.readSpace()
  cursor.open()
  const uidValidity = readNzNumber(cursor)
  cursor.readSpace()
  const modseq = readModSequence(cursor)
  if (cursor.close()) return { name: 'QRESYNC', uidValidity, modseq }
  const uids = cursor.peek() === LPAREN ? undefined : readKnownSet(cursor)
  const match = uids !== undefined && cursor.close() ? undefined : readMatch(cursor)
  if (match && !cursor.close()) cursor.fail('trailing-octets', 'more than QRESYNC takes')
  return {
    name: 'QRESYNC',
    uidValidity,
    modseq,
    ...(uids !== undefined && { uids }),
    ...(match && { match }),
  }
}

function readMatch(cursor: Cursor): { messages: SequenceSet; uids: SequenceSet } {
  cursor.open()
  const messages = readKnownSet(cursor)
  cursor.readSpace()
  const uids = readKnownSet(cursor)
  if (!cursor.close()) cursor.fail('trailing-octets', 'more than two sets')
  return { messages, uids }
}

/** A set of numbers that the client knows: neither `*` nor `$` can be among them. */
function readKnownSet(cursor: Cursor): SequenceSet {
  const set = readSequenceSet(cursor)
  if (/[*$]/u.test(set)) cursor.quirk('star-in-known-set', '* or $ among numbers that must be known')
  return set
}

function readObjectIdParameter(cursor: Cursor): SelectParameter {
  if (!cursor.isAtSpaceThen(LPAREN)) return { name: 'OBJECTID' }
  cursor.readSpace()
  return { name: 'OBJECTID', ids: readObjectIds(cursor) }
}

function readUse(cursor: Cursor): CreateParameter {
  cursor.readSpace()
  return { name: 'USE', attributes: readFlags(cursor) }
}

function writeEach<T>(
  writer: Writer,
  parameters: readonly T[] | undefined,
  write: (writer: Writer, parameter: T) => void,
): void {
  if (!parameters) return
  writer.space()
  writer.list(parameters, write)
}

function writeSelectParameter(writer: Writer, parameter: SelectParameter): void {
  if (parameter.name === 'unknown') return writeUnknownParameter(writer, parameter)
  writer.word(parameter.name)
  if (parameter.name === 'QRESYNC') writeResync(writer, parameter)
  if (parameter.name !== 'OBJECTID' || !parameter.ids) return
  writer.space()
  writeObjectIds(writer, parameter.ids)
}

function writeResync(writer: Writer, { uidValidity, modseq, uids, match }: Resync): void {
  writer.word(` (${uidValidity} ${modseq}`)
  if (uids !== undefined) writer.word(` ${uids}`)
  if (match) writer.word(` (${match.messages} ${match.uids})`)
  writer.word(')')
}

function writeCreateParameter(writer: Writer, parameter: CreateParameter): void {
  if (parameter.name === 'unknown') return writeUnknownParameter(writer, parameter)
  writer.word('USE ')
  writeFlags(writer, parameter.attributes)
}
