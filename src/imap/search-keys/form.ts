/** What the files of this folder give to the registry of search keys, and how arguments are read and written there. */

import type { Cursor } from '../cursor.ts'
import type { Flag } from '../flag.ts'
import { BACKSLASH } from '../octets.ts'
import { readAString } from '../strings.ts'
import { readAtom } from '../words.ts'
import type { Writer } from '../writer.ts'

export interface KeyForm<K extends { readonly key: string }> {
  readonly keys: readonly K['key'][]
  /** True for keys without arguments. */
  readonly isBare?: true
  /** Reads the arguments; the cursor stands right behind the key. */
  read(cursor: Cursor, key: K['key']): K
  /** Writes the arguments, each after its space. */
  write(writer: Writer, key: K): void
}

/** A bare word of a grammar narrower than an atom, and what the sender is told where it is none. */
export interface WordGrammar {
  readonly pattern: RegExp
  readonly rule: string
  readonly text: string
}

/** Keys without arguments. */
export function formOfBareKeys<const K extends string>(keys: readonly K[]): KeyForm<{ readonly key: K }> {
  return { keys, isBare: true, read: (_cursor, key) => ({ key }), write: () => {} }
}

/** Keys with one string. */
export function formOfTextKeys<const K extends string>(
  keys: readonly K[],
): KeyForm<{ readonly key: K; readonly value: string }> {
  return {
    keys,
    read: (cursor, key) => ({ key, value: readSpacedAString(cursor) }),
    write: (writer, { value }) => writeSpacedAString(writer, value),
  }
}

const systemFlag = /^\\[!#$&'+,\-./0-9:;<=>?@A-Z[^_`a-z|}~]+$/u

export function readSpacedAString(cursor: Cursor): string {
  cursor.readSpace()
  return readAString(cursor)
}

export function writeSpacedAString(writer: Writer, text: string): void {
  writer.space()
  writer.astring(text)
}

/** Strings are taken, too: servers read an astring wherever the grammar has a word. */
export function readSpacedWord(cursor: Cursor, { pattern, rule, text }: WordGrammar): string {
  cursor.readSpace()
  const from = cursor.at
  const isBare = !cursor.isAtLiteral() && cursor.text.charAt(from) !== '"'
  const word = readAString(cursor)
  if (!isBare || !pattern.test(word)) cursor.quirk(rule, text)
  return word
}

export function writeSpacedWord(writer: Writer, word: string, { pattern }: WordGrammar): void {
  writer.space()
  if (pattern.test(word)) writer.word(word)
  else writer.string(word)
}

/** Gmail and Cyrus take `\Seen` as well as any string. */
export function readSpacedFlag(cursor: Cursor): Flag {
  cursor.readSpace()
  return cursor.skip(BACKSLASH) ? `\\${readAtom(cursor)}` : readAString(cursor)
}

export function writeSpacedFlag(writer: Writer, flag: Flag): void {
  writer.space()
  if (systemFlag.test(flag)) writer.word(flag)
  else writer.astring(flag)
}
