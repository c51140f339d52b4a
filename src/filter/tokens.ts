/** Cuts a filter into its tokens, each with its place; knows no word and no meaning. */

import type { Value } from './value-test.ts'

export type Sign = '!' | '&' | '|' | '(' | ')'

export type Token = { readonly from: number; readonly to: number } & (
  | { readonly kind: 'sign'; readonly sign: Sign }
  /** `~c`; the name without its tilde, as typed. */
  | { readonly kind: 'tilde'; readonly name: string }
  /** `user:` with its value directly behind it. */
  | { readonly kind: 'prefix'; readonly name: string }
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'end' }
  | { readonly kind: 'fault'; readonly text: string }
)

const signs = new Set<string>(['!', '&', '|', '(', ')'])
const isSign = (character: string): character is Sign => signs.has(character)

/** The token at or behind `at`. `isKnown` says which words in front of a colon are words of the language. */
export function readToken(source: string, at: number, isKnown: (name: string) => boolean): Token {
  const from = skipSpaces(source, at)
  const first = source.charAt(from)
  if (first === '') return { kind: 'end', from, to: from }
  if (isSign(first)) return { kind: 'sign', sign: first, from, to: from + 1 }
  if (first === '~') return readTilde(source, from)
  const prefix = readPrefix(source, from)
  if (prefix !== '' && isKnown(prefix)) {
    return { kind: 'prefix', name: prefix, from, to: from + prefix.length + 1 }
  }
  return readValue(source, from)
}

function readTilde(source: string, from: number): Token {
  const name = lettersAt(source, from + 1)
  const to = from + 1 + name.length
  if (name === '') return { kind: 'fault', text: 'a word such as ~c or ~user is missing', from, to }
  return { kind: 'tilde', name, from, to }
}

/** `user` of `user:ann`, or nothing. */
function readPrefix(source: string, from: number): string {
  const name = lettersAt(source, from)
  return source.charAt(from + name.length) === ':' ? name : ''
}

/** The value at or behind `at`: bare, in quotes, or a pattern between slashes. */
export function readValue(source: string, at: number): Token {
  const from = skipSpaces(source, at)
  const first = source.charAt(from)
  if (first === '"') return readDelimited(source, from, 'quoted')
  if (first === '/') return readDelimited(source, from, 'pattern')
  // `~c !FETCH`: what is negated is the whole term, in front of its word.
  const to = first === '!' ? from : endOfBare(source, from)
  if (to === from) return { kind: 'end', from, to }
  return { kind: 'value', value: { kind: 'bare', text: source.slice(from, to) }, from, to }
}

/** `>200ms`, also with a space behind its sign. */
export function readMeasureValue(source: string, at: number): Token {
  const from = skipSpaces(source, at)
  const [sign = ''] = /^[<>]=? */u.exec(source.slice(from, from + LONGEST_SIGN)) ?? []
  const to = endOfBare(source, from + sign.length)
  if (to === from) return { kind: 'end', from, to }
  return { kind: 'value', value: { kind: 'bare', text: source.slice(from, to) }, from, to }
}

/** Characters of a comparison with the spaces behind it that are looked at. */
const LONGEST_SIGN = 8

/** In quotes a backslash stands before a quote or another; in a pattern before a slash, any other is the pattern's own. */
function readDelimited(source: string, from: number, kind: 'quoted' | 'pattern'): Token {
  const delimiter = source.charAt(from)
  let text = ''
  for (let at = from + 1; at < source.length; at++) {
    const character = source.charAt(at)
    if (character === delimiter) return { kind: 'value', value: { kind, text }, from, to: at + 1 }
    const next = source.charAt(at + 1)
    if (character !== '\\' || next === '') {
      text += character
      continue
    }
    const isEscape = next === delimiter || (kind === 'quoted' && next === '\\')
    text += isEscape ? next : character + next
    at++
  }
  const what = kind === 'quoted' ? 'the quote' : 'the pattern'
  return { kind: 'fault', text: `${what} is not closed: ${delimiter} is missing`, from, to: source.length }
}

/** A bare word ends at a space or at a sign that joins. Brackets belong to it: `BODY[TEXT]`. */
function endOfBare(source: string, from: number): number {
  let at = from
  while (at < source.length && !isSpace(source.charAt(at)) && !'()&|'.includes(source.charAt(at))) at++
  return at
}

function skipSpaces(source: string, from: number): number {
  let at = from
  while (at < source.length && isSpace(source.charAt(at))) at++
  return at
}

const isSpace = (character: string): boolean => character === ' ' || character === '\t' || character === '\n'

function lettersAt(source: string, from: number): string {
  let at = from
  while (at < source.length && /[a-z]/iu.test(source.charAt(at))) at++
  return source.slice(from, at)
}
