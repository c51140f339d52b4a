/** The search keys that extensions with an RFC have added (RFC 5032, 5257, 5466, 7162, 8474, 8514). */

import type { Cursor } from '../cursor.ts'
import { readModSequenceOrZero } from '../mod-sequence.ts'
import { DQUOTE, isDigit } from '../octets.ts'
import { readListMailbox, readNString } from '../strings.ts'
import { readAtom, readNzNumber } from '../words.ts'
import { formOfDateKeys, type SearchDate } from './base.ts'
import { formOfBareKeys, readSpacedWord, writeSpacedWord, type KeyForm, type WordGrammar } from './form.ts'

const savedKeys = ['SAVEDBEFORE', 'SAVEDON', 'SAVEDSINCE'] as const

export type ExtendedKey =
  /** Seconds before now (WITHIN). */
  | { readonly key: 'OLDER' | 'YOUNGER'; readonly seconds: number }
  /** At least this mod-sequence, for one flag only where that is given (CONDSTORE). */
  | { readonly key: 'MODSEQ'; readonly entry?: ModseqEntry; readonly modseq: bigint }
  | { readonly key: 'EMAILID' | 'THREADID'; readonly id: string }
  | { readonly key: (typeof savedKeys)[number]; readonly date: SearchDate }
  | { readonly key: 'SAVEDATESUPPORTED' }
  /** A search that the server keeps under this name (FILTERS). */
  | { readonly key: 'FILTER'; readonly filter: string }
  /** `ANNOTATION /comment value "x"`; null for NIL. */
  | {
      readonly key: 'ANNOTATION'
      readonly entry: string
      readonly attribute: string
      readonly value: string | null
    }

export interface ModseqEntry {
  /** `/flags/\Seen`. */
  readonly name: string
  /** Lower case. */
  readonly type: string
}

type KeyOf<T extends ExtendedKey['key']> = Extract<ExtendedKey, { readonly key: T }>

const filterName: WordGrammar = {
  pattern: /^[!#$&'+,\-.0-9:;<=>?@A-Z[^_`a-z|}~]+$/u,
  rule: 'odd-filter-name',
  text: 'the name of a filter with octets that it may not hold',
}

/** RFC 8474 `objectid`. */
const objectId: WordGrammar = {
  pattern: /^[A-Za-z0-9_-]{1,255}$/u,
  rule: 'odd-object-id',
  text: 'an object identifier with octets it may not hold',
}

const entryTypes: readonly string[] = ['priv', 'shared', 'all']
const searchedAttributes: readonly string[] = ['value', 'value.priv', 'value.shared']

const withinForm: KeyForm<KeyOf<'OLDER' | 'YOUNGER'>> = {
  keys: ['OLDER', 'YOUNGER'],
  read(cursor, key) {
    cursor.readSpace()
    return { key, seconds: readNzNumber(cursor) }
  },
  write: (writer, { seconds }) => writer.word(` ${seconds}`),
}

const modseqForm: KeyForm<KeyOf<'MODSEQ'>> = {
  keys: ['MODSEQ'],
  read(cursor, key) {
    cursor.readSpace()
    if (isDigit(cursor.peek())) return { key, modseq: readModSequenceOrZero(cursor) }
    const entry = readModseqEntry(cursor)
    cursor.readSpace()
    return { key, entry, modseq: readModSequenceOrZero(cursor) }
  },
  write(writer, { entry, modseq }) {
    if (entry) {
      writer.space()
      writer.quoted(entry.name)
      writer.word(` ${entry.type}`)
    }
    writer.word(` ${modseq}`)
  },
}

const objectIdForm: KeyForm<KeyOf<'EMAILID' | 'THREADID'>> = {
  keys: ['EMAILID', 'THREADID'],
  read: (cursor, key) => ({ key, id: readSpacedWord(cursor, objectId) }),
  write: (writer, { id }) => writeSpacedWord(writer, id, objectId),
}

const savedForm = formOfDateKeys(savedKeys)

const saveDateSupportedForm = formOfBareKeys(['SAVEDATESUPPORTED'])

const filterForm: KeyForm<KeyOf<'FILTER'>> = {
  keys: ['FILTER'],
  read: (cursor, key) => ({ key, filter: readSpacedWord(cursor, filterName) }),
  write: (writer, { filter }) => writeSpacedWord(writer, filter, filterName),
}

const annotationForm: KeyForm<KeyOf<'ANNOTATION'>> = {
  keys: ['ANNOTATION'],
  read(cursor, key) {
    cursor.readSpace()
    const entry = readListMailbox(cursor)
    cursor.readSpace()
    const attribute = readSearchedAttribute(cursor)
    cursor.readSpace()
    return { key, entry, attribute, value: readNString(cursor) }
  },
  write(writer, { entry, attribute, value }) {
    writer.space()
    writer.listMailbox(entry)
    writer.word(` ${attribute} `)
    writer.nstring(value)
  },
}

export const extendedForms = [
  withinForm,
  modseqForm,
  objectIdForm,
  savedForm,
  saveDateSupportedForm,
  filterForm,
  annotationForm,
] as const

/** `"/flags/\\Seen" all`: only flags have a mod-sequence of their own, and the grammar has it quoted. */
function readModseqEntry(cursor: Cursor): ModseqEntry {
  if (cursor.peek() !== DQUOTE) cursor.quirk('unquoted-entry', 'the name of an entry without its quotes')
  const name = readListMailbox(cursor)
  cursor.readSpace()
  const type = readAtom(cursor).toLowerCase()
  if (!entryTypes.includes(type)) cursor.quirk('odd-entry-type', 'a type that is not priv, shared or all')
  return { name, type }
}

/** RFC 5257 `att-search`. */
export function readSearchedAttribute(cursor: Cursor): string {
  const attribute = readAtom(cursor).toLowerCase()
  if (!searchedAttributes.includes(attribute))
    cursor.quirk('odd-attribute', 'an attribute that is not value, value.priv or value.shared')
  return attribute
}
