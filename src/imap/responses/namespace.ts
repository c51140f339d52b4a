/** NAMESPACE (RFC 9051 section 7.3.2): personal, other users' and shared, each with its prefixes. */

import type { Cursor } from '../cursor.ts'
import { LPAREN } from '../octets.ts'
import { readNString, readStringOrNil } from '../strings.ts'
import { readList } from '../syntax.ts'
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
  /** Such as TRANSLATION (RFC 5255). */
  readonly extensions: readonly NamespaceExtension[]
}

export interface NamespaceExtension {
  readonly word: string
  readonly values: readonly string[]
}

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
  cursor.readSpace()
  return skipWord(cursor, 'NIL') ? null : readList(cursor, readNamespace)
}

function readNamespace(cursor: Cursor): Namespace {
  cursor.open()
  const prefix = readStringOrNil(cursor)
  cursor.readSpace()
  const delimiter = readNString(cursor)
  const extensions: NamespaceExtension[] = []
  while (!cursor.close()) extensions.push(readExtension(cursor))
  return { prefix, delimiter, extensions }
}

function readExtension(cursor: Cursor): NamespaceExtension {
  const word = readStringOrNil(cursor)
  cursor.readSpace()
  const values = cursor.peek() === LPAREN ? readList(cursor, readStringOrNil) : [readStringOrNil(cursor)]
  return { word, values }
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
  for (const { word, values } of extensions) {
    writer.space()
    writer.string(word)
    writer.space()
    writer.list(values, (to, value) => to.string(value))
  }
  writer.word(')')
}
