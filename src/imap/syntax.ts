/** Values whose meaning nobody knows yet, and literals: the shapes, how they are read and written; knows no command. */

import type { Cursor } from './cursor.ts'
import { unreachable } from './fault.ts'
import { BACKSLASH, DQUOTE, LPAREN, RPAREN } from './octets.ts'
import { readLiteral, readQuoted } from './strings.ts'
import { decodeText } from './utf8.ts'
import { CLOSING_BRACKET, readRun, SPECIAL, WILDCARD } from './words.ts'
import type { Writer } from './writer.ts'

/** A literal that is here. */
export interface Literal {
  readonly kind: 'literal'
  readonly octets: Uint8Array
  /** Sent as literal8, `~{n}` (RFC 3516). */
  readonly isBinary: boolean
}

/** A literal that streamed past: its size, and its digest where one was asked for. It cannot be written again. */
export interface Streamed {
  readonly kind: 'streamed'
  readonly size: number
  readonly isBinary: boolean
  readonly digest?: string
}

/** Anything that the generic `tagged-ext-val` can hold (RFC 4466). Numbers and NIL are atoms here. */
export type Syntax =
  | { readonly kind: 'atom'; readonly text: string }
  | { readonly kind: 'quoted'; readonly text: string }
  | Literal
  | Streamed
  | { readonly kind: 'list'; readonly items: readonly Syntax[] }
  /** Nested deeper than `limits.nesting`: as it stands, its parentheses included. */
  | { readonly kind: 'opaque'; readonly text: string }

/** Message data: its octets, the trace of what streamed past, or null for NIL. */
export type MessageData = Uint8Array | Streamed | null

export function readSyntax(cursor: Cursor): Syntax {
  const next = cursor.peek()
  if (next === LPAREN) {
    return cursor.isAtNestingLimit
      ? { kind: 'opaque', text: readOpaque(cursor) }
      : { kind: 'list', items: readSyntaxList(cursor) }
  }
  if (next === DQUOTE) return { kind: 'quoted', text: readQuoted(cursor) }
  if (cursor.isAtLiteral()) return readLiteral(cursor)
  return { kind: 'atom', text: readSyntaxAtom(cursor) }
}

/** Atoms, numbers, sets and patterns, flags too: what known grammars have without quotes. */
function readSyntaxAtom(cursor: Cursor): string {
  const atom = readRun(cursor, CLOSING_BRACKET | WILDCARD | SPECIAL)
  if (/["{]|.\\/u.test(atom)) cursor.quirk('odd-atom', 'an atom with octets that atoms may not hold')
  return atom
}

/** From one parenthesis to its counterpart, over quoted strings; a bomb costs no more than its octets. */
function readOpaque(cursor: Cursor): string {
  cursor.quirk('nested-too-deep', 'more nesting than is read')
  const { octets, text, end, at: from } = cursor
  let depth = 0
  let isQuoted = false
  let at = from
  do {
    const octet = octets[at]
    if (octet === DQUOTE) isQuoted = !isQuoted
    else if (octet === BACKSLASH && isQuoted) at++
    else if (octet === LPAREN && !isQuoted) depth++
    else if (octet === RPAREN && !isQuoted) depth--
    at++
  } while (depth > 0 && at < end)
  if (depth > 0) cursor.fail('nested-too-deep', 'more nesting than is read, and no end of it in its line')
  cursor.at = at
  return decodeText(text.slice(from, at))
}

/** `(value value ...)`; spaces are optional beside parentheses. */
export function readSyntaxList(cursor: Cursor): Syntax[] {
  return readList(cursor, readSyntax)
}

/** A parenthesised list of anything. */
export function readList<T>(cursor: Cursor, readItem: (cursor: Cursor) => T): T[] {
  const items: T[] = []
  cursor.open()
  while (!cursor.close()) items.push(readItem(cursor))
  return items
}

/** Values up to the end of the message. */
export function readSyntaxRest(cursor: Cursor): Syntax[] {
  const items: Syntax[] = []
  while (cursor.hasMore()) {
    cursor.readSpace()
    // The tree could not say where a closing parenthesis stood that nothing opened.
    if (cursor.peek() === RPAREN) cursor.fail('stray-parenthesis', 'a closing parenthesis has no opening one')
    items.push(readSyntax(cursor))
  }
  return items
}

/** `(...)` after a space when it is there: the generic parameters of RFC 4466. */
export function readParameters(cursor: Cursor): readonly Syntax[] | undefined {
  if (!cursor.isAtSpaceThen(LPAREN)) return undefined
  cursor.readSpace()
  return readSyntaxList(cursor)
}

export function writeSyntax(writer: Writer, value: Syntax): void {
  switch (value.kind) {
    case 'atom':
      // What a peer left open or unspaced may be an atom with quotes; behind a space they would open a string.
      return value.text.includes('"') ? writer.string(value.text) : writer.word(value.text)
    case 'opaque':
      return writer.text(value.text)
    case 'quoted':
      return writer.quoted(value.text)
    case 'literal':
      return writer.literal(value.octets, value.isBinary)
    case 'streamed':
      return writer.streamed()
    case 'list':
      return writer.list(value.items, writeSyntax)
    default:
      return unreachable(value)
  }
}

/** Each value after a space. */
export function writeSyntaxRest(writer: Writer, values: readonly Syntax[]): void {
  for (const value of values) {
    writer.space()
    writeSyntax(writer, value)
  }
}

export function writeParameters(writer: Writer, parameters: readonly Syntax[] | undefined): void {
  if (!parameters) return
  writer.space()
  writer.list(parameters, writeSyntax)
}

export function writeMessageData(writer: Writer, data: MessageData, isBinary = false): void {
  if (data === null) writer.word('NIL')
  else if (data instanceof Uint8Array) writer.literal(data, isBinary)
  else writer.streamed()
}
