/** Walks one raw message, line by line and over its literals; knows parentheses and spaces, but no word of the grammar. */

import type { Fault, Parsed } from './fault.ts'
import { limits } from './limits.ts'
import { CR, isSevenBit, LBRACE, LF, latin1, LPAREN, NUL, RPAREN, SP, TILDE } from './octets.ts'
import type { LiteralAnnouncement, RawMessage, RawPart } from './raw-message.ts'

/** How the same octets are read; the framing is one and the same. */
export interface Reading {
  /** The first thing that bends the grammar is a fault; else it is noted as a quirk, and the reading goes on. */
  readonly isStrict: boolean
  /** Quoted strings may hold UTF-8, since UTF8=ACCEPT or IMAP4rev2 was enabled (RFC 9755 section 3, RFC 9051 section 5.1). */
  readonly isUtf8: boolean
  /** Lines may end in a bare LF: a file that was edited by hand. */
  readonly allowsLf: boolean
}

/** For observing: takes whatever peers are seen to send, and says which quirk it met. */
export const tolerant: Reading = { isStrict: false, isUtf8: false, allowsLf: false }
/** For enforcing: the grammar and nothing else. */
export const strict: Reading = { isStrict: true, isUtf8: false, allowsLf: false }
export const strictUtf8: Reading = { ...strict, isUtf8: true }

/**
 * Thrown on the fault path only, and caught by `readMessage` and `Cursor.attempt`; never leaves the room. No Error:
 * a megabyte of items that cannot be read costs four times as much when each of them records a stack.
 */
class Unreadable {
  readonly fault: Fault

  constructor(fault: Fault) {
    this.fault = fault
  }
}

/** Runs a reader over a whole message; what it stumbled on becomes a value. */
export function readMessage<T>(raw: RawMessage, read: (cursor: Cursor) => T, reading = tolerant): Parsed<T> {
  const cursor = new Cursor(raw, reading)
  try {
    const value = read(cursor)
    return { ok: true, value, quirks: cursor.quirks }
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, fault: error.fault, quirks: cursor.quirks }
    throw error
  }
}

const none: readonly Fault[] = []

export class Cursor {
  readonly reading: Reading
  readonly raw: RawMessage
  /** The current line, one UTF-16 unit per octet: decoded once, then cut into substrings. */
  text = ''
  /** Where the next octet stands in `text`. Only the readers of this room move it. */
  at = 0
  /** Where the line's text ends: at its line end, or at the announcement of the literal behind it. */
  end = 0
  #part = 0
  /** Octets of the message before the current line. */
  #before = 0
  /** NULs in front of the first line. */
  #padding = 0
  #isLiteralBehind = false
  #isSevenBit: boolean | undefined
  /** No backslash stands from `#clearFrom` up to `#backslash`; kept so that each is looked for once. */
  #clearFrom = 0
  #backslash = -1
  #depth = 0
  #quirks: Fault[] | undefined

  constructor(raw: RawMessage, reading: Reading = tolerant) {
    this.raw = raw
    this.reading = reading
    this.#load(0)
  }

  /** What bent the grammar so far, in order; at most `limits.quirksKept`. */
  get quirks(): readonly Fault[] {
    return this.#quirks ?? none
  }

  /** Notes that the sender bent the grammar here; in strict mode that ends the reading. */
  quirk(rule: string, text: string): void {
    if (this.reading.isStrict) this.fail(rule, text)
    this.#quirks ??= []
    if (this.#quirks.length < limits.quirksKept) this.#quirks.push(this.#fault(rule, text))
  }

  fail(rule: string, text: string): never {
    throw new Unreadable(this.#fault(rule, text))
  }

  /** Runs a reader that may fail; if it does, the cursor stands where it stood and the answer is undefined. */
  attempt<T>(read: (cursor: Cursor) => T): T | undefined {
    const { at } = this
    const part = this.#part
    const before = this.#before
    const depth = this.#depth
    const quirks = this.#quirks?.length ?? 0
    try {
      return read(this)
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      this.#return(part, before, at)
      this.#depth = depth
      // Read once more in another way, they would be told twice.
      this.#quirks?.splice(quirks)
      return undefined
    }
  }

  /** Whether a reader would succeed here; the cursor stays. */
  wouldRead(read: (cursor: Cursor) => unknown): boolean {
    const { at } = this
    const part = this.#part
    const before = this.#before
    const depth = this.#depth
    const quirks = this.#quirks?.length ?? 0
    const isReadable = this.attempt(read) !== undefined
    this.#return(part, before, at)
    this.#depth = depth
    this.#quirks?.splice(quirks)
    return isReadable
  }

  /** The octet that comes next, or -1 before a literal and at the end. */
  peek(): number {
    return this.at < this.end ? this.text.charCodeAt(this.at) : -1
  }

  isAtLiteral(): boolean {
    return this.at === this.end && this.#isLiteralBehind
  }

  isAtEnd(): boolean {
    return this.at === this.end && !this.#isLiteralBehind
  }

  /** Whether the line holds ASCII only, so that what is cut from it needs no decoding. */
  get isSevenBit(): boolean {
    const line = this.raw.parts[this.#part]
    return (this.#isSevenBit ??= line?.kind !== 'line' || isSevenBit(line.octets, this.text))
  }

  /** Whether a backslash stands between here and `end`. */
  hasBackslashBefore(end: number): boolean {
    if (this.at < this.#clearFrom || this.at > this.#backslash) {
      this.#clearFrom = this.at
      const found = this.text.indexOf('\\', this.at)
      this.#backslash = found < 0 ? Infinity : found
    }
    return this.#backslash < end
  }

  /** True when more than spaces comes next. */
  hasMore(): boolean {
    return this.#pastSpaces() < this.end || this.#isLiteralBehind
  }

  /** True at one or more spaces with `octet` behind them. */
  isAtSpaceThen(octet: number): boolean {
    const at = this.#pastSpaces()
    return at > this.at && at < this.end && this.text.charCodeAt(at) === octet
  }

  skip(octet: number): boolean {
    if (this.peek() !== octet) return false
    this.at++
    return true
  }

  expect(octet: number): void {
    if (!this.skip(octet)) this.fail('missing-octet', `expected ${String.fromCharCode(octet)}`)
  }

  skipSpaces(): void {
    this.at = this.#pastSpaces()
  }

  /** One space. More are a quirk; none is one of a server's, and a fault of a client's. */
  readSpace(): void {
    const from = this.at
    // By far the most frequent case, decided on two octets.
    if (from + 1 < this.end && this.text.charCodeAt(from) === SP && this.text.charCodeAt(from + 1) !== SP) {
      this.at = from + 1
      return
    }
    this.at = this.#pastSpaces()
    if (this.at === from + 1) return
    if (this.at > from) return this.quirk('extra-space', 'more than one space between two words')
    if (this.raw.from === 'client') this.fail('missing-space', 'expected a space')
    this.quirk('missing-space', 'no space between two words')
  }

  /** The end of the message; spaces before it are a quirk. */
  readEnd(): void {
    if (this.skip(SP)) {
      this.skipSpaces()
      this.quirk('trailing-space', 'a space before the line end')
    }
    if (!this.isAtEnd()) this.fail('trailing-octets', 'more octets than the grammar has room for')
    this.#checkLineEnd()
  }

  /** `(` with what spaces follow it; counts against the nesting limit. */
  open(): void {
    this.expect(LPAREN)
    this.enter()
    if (this.peek() === SP) this.#spaceInside()
  }

  /** At `)`: takes it and says true. Else stands before the next item, past the space. */
  close(): boolean {
    const next = this.peek()
    if (next === LPAREN) return false
    if (next === RPAREN) {
      this.at++
      this.#depth--
      return true
    }
    if (this.skip(SP) && (this.peek() === SP || this.peek() === RPAREN)) this.#spaceInside()
    if (this.isAtEnd()) this.fail('unclosed-parenthesis', 'a parenthesis is open at the end')
    if (!this.skip(RPAREN)) return false
    this.leave()
    return true
  }

  /** One level deeper, for what nests without parentheses too. */
  enter(): void {
    if (++this.#depth > limits.nesting) this.fail('nested-too-deep', 'more nesting than is read')
  }

  leave(): void {
    this.#depth--
  }

  /** The literal that stands here; the cursor goes on in the line behind it. */
  takeLiteral(): RawPart & { readonly kind: 'literal' } {
    const part = this.raw.parts[this.#part + 1]
    if (!this.isAtLiteral() || part?.kind !== 'literal') this.fail('missing-literal', 'expected a literal')
    this.#checkAnnouncement(part.announced)
    this.#before += this.#lineOctets() + part.announced.size
    this.#load(this.#part + 2)
    return part
  }

  /** The line ends in CR LF and begins with no NUL, or the sender is told of. */
  #checkLineEnd(): void {
    const { text, end } = this
    if (this.#padding > 0) this.quirk('nul-padding', 'NULs before the message')
    if (text.length - end === 2 && text.charCodeAt(end) === CR && text.charCodeAt(end + 1) === LF) return
    if (text.length === end) this.quirk('missing-line-end', 'the last line has no line end')
    else if (text.length - end > 1) this.quirk('extra-cr', 'more than one CR at the line end')
    else if (!this.reading.allowsLf) this.quirk('bare-lf', 'a line ends in LF without CR')
  }

  #checkAnnouncement({ isSynchronizing }: LiteralAnnouncement): void {
    const { text, end } = this
    const line = text.length
    const isBare = text.charCodeAt(line - 2) !== CR
    if (isBare && !this.reading.allowsLf) this.quirk('bare-lf', 'a line ends in LF without CR')
    const close = text.indexOf('}', end)
    if (close + (isBare ? 2 : 3) < line)
      this.quirk('octets-behind-brace', 'octets between a literal and its line end')
    if (text.slice(end, close).includes(' '))
      this.quirk('space-in-brace', 'a space inside the braces of a literal')
    if (!isSynchronizing && this.raw.from === 'server')
      this.quirk('plus-from-server', 'a non-synchronizing literal from a server')
  }

  #return(part: number, before: number, at: number): void {
    if (part !== this.#part) this.#load(part)
    this.#before = before
    this.at = at
  }

  #pastSpaces(): number {
    let at = this.at
    while (at < this.end && this.text.charCodeAt(at) === SP) at++
    return at
  }

  #spaceInside(): void {
    this.skipSpaces()
    this.quirk('space-in-list', 'a space beside a parenthesis')
  }

  #load(part: number): void {
    const line = this.raw.parts[part]
    this.#part = part
    this.text = line?.kind === 'line' ? latin1(line.octets) : ''
    this.at = 0
    this.#isSevenBit = undefined
    this.#backslash = -1
    this.#isLiteralBehind = this.raw.parts[part + 1]?.kind === 'literal'
    this.end = this.#isLiteralBehind ? startOfAnnouncement(this.text) : endOfText(this.text)
    // Some servers pad a line with NULs in front.
    if (part === 0) while (this.peek() === NUL) this.at++
    if (part === 0) this.#padding = this.at
  }

  #lineOctets(): number {
    const line = this.raw.parts[this.#part]
    return line?.kind === 'line' ? line.octets.length : 0
  }

  #fault(rule: string, text: string): Fault {
    return { rule, at: this.#before + this.at, text, side: this.raw.from }
  }
}

/** Before the line end, of which CR LF, LF and CR CR LF are seen. */
function endOfText(text: string): number {
  let end = text.length
  if (end > 0 && text.charCodeAt(end - 1) === LF) end--
  while (end > 0 && text.charCodeAt(end - 1) === CR) end--
  return end
}

function startOfAnnouncement(text: string): number {
  const brace = text.lastIndexOf(String.fromCharCode(LBRACE))
  if (brace < 0) return endOfText(text)
  return brace > 0 && text.charCodeAt(brace - 1) === TILDE ? brace - 1 : brace
}
