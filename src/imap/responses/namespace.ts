/** NAMESPACE (RFC 9051 section 7.3.2): personal, other users' and shared, each with its prefixes. */

import type { Cursor } from '../cursor.ts'
import { LPAREN } from '../octets.ts'
import { readSpacedList } from '../spaced-list.ts'
import { readNString, readStringOrNil } from '../strings.ts'
import { skipWord } from '../words.ts'
import type { Writer } from '../writer.ts'
import type { UntaggedForm } from './form.ts'

export interface NamespaceData {
  readonly name: 'NAMESPACE'
  readonly personal: readonly Namespace[] | null
  readonly others: readonly Namespace[] | null
  readonly shared: readonly Namespace[] | null
}

export interface Namespace {
  readonly prefix: string
  readonly delimiter: string | null
  readonly extensions: readonly NamespaceExtension[]
}

export type NamespaceExtension =
  /** The prefix in the language of the session (RFC 5255 section 3.4). */
  | { readonly name: 'TRANSLATION'; readonly text: string }
  | { readonly name: 'unknown'; readonly word: string; readonly values: readonly string[] }

export const namespace: UntaggedForm<NamespaceData> = {
  names: ['NAMESPACE'],
  isNumbered: false,
  read: (cursor, { name }) => ({
    name,
    personal: readNamespaces(cursor),
    others: readNamespaces(cursor),
    shared: readNamespaces(cursor),
  }),
  write(writer, { personal, others, shared }) {
    writer.word('NAMESPACE')
    for (const spaces of [personal, others, shared]) writeNamespaces(writer, spaces)
  },
}

function readNamespaces(cursor: Cursor): Namespace[] | null {
  if (!cursor.hasMore()) {
    cursor.quirk('missing-namespace', 'fewer than three kinds of namespaces')
    return null
  }
  cursor.readSpace()
  if (skipWord(cursor, 'NIL')) return null
  const namespaces: Namespace[] = []
  cursor.open()
  while (!cursor.closeUnspaced()) namespaces.push(readNamespace(cursor))
  if (namespaces.length === 0) cursor.quirk('empty-list', 'a list that holds nothing')
  return namespaces
}

function readNamespace(cursor: Cursor): Namespace {
  cursor.open()
  const prefix = readStringOrNil(cursor)
  cursor.readSpace()
  const delimiter = readNString(cursor)
  if (delimiter !== null && delimiter.length !== 1)
    cursor.quirk('odd-delimiter', 'a delimiter that is not one octet')
  const extensions: NamespaceExtension[] = []
  while (!cursor.close()) extensions.push(readExtension(cursor))
  return { prefix, delimiter, extensions }
}

function readExtension(cursor: Cursor): NamespaceExtension {
  const word = readStringOrNil(cursor)
  cursor.readSpace()
  const values = readValues(cursor)
  const [text] = values
  const isTranslation = word.toUpperCase() === 'TRANSLATION' && values.length === 1 && text !== undefined
  return isTranslation ? { name: 'TRANSLATION', text } : { name: 'unknown', word, values }
}

function readValues(cursor: Cursor): string[] {
  if (cursor.peek() === LPAREN) return readSpacedList(cursor, readStringOrNil)
  cursor.quirk('missing-parenthesis', 'a value without its parentheses')
  return [readStringOrNil(cursor)]
}

function writeNamespaces(writer: Writer, namespaces: readonly Namespace[] | null): void {
  writer.space()
  if (!namespaces) return writer.word('NIL')
  writer.word('(')
  for (const space of namespaces) writeNamespace(writer, space)
  writer.word(')')
}

function writeNamespace(writer: Writer, { prefix, delimiter, extensions }: Namespace): void {
  writer.word('(')
  writer.string(prefix)
  writer.space()
  writer.nstring(delimiter)
  for (const extension of extensions) {
    writer.space()
    writer.string(extension.name === 'unknown' ? extension.word : extension.name)
    writer.space()
    const values = extension.name === 'unknown' ? extension.values : [extension.text]
    writer.list(values, (to, value) => to.string(value))
  }
  writer.word(')')
}
