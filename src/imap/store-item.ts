/** What a STORE changes and under which condition (RFC 9051 section 6.4.6, RFC 7162, RFC 5257, Gmail), in both directions. */

import { readAnnotations, writeAnnotations, type Annotation } from './annotation.ts'
import type { Cursor } from './cursor.ts'
import { checkSettable, readFlag, readFlags, writeFlags, type Flag } from './flag.ts'
import {
  readKnownValue,
  readUnknownParameter,
  writeUnknownParameter,
  type UnknownParameter,
} from './known-value.ts'
import { readModSequenceOrZero } from './mod-sequence.ts'
import { LPAREN } from './octets.ts'
import { readList, readSyntax, readSyntaxRest, writeSyntaxRest, type Syntax } from './syntax.ts'
import { readGmailLabel, writeGmailLabel, type GmailLabel } from './vendor-item.ts'
import { readNameAsWritten } from './words.ts'
import type { Writer } from './writer.ts'

export type StoreModifier =
  /** Only messages that did not change later; 0 for those without the value. */
  { readonly name: 'UNCHANGEDSINCE'; readonly modseq: bigint } | UnknownParameter

export type StoreChange =
  | { readonly kind: 'flags'; readonly flags: readonly Flag[] }
  | { readonly kind: 'labels'; readonly labels: readonly GmailLabel[] }
  | { readonly kind: 'annotations'; readonly annotations: readonly Annotation[] }
  /** An item that nobody here knows, upper case and without sign and `.SILENT`. */
  | { readonly kind: 'unknown'; readonly word: string; readonly values: readonly Syntax[] }

const readers = new Map<string, (cursor: Cursor) => StoreChange>([
  ['FLAGS', (cursor) => ({ kind: 'flags', flags: checkSettable(cursor, readStoreFlags(cursor)) })],
  ['X-GM-LABELS', (cursor) => ({ kind: 'labels', labels: readStoreLabels(cursor) })],
  ['ANNOTATION', (cursor) => ({ kind: 'annotations', annotations: readAnnotations(cursor) })],
])
const words = { flags: 'FLAGS', labels: 'X-GM-LABELS', annotations: 'ANNOTATION' } as const

export const storeItemNames: ReadonlySet<string> = new Set(readers.keys())
export const storeModifierNames: ReadonlySet<string> = new Set(['UNCHANGEDSINCE'])

/** Behind the word, which is given without sign and `.SILENT`, and its space. */
export function readStoreChange(cursor: Cursor, word: string): StoreChange {
  const read = readers.get(word)
  if (read) return read(cursor)
  return { kind: 'unknown', word, values: [readSyntax(cursor), ...readSyntaxRest(cursor)] }
}

/** The word of a change, without sign and `.SILENT`. */
export const storeWord = (change: StoreChange): string =>
  change.kind === 'unknown' ? change.word : words[change.kind]

/** What stands behind the word, its space included. */
export function writeStoreChange(writer: Writer, change: StoreChange): void {
  if (change.kind === 'unknown') return writeSyntaxRest(writer, change.values)
  writer.space()
  if (change.kind === 'flags') writeFlags(writer, change.flags)
  else if (change.kind === 'labels') writer.list(change.labels, writeGmailLabel)
  else writeAnnotations(writer, change.annotations)
}

/** `(UNCHANGEDSINCE 5)` behind a space, where it stands. */
export function readStoreModifiers(cursor: Cursor): StoreModifier[] | undefined {
  if (!cursor.isAtSpaceThen(LPAREN)) return undefined
  cursor.readSpace()
  const modifiers = readList(cursor, readStoreModifier)
  if (modifiers.length === 0) cursor.quirk('empty-list', 'parentheses with nothing in them')
  return modifiers
}

export function writeStoreModifiers(writer: Writer, modifiers: readonly StoreModifier[] | undefined): void {
  if (!modifiers) return
  writer.space()
  writer.list(modifiers, (to, modifier) => {
    if (modifier.name === 'unknown') writeUnknownParameter(to, modifier)
    else to.word(`UNCHANGEDSINCE ${modifier.modseq}`)
  })
}

function readStoreModifier(cursor: Cursor): StoreModifier {
  const written = readNameAsWritten(cursor)
  const word = written.toUpperCase()
  const known = word === 'UNCHANGEDSINCE' ? readKnownValue(cursor, readUnchangedSince) : undefined
  return known ?? readUnknownParameter(cursor, written)
}

function readUnchangedSince(cursor: Cursor): StoreModifier {
  cursor.readSpace()
  return { name: 'UNCHANGEDSINCE', modseq: readModSequenceOrZero(cursor) }
}

/** `STORE 1 FLAGS \Seen \Deleted`: the parentheses are optional here. */
const readStoreFlags = (cursor: Cursor): Flag[] =>
  cursor.peek() === LPAREN ? readFlags(cursor) : readBare(cursor, readFlag)

const readStoreLabels = (cursor: Cursor): GmailLabel[] =>
  cursor.peek() === LPAREN ? readList(cursor, readGmailLabel) : readBare(cursor, readGmailLabel)

function readBare(cursor: Cursor, read: (cursor: Cursor) => string): string[] {
  const texts = [read(cursor)]
  while (cursor.hasMore()) {
    cursor.readSpace()
    texts.push(read(cursor))
  }
  return texts
}
