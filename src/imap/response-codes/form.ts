/** What one file of this folder gives to the registry of response codes, and the words that their values are made of. */

import type { Cursor } from '../cursor.ts'
import { BACKSLASH, DQUOTE, LBRACKET, LPAREN, RBRACKET, RPAREN, SP } from '../octets.ts'
import { readUidSet, type SequenceSet } from '../sequence-set.ts'
import { readAString, readQuoted } from '../strings.ts'
import { readLargeNumber, readNzNumber, type LargeNumber } from '../words.ts'
import type { Writer } from '../writer.ts'

export interface CodeForm<C extends { readonly name: string }> {
  readonly names: readonly C['name'][]
  /** Reads what stands between the word and the bracket, each value after its space. */
  read(cursor: Cursor, name: C['name']): C
  /** Writes the same, each value after its space. */
  write(writer: Writer, code: C): void
}

/** Letters and what else an atom may hold, up to a space or the bracket. */
export function readCodeWord(cursor: Cursor): string {
  const from = cursor.at
  while (isCodeOctet(cursor.peek())) cursor.at++
  const next = cursor.peek()
  if (cursor.at === from || (next !== SP && next !== RBRACKET && next !== RPAREN))
    cursor.fail('odd-code', 'no word in a response code')
  const word = cursor.text.slice(from, cursor.at)
  if (/[{%*\\]/u.test(word)) cursor.quirk('odd-atom', 'an atom with octets that atoms may not hold')
  return word
}

const isCodeOctet = (octet: number): boolean =>
  octet > SP && octet < 0x7f && octet !== RBRACKET && octet !== DQUOTE && octet !== LPAREN && octet !== RPAREN

/** One of the words that may stand here, whatever its case. */
export function readChoice<const W extends string>(cursor: Cursor, words: readonly W[]): W {
  cursor.readSpace()
  const word = readCodeWord(cursor).toUpperCase()
  return (
    words.find((candidate) => candidate === word) ??
    cursor.fail('odd-code', 'a word that does not belong here')
  )
}

/** An astring; but a bare one ends at the bracket. */
export function readCodeString(cursor: Cursor): string {
  cursor.readSpace()
  const isString = cursor.peek() === DQUOTE || cursor.isAtLiteral()
  return isString ? readAString(cursor) : readCodeWord(cursor)
}

/** A quoted string; an atom in its place is a quirk. */
export function readCodeQuoted(cursor: Cursor): string {
  cursor.readSpace()
  if (cursor.peek() === DQUOTE) return readQuoted(cursor)
  cursor.quirk('atom-for-string', 'a bare word where a string belongs')
  return readCodeWord(cursor)
}

export function readCodeNumber(cursor: Cursor): LargeNumber {
  cursor.readSpace()
  return readLargeNumber(cursor)
}

/** A number that the grammar wants above zero. */
export function readPositive(cursor: Cursor): number {
  cursor.readSpace()
  return readNzNumber(cursor)
}

export function readCodeUids(cursor: Cursor): SequenceSet {
  cursor.readSpace()
  return readUidSet(cursor)
}

/** Octets up to the closing bracket, which stays: a URL, or the values of a code that nobody knows. */
export function readCodeRest(cursor: Cursor): string {
  const from = cursor.at
  const close = closingBracket(cursor)
  if (cursor.text.indexOf(']', from) !== close)
    cursor.quirk('bracket-in-code', 'a closing bracket inside a response code')
  cursor.at = close
  return cursor.text.slice(from, close)
}

/** Where the code ends: quotes, parentheses and brackets pair up; where they do not, the last bracket counts. */
function closingBracket(cursor: Cursor): number {
  const paired = pairedBracket(cursor, true) ?? pairedBracket(cursor, false)
  if (paired !== undefined) return paired
  const last = cursor.text.lastIndexOf(']', cursor.end - 1)
  return last >= cursor.at ? last : cursor.fail('odd-code', 'a response code without its closing bracket')
}

function pairedBracket({ text, at: from, end }: Cursor, countsBrackets: boolean): number | undefined {
  let depth = 0
  let isQuoted = false
  for (let at = from; at < end; at++) {
    const octet = text.charCodeAt(at)
    if (octet === DQUOTE) isQuoted = !isQuoted
    else if (isQuoted) at += octet === BACKSLASH ? 1 : 0
    else if (octet === LPAREN || (countsBrackets && octet === LBRACKET)) depth++
    else if (octet === RBRACKET && depth <= 0) return at
    else if (octet === RPAREN || (countsBrackets && octet === RBRACKET)) depth--
  }
  return undefined
}
