/** Annotations of messages (RFC 5257): what FETCH asks for, what it answers and what STORE sets; knows no entry by name. */

import type { Cursor } from './cursor.ts'
import type { FetchItemForms } from './fetch-item-form.ts'
import { LPAREN } from './octets.ts'
import { readAString, readListMailbox, readNString } from './strings.ts'
import { readList } from './syntax.ts'
import type { Writer } from './writer.ts'

export interface AnnotationAttribute {
  readonly name: 'ANNOTATION'
  /** Such as `/comment`; `*` and `%` are wildcards. */
  readonly entries: readonly string[]
  /** Such as `value`, `value.priv` or `size.shared`. */
  readonly attributes: readonly string[]
}

export interface AnnotationItem {
  readonly name: 'ANNOTATION'
  readonly entries: readonly Annotation[]
}

export interface Annotation {
  readonly entry: string
  /** Absent where a server tells that the entry has changed, and not to what. */
  readonly values?: readonly AnnotationValue[]
}

export interface AnnotationValue {
  readonly attribute: string
  /** Null for NIL: there is none, or there shall be none. */
  readonly value: string | null
}

export const annotationItems: FetchItemForms<AnnotationItem> = {
  ANNOTATION: {
    read(cursor) {
      cursor.readSpace()
      return { name: 'ANNOTATION', entries: readAnnotations(cursor) }
    },
    write(writer, { entries }) {
      writer.space()
      writeAnnotations(writer, entries)
    },
  },
}

/** `("/comment" ("value.priv" "mine" "value.shared" NIL))`. */
export function readAnnotations(cursor: Cursor): Annotation[] {
  const annotations = readList(cursor, readAnnotation)
  if (annotations.length === 0) cursor.quirk('empty-list', 'parentheses with nothing in them')
  return annotations
}

export function writeAnnotations(writer: Writer, annotations: readonly Annotation[]): void {
  writer.list(annotations, (to, { entry, values }) => {
    to.string(entry)
    if (!values) return
    to.space()
    to.list(values, writeValue)
  })
}

/** `ANNOTATION ("/comment" ("value" "size"))`; one entry or attribute needs no parentheses. */
export function readAnnotationAttribute(cursor: Cursor): AnnotationAttribute {
  cursor.readSpace()
  cursor.open()
  const entries = readOneOrMore(cursor, readListMailbox)
  cursor.readSpace()
  const attributes = readOneOrMore(cursor, readAString)
  if (!cursor.close()) cursor.fail('trailing-octets', 'more than entries and attributes')
  return { name: 'ANNOTATION', entries, attributes }
}

export function writeAnnotationAttribute(writer: Writer, { entries, attributes }: AnnotationAttribute): void {
  writer.word('ANNOTATION (')
  writeOneOrMore(writer, entries)
  writer.space()
  writeOneOrMore(writer, attributes)
  writer.word(')')
}

function readAnnotation(cursor: Cursor): Annotation {
  const entry = readAString(cursor)
  if (cursor.peek() !== LPAREN && !cursor.isAtSpaceThen(LPAREN)) return { entry }
  cursor.readSpace()
  const values = readList(cursor, readValue)
  if (values.length === 0) cursor.quirk('empty-list', 'parentheses with nothing in them')
  return { entry, values }
}

function readValue(cursor: Cursor): AnnotationValue {
  const attribute = readAString(cursor)
  cursor.readSpace()
  return { attribute, value: readNString(cursor) }
}

function writeValue(writer: Writer, { attribute, value }: AnnotationValue): void {
  writer.string(attribute)
  writer.space()
  writer.nstring(value)
}

function readOneOrMore(cursor: Cursor, read: (cursor: Cursor) => string): string[] {
  if (cursor.peek() !== LPAREN) return [read(cursor)]
  const texts = readList(cursor, read)
  if (texts.length === 0) cursor.quirk('empty-list', 'parentheses with nothing in them')
  return texts
}

function writeOneOrMore(writer: Writer, texts: readonly string[]): void {
  const [only] = texts
  if (texts.length === 1 && only !== undefined) writer.string(only)
  else writer.list(texts, (to, text) => to.string(text))
}
