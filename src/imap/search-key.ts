/** Search keys (RFC 9051 section 6.4.4): the registry, the keys that hold other keys, and unknown keys kept. */

import type { Cursor } from './cursor.ts'
import { LPAREN, RPAREN, SP } from './octets.ts'
import { baseForms, type BaseKey } from './search-keys/base.ts'
import { extendedForms, type ExtendedKey } from './search-keys/extended.ts'
import type { KeyForm } from './search-keys/form.ts'
import { vendorForms, type VendorKey } from './search-keys/vendor.ts'
import { isAtSequenceSet, readSequenceSet, type SequenceSet } from './sequence-set.ts'
import { readSpacedList } from './spaced-list.ts'
import { readSyntax, writeSyntaxRest, type Syntax } from './syntax.ts'
import { readName, readNameAsWritten } from './words.ts'
import type { Writer } from './writer.ts'

const partKeys = ['MIMEPART', 'X-MIMEPART'] as const

export type SearchKey =
  | BaseKey
  | ExtendedKey
  | VendorKey
  | { readonly key: 'messages'; readonly set: SequenceSet }
  /** FUZZY: what follows need not match exactly (RFC 6203). */
  | { readonly key: 'NOT' | 'FUZZY'; readonly operand: SearchKey }
  | { readonly key: 'OR'; readonly left: SearchKey; readonly right: SearchKey }
  /** Messages in a thread with one that matches (draft-ietf-morg-inthread); the algorithm in upper case. */
  | { readonly key: 'INTHREAD'; readonly algorithm: string; readonly operand: SearchKey }
  /** One body part must match all of this (Dovecot's SEARCH=X-MIMEPART). */
  | { readonly key: (typeof partKeys)[number]; readonly arguments: readonly Syntax[] }
  /** Keys in parentheses: all must match. */
  | { readonly key: 'and'; readonly keys: readonly SearchKey[] }
  /** As written, with the values up to the next word that is a key. */
  | { readonly key: 'unknown'; readonly word: string; readonly arguments: readonly Syntax[] }

type KeyOf<T extends string> = SearchKey & { readonly key: T }

const prefixForm: KeyForm<KeyOf<'NOT' | 'FUZZY'>> = {
  keys: ['NOT', 'FUZZY'],
  read: (cursor, key) => ({ key, operand: readNestedKey(cursor) }),
  write: (writer, { operand }) => writeNestedKey(writer, operand),
}

const orForm: KeyForm<KeyOf<'OR'>> = {
  keys: ['OR'],
  read: (cursor, key) => ({ key, left: readNestedKey(cursor), right: readNestedKey(cursor) }),
  write(writer, { left, right }) {
    writeNestedKey(writer, left)
    writeNestedKey(writer, right)
  },
}

const inThreadForm: KeyForm<KeyOf<'INTHREAD'>> = {
  keys: ['INTHREAD'],
  read(cursor, key) {
    cursor.readSpace()
    const algorithm = readName(cursor)
    return { key, algorithm, operand: readNestedKey(cursor) }
  },
  write(writer, { algorithm, operand }) {
    writer.word(` ${algorithm}`)
    writeNestedKey(writer, operand)
  },
}

const partForm: KeyForm<KeyOf<(typeof partKeys)[number]>> = {
  keys: partKeys,
  read(cursor, key) {
    cursor.readSpace()
    const first = readSyntax(cursor)
    return { key, arguments: first.kind === 'list' ? [first] : [first, ...readUnknownValues(cursor)] }
  },
  write: (writer, key) => writeSyntaxRest(writer, key.arguments),
}

const forms = new Map<string, KeyForm<SearchKey>>()
const everyForm: readonly KeyForm<SearchKey>[] = [
  ...baseForms,
  ...extendedForms,
  ...vendorForms,
  prefixForm,
  orForm,
  inThreadForm,
  partForm,
]
for (const form of everyForm) for (const key of form.keys) forms.set(key, form)

/** Each key that is typed. */
export const searchKeyNames: ReadonlySet<string> = new Set(forms.keys())

/** No key is longer; what is longer is not looked up. */
const LONGEST_KEY = 32

/** One key or more, up to the end of the message; a space behind the last is a quirk. */
export function readSearchKeys(cursor: Cursor): SearchKey[] {
  const keys = [readSearchKey(cursor)]
  while (cursor.hasMore()) {
    cursor.readSpace()
    keys.push(readSearchKey(cursor))
  }
  return keys
}

export function readSearchKey(cursor: Cursor): SearchKey {
  if (cursor.peek() === LPAREN) return { key: 'and', keys: readSpacedList(cursor, readSearchKey) }
  if (isAtSequenceSet(cursor)) return { key: 'messages', set: readSequenceSet(cursor) }
  const written = readNameAsWritten(cursor)
  const word = written.toUpperCase()
  const form = forms.get(word)
  // The map's keys are the union's keys: a form is found under its own names only.
  if (form) return form.read(cursor, word as SearchKey['key'])
  if (word === 'CHARSET' || word === 'RETURN')
    cursor.quirk('misplaced-word', `${word} stands behind the first key`)
  return { key: 'unknown', word: written, arguments: readUnknownValues(cursor) }
}

export function writeSearchKey(writer: Writer, key: SearchKey): void {
  if (key.key === 'and') return writer.list(key.keys, writeSearchKey)
  if (key.key === 'messages') return writer.word(key.set)
  if (key.key !== 'unknown') {
    writer.word(key.key)
    return forms.get(key.key)?.write(writer, key)
  }
  writer.word(key.word)
  writeSyntaxRest(writer, key.arguments)
}

function readNestedKey(cursor: Cursor): SearchKey {
  cursor.readSpace()
  cursor.enter()
  const key = readSearchKey(cursor)
  cursor.leave()
  return key
}

function writeNestedKey(writer: Writer, key: SearchKey): void {
  writer.space()
  writeSearchKey(writer, key)
}

/** How many values an unknown key takes nobody knows: all up to the next known key. */
function readUnknownValues(cursor: Cursor): Syntax[] {
  const values: Syntax[] = []
  while (cursor.peek() === SP && cursor.hasMore() && !isBeforeKey(cursor)) {
    cursor.readSpace()
    values.push(readSyntax(cursor))
  }
  // Whether it is a value or the next key the tree could not say.
  const next = cursor.peek()
  if (next === SP || next === RPAREN || cursor.isAtEnd()) return values
  return cursor.fail('missing-space', 'the values of an unknown key run into the next')
}

/**
 * Looks past the spaces: a known key, or the end of the list that this key stands in. A key that needs arguments and
 * has none, as in `X-NEW text`, is a value.
 */
function isBeforeKey(cursor: Cursor): boolean {
  const { text, end, at } = cursor
  let from = at
  while (from < end && text.charCodeAt(from) === SP) from++
  if (text.charCodeAt(from) === RPAREN) return true
  let to = from
  while (to < end && to - from < LONGEST_KEY && !' ()'.includes(text.charAt(to))) to++
  const form = forms.get(text.slice(from, to).toUpperCase())
  if (!form || form.isBare) return form !== undefined
  cursor.at = to
  const hasArguments = cursor.peek() === SP && cursor.hasMore()
  cursor.at = at
  return hasArguments
}
