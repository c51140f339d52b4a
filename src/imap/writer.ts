/** Values to octets, choosing atom, quoted string or literal; knows no command and no response. */

import { octetsOf, latin1 } from './octets.ts'
import { encodeText, isAscii } from './utf8.ts'

/** How literals are announced: `synchronizing` ones end a piece, since the sender must wait for the `+`. */
export type LiteralStyle = 'synchronizing' | 'non-synchronizing' | 'server'

/** RFC 9051 ASTRING-CHAR without `]`, which some readers stop at. */
const atomOctets = new Set(
  "!#$&'+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[^_`abcdefghijklmnopqrstuvwxyz|}~".split(''),
)

export class Writer {
  readonly #style: LiteralStyle
  readonly #pieces: Uint8Array[] = []
  /** What waits to become octets, one UTF-16 unit per octet. */
  #pending = ''

  constructor(style: LiteralStyle) {
    this.#style = style
  }

  /** The pieces. In the style `synchronizing` each but the last ends where the sender waits for a `+`. */
  finish(): Uint8Array[] {
    this.#pending += '\r\n'
    this.#flush()
    return this.#pieces
  }

  /** Verbatim; the caller vouches that it is one word. Quoted all the same where it would announce a literal. */
  word(text: string): void {
    if (!text.includes('{') || !announcement.test(text)) return this.text(text)
    const start = text.lastIndexOf(' ', text.lastIndexOf('{')) + 1
    const end = text.endsWith(' ') ? text.indexOf(' ', start) : text.length
    this.text(text.slice(0, start))
    this.string(text.slice(start, end))
    this.text(text.slice(end))
  }

  /** Verbatim, where braces mean nothing: the free text of a status response. */
  text(text: string): void {
    this.#pending += encodeText(text)
  }

  number(value: number | bigint): void {
    this.#pending += String(value)
  }

  space(): void {
    this.#pending += ' '
  }

  /** The shortest form that any reader takes for this string: atom, else quoted, else literal. */
  astring(text: string): void {
    if (isPlainAtom(text)) this.word(text)
    else this.string(text)
  }

  /** A pattern of LIST: as an astring, but with its wildcards bare. */
  listMailbox(text: string): void {
    if (isPlainAtom(text.replaceAll('%', 'a').replaceAll('*', 'a'))) this.word(text)
    else this.string(text)
  }

  /** Quoted where that is safe before UTF8=ACCEPT too, else a literal. */
  string(text: string): void {
    if (isQuotable(text)) this.quoted(text)
    else this.literal(octetsOf(encodeText(text)), text.includes('\0'))
  }

  nstring(text: string | null): void {
    if (text === null) this.word('NIL')
    else this.string(text)
  }

  /** A quoted string, however long; what would break the line goes as a literal all the same. */
  quoted(text: string): void {
    if (hasLineBreak(text)) return this.literal(octetsOf(encodeText(text)), text.includes('\0'))
    this.#pending += `"${encodeText(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
  }

  literal(octets: Uint8Array, isBinary = false): void {
    const plus = this.#style === 'non-synchronizing' ? '+' : ''
    this.#pending += `${isBinary ? '~' : ''}{${octets.length}${plus}}\r\n`
    if (this.#style === 'synchronizing') this.#flush()
    this.#pending += latin1(octets)
  }

  /** A caller's mistake: what streamed past is not here to be written. */
  streamed(): never {
    throw new Error('a message whose literal was streamed past cannot be written again')
  }

  list<T>(items: readonly T[], writeItem: (writer: Writer, item: T) => void): void {
    this.word('(')
    this.spaced(items, writeItem)
    this.word(')')
  }

  spaced<T>(items: readonly T[], writeItem: (writer: Writer, item: T) => void): void {
    for (const [index, item] of items.entries()) {
      if (index > 0) this.space()
      writeItem(this, item)
    }
  }

  #flush(): void {
    if (this.#pending.length > 0) this.#pieces.push(octetsOf(this.#pending))
    this.#pending = ''
  }
}

/** Some peers send such a word where it announces nothing; behind a space it would. */
const announcement = /\{\d+\+?\}\s*$/u

/** Writes one word of a list. */
export const writeWord = (writer: Writer, text: string): void => writer.word(text)

function isPlainAtom(text: string): boolean {
  if (text.length === 0 || text.toUpperCase() === 'NIL') return false
  for (const unit of text) {
    if (!atomOctets.has(unit)) return false
  }
  return true
}

/** Long strings go as literals: many readers bound their lines. */
const QUOTED_LIMIT = 1024

function isQuotable(text: string): boolean {
  return text.length <= QUOTED_LIMIT && isAscii(text) && !hasLineBreak(text)
}

const hasLineBreak = (text: string): boolean =>
  text.includes('\r') || text.includes('\n') || text.includes('\0')
