/** Search keys (RFC 9051 section 6.4.4): a registry of their arguments, and unknown keys kept with theirs. */

import type { Cursor } from './cursor.ts'
import { LPAREN, RPAREN, SP } from './octets.ts'
import { isAtSequenceSet, readSequenceSet, type SequenceSet } from './sequence-set.ts'
import { readAString } from './strings.ts'
import { readList, readSyntax, writeSyntaxRest, type Syntax } from './syntax.ts'
import { readNumber, readWord } from './words.ts'
import type { Writer } from './writer.ts'

const bareKeys = [
  'ALL',
  'ANSWERED',
  'DELETED',
  'DRAFT',
  'FLAGGED',
  'NEW',
  'OLD',
  'RECENT',
  'SEEN',
  'UNANSWERED',
  'UNDELETED',
  'UNDRAFT',
  'UNFLAGGED',
  'UNSEEN',
] as const
const textKeys = ['BCC', 'BODY', 'CC', 'FROM', 'SUBJECT', 'TEXT', 'TO', 'KEYWORD', 'UNKEYWORD'] as const
const dateKeys = ['BEFORE', 'ON', 'SINCE', 'SENTBEFORE', 'SENTON', 'SENTSINCE'] as const
const sizeKeys = ['LARGER', 'SMALLER'] as const

export type SearchKey =
  | { readonly key: (typeof bareKeys)[number] }
  | { readonly key: (typeof textKeys)[number]; readonly value: string }
  /** `1-Feb-2025`, as written. */
  | { readonly key: (typeof dateKeys)[number]; readonly date: string }
  | { readonly key: (typeof sizeKeys)[number]; readonly size: number }
  | { readonly key: 'HEADER'; readonly field: string; readonly value: string }
  | { readonly key: 'UID' | 'messages'; readonly set: SequenceSet }
  | { readonly key: 'NOT'; readonly operand: SearchKey }
  | { readonly key: 'OR'; readonly left: SearchKey; readonly right: SearchKey }
  /** Keys in parentheses: all must match. */
  | { readonly key: 'and'; readonly keys: readonly SearchKey[] }
  /** Upper case, with the values up to the next word that is a key. */
  | { readonly key: 'unknown'; readonly word: string; readonly arguments: readonly Syntax[] }

type KeyOf<T extends string> = SearchKey & { readonly key: T }

interface KeyForm<K extends SearchKey> {
  read(cursor: Cursor, key: K['key']): K
  write(writer: Writer, key: K): void
}

const bareForm: KeyForm<KeyOf<(typeof bareKeys)[number]>> = {
  read: (_cursor, key) => ({ key }),
  write: () => {},
}

const textForm: KeyForm<KeyOf<(typeof textKeys)[number]>> = {
  read: (cursor, key) => ({ key, value: readSpacedAString(cursor) }),
  write: (writer, { value }) => writeSpacedAString(writer, value),
}

const dateForm: KeyForm<KeyOf<(typeof dateKeys)[number]>> = {
  read: (cursor, key) => ({ key, date: readSpacedAString(cursor) }),
  write: (writer, { date }) => writeSpacedAString(writer, date),
}

const sizeForm: KeyForm<KeyOf<(typeof sizeKeys)[number]>> = {
  read(cursor, key) {
    cursor.readSpace()
    return { key, size: readNumber(cursor) }
  },
  write: (writer, { size }) => writer.word(` ${size}`),
}

const headerForm: KeyForm<KeyOf<'HEADER'>> = {
  read: (cursor, key) => ({ key, field: readSpacedAString(cursor), value: readSpacedAString(cursor) }),
  write(writer, { field, value }) {
    writeSpacedAString(writer, field)
    writeSpacedAString(writer, value)
  },
}

const uidForm: KeyForm<KeyOf<'UID'>> = {
  read(cursor, key) {
    cursor.readSpace()
    return { key, set: readSequenceSet(cursor) }
  },
  write: (writer, { set }) => writer.word(` ${set}`),
}

const notForm: KeyForm<KeyOf<'NOT'>> = {
  read: (cursor, key) => ({ key, operand: readNestedKey(cursor) }),
  write: (writer, { operand }) => writeNestedKey(writer, operand),
}

const orForm: KeyForm<KeyOf<'OR'>> = {
  read: (cursor, key) => ({ key, left: readNestedKey(cursor), right: readNestedKey(cursor) }),
  write(writer, { left, right }) {
    writeNestedKey(writer, left)
    writeNestedKey(writer, right)
  },
}

const forms = new Map<string, KeyForm<SearchKey>>()
const register = <K extends SearchKey>(keys: readonly K['key'][], form: KeyForm<K>): void => {
  for (const key of keys) forms.set(key, form)
}
register(bareKeys, bareForm)
register(textKeys, textForm)
register(dateKeys, dateForm)
register(sizeKeys, sizeForm)
register(['HEADER'], headerForm)
register(['UID'], uidForm)
register(['NOT'], notForm)
register(['OR'], orForm)

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
  if (cursor.peek() === LPAREN) return { key: 'and', keys: readList(cursor, readSearchKey) }
  if (isAtSequenceSet(cursor)) return { key: 'messages', set: readSequenceSet(cursor) }
  const word = readWord(cursor).toUpperCase()
  const form = forms.get(word)
  // The map's keys are the union's keys: a form is found under its own names only.
  return form ? form.read(cursor, word as SearchKey['key']) : readUnknownKey(cursor, word)
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
function readUnknownKey(cursor: Cursor, word: string): SearchKey {
  const values: Syntax[] = []
  while (cursor.peek() === SP && cursor.hasMore() && !isBeforeKey(cursor)) {
    cursor.readSpace()
    values.push(readSyntax(cursor))
  }
  return { key: 'unknown', word, arguments: values }
}

/** Looks past the spaces: a known key, or the end of the list that this key stands in. */
function isBeforeKey(cursor: Cursor): boolean {
  const { text, end } = cursor
  let from = cursor.at
  while (from < end && text.charCodeAt(from) === SP) from++
  if (text.charCodeAt(from) === RPAREN) return true
  let to = from
  while (to < end && to - from < LONGEST_KEY && !' ()'.includes(text.charAt(to))) to++
  return forms.has(text.slice(from, to).toUpperCase())
}

function readSpacedAString(cursor: Cursor): string {
  cursor.readSpace()
  return cursor.peek() === LPAREN ? cursor.fail('missing-word', 'expected a string') : readAString(cursor)
}

function writeSpacedAString(writer: Writer, text: string): void {
  writer.space()
  writer.astring(text)
}
