/** Walks one raw message, line by line and over its literals; knows parentheses and spaces, but no word of the grammar. */

import type { Fault, Parsed } from './fault.ts'
import { limits } from './limits.ts'
import { endOfText, oddityOfLineEnd, odditiesOfAnnouncement, startOfAnnouncement } from './line-end.ts'
import { hasOddOctets, latin1, LPAREN, none, NUL, oddOctetFrom, RPAREN, SP } from './octets.ts'
import type { LiteralAnnouncement, RawMessage, RawPart } from './raw-message.ts'

/** How the same octets are read; the framing is one and the same. */
export interface Reading {
  /** The first thing that bends the grammar is the message's fault; else it is noted as a quirk, and forgiven. */
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

/**
 * Runs a reader over a whole message; what it stumbled on becomes a value. Strict is no other way of reading: it is
 * the same one, at whose end the first quirk is a fault. Both thus agree on what is wrong, also where a reader tries
 * one meaning after the other.
 */
export function readMessage<T>(raw: RawMessage, read: (cursor: Cursor) => T, reading = tolerant): Parsed<T> {
  const cursor = new Cursor(raw, reading)
  try {
    const value = read(cursor)
    const [first] = cursor.quirks
    if (first && reading.isStrict) return { ok: false, fault: first, quirks: noQuirks }
    return { ok: true, value, quirks: cursor.quirks }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    if (!reading.isStrict) return { ok: false, fault: error.fault, quirks: cursor.quirks }
    return { ok: false, fault: cursor.quirks[0] ?? error.fault, quirks: noQuirks }
  }
}

const noQuirks: readonly Fault[] = []

/** Where a cursor stood. */
interface Mark {
  readonly at: number
  readonly part: number
  readonly before: number
  readonly depth: number
  readonly quirks: number
}

export class Cursor {
  readonly reading: Reading
  readonly raw: RawMessage
  /** The current line, one UTF-16 unit per octet: decoded once, then cut into substrings. */
  text = ''
  /** The same line as it came: an octet is looked at here, for half the price of `charCodeAt`. */
  octets = none
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
  /** Quoted strings within `[plainFrom, plainEnd)` are plain; see `isPlainUpTo`. */
  plainFrom = 0
  plainEnd = 0
  /** The line holds octets that a quoted string may not, or not always, wherever they stand. */
  #isOdd: boolean | undefined
  #depth = 0
  #quirks: Fault[] | undefined

  constructor(raw: RawMessage, reading: Reading = tolerant) {
    this.raw = raw
    this.reading = reading
    this.#load(0)
  }

  /** What bent the grammar so far, in order; at most `limits.quirksKept`. */
  get quirks(): readonly Fault[] {
    return this.#quirks ?? noQuirks
  }

  /** Notes that the sender bent the grammar here; the same of one place is told once. */
  quirk(rule: string, text: string): void {
    this.#quirks ??= []
    const last = this.#quirks.at(-1)
    const fault = this.#fault(rule, text)
    if (last?.rule === rule && last.at === fault.at) return
    if (this.#quirks.length < limits.quirksKept) this.#quirks.push(fault)
  }

  fail(rule: string, text: string): never {
    throw new Unreadable(this.#fault(rule, text))
  }

  /** Runs a reader that may fail; if it does, the cursor stands where it stood and the answer is undefined. */
  attempt<T>(read: (cursor: Cursor) => T): T | undefined {
    const mark = this.#mark()
    try {
      return read(this)
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      this.#return(mark)
      return undefined
    }
  }

  /** Whether a reader would succeed here; the cursor stays. */
  wouldRead(read: (cursor: Cursor) => unknown): boolean {
    const mark = this.#mark()
    const isReadable = this.attempt(read) !== undefined
    this.#return(mark)
    return isReadable
  }

  /** The octet that comes next, or -1 before a literal and at the end. */
  peek(): number {
    return this.at < this.end ? (this.octets[this.at] ?? -1) : -1
  }

  isAtLiteral(): boolean {
    return this.at === this.end && this.#isLiteralBehind
  }

  isAtEnd(): boolean {
    return this.at === this.end && !this.#isLiteralBehind
  }

  /** Whether a quoted string from here to `close` is text as it stands: ASCII without escapes, CR and NUL. */
  isPlainUpTo(close: number): boolean {
    if (this.at < this.plainFrom || this.at >= this.plainEnd) {
      this.#isOdd ??= hasOddOctets(this.octets, this.text, this.end)
      // Each octet is looked at once, so that a line full of backslashes still takes linear time.
      const odd = this.#isOdd ? oddOctetFrom(this.octets, this.at) : this.text.indexOf('\\', this.at)
      this.plainFrom = this.at
      this.plainEnd = odd < 0 ? this.end : Math.min(odd, this.end)
    }
    return close < this.plainEnd
  }

  /** True when more than spaces comes next. */
  hasMore(): boolean {
    return this.#pastSpaces() < this.end || this.#isLiteralBehind
  }

  /** True at one or more spaces with `octet` behind them. */
  isAtSpaceThen(octet: number): boolean {
    const at = this.#pastSpaces()
    return at > this.at && at < this.end && this.octets[at] === octet
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
    // By far the most frequent case, decided on two octets: at `end` stands a brace or a line end, never a space.
    if (this.octets[from] === SP && this.octets[from + 1] !== SP) {
      this.at = from + 1
      return
    }
    this.at = this.#pastSpaces()
    if (this.at === from + 1) return
    if (this.at > from) return this.quirk('extra-space', 'more than one space between two words')
    if (this.raw.from === 'client') this.fail('missing-space', 'expected a space')
    this.quirk('missing-space', 'no space between two words')
  }

  /** The end of the message; spaces before it are a quirk, and what a server closes once too often. */
  readEnd(): void {
    while (this.raw.from === 'server' && this.skip(RPAREN))
      this.quirk('stray-parenthesis', 'a closing parenthesis has no opening one')
    const from = this.at
    this.skipSpaces()
    if (!this.isAtEnd()) this.fail('trailing-octets', 'more octets than the grammar has room for')
    if (this.at > from) this.quirk('trailing-space', 'a space before the line end')
    this.#checkLineEnd()
  }

  /** `(` with what spaces follow it; counts against the nesting limit. */
  open(): void {
    this.expect(LPAREN)
    this.enter()
    if (this.octets[this.at] === SP) this.#spaceInside()
  }

  /** Past the one space between two items; stays before `)` and at the end. */
  separate(): void {
    const behind = this.octets[this.at + 1]
    if (this.octets[this.at] === SP && behind !== SP && behind !== RPAREN) this.at++
    else if (this.isAtSpaceThen(RPAREN)) this.#spaceInside()
    else if (this.peek() !== RPAREN && !this.isAtEnd()) this.readSpace()
  }

  /** At `)`: takes it and says true. Else stands before the next item, past the space. */
  close(): boolean {
    const next = this.octets[this.at]
    if (next === RPAREN) {
      this.at++
      this.#depth--
      return true
    }
    if (next === SP) {
      const behind = this.octets[++this.at]
      if (behind !== SP && behind !== RPAREN && this.at < this.end) return false
    }
    return this.#closeOddly()
  }

  /** As `close`, for lists whose items stand side by side, as addresses do: a space between them is a quirk. */
  closeUnspaced(): boolean {
    if (this.octets[this.at] === LPAREN) return false
    if (this.octets[this.at] === SP) this.#spaceInside()
    return this.close()
  }

  #closeOddly(): boolean {
    const before = this.octets[this.at - 1]
    if (before === SP && (this.peek() === SP || this.peek() === RPAREN)) this.#spaceInside()
    if (this.isAtEnd()) this.#closeAtEnd()
    else if (!this.skip(RPAREN)) {
      if (before !== SP && before !== LPAREN) this.quirk('missing-space', 'no space between two items')
      return false
    }
    this.leave()
    return true
  }

  /** What a server left open is closed at the end; a client's command is not guessed at. */
  #closeAtEnd(): void {
    const [rule, text] = ['unclosed-parenthesis', 'a parenthesis is open at the end'] as const
    if (this.raw.from === 'client') this.fail(rule, text)
    this.quirk(rule, text)
  }

  /** Whether another parenthesis would be one too many. */
  get isAtNestingLimit(): boolean {
    return this.#depth >= limits.nesting
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
    this.#before += this.octets.length + part.announced.size
    this.#load(this.#part + 2)
    return part
  }

  /** The line ends in CR LF and begins with no NUL, or the sender is told of. */
  #checkLineEnd(): void {
    if (this.#padding > 0) this.quirk('nul-padding', 'NULs before the message')
    const oddity = oddityOfLineEnd(this.text, this.end, this.reading.allowsLf)
    if (oddity) this.quirk(...oddity)
  }

  #checkAnnouncement(announced: LiteralAnnouncement): void {
    const { text, end, reading, raw } = this
    const line = { text, end, announced, from: raw.from, allowsLf: reading.allowsLf }
    for (const oddity of odditiesOfAnnouncement(line)) this.quirk(...oddity)
  }

  #mark(): Mark {
    const quirks = this.#quirks?.length ?? 0
    return { at: this.at, part: this.#part, before: this.#before, depth: this.#depth, quirks }
  }

  /** Read once more in another way, what was odd since then would be told twice. */
  #return({ at, part, before, depth, quirks }: Mark): void {
    if (part !== this.#part) this.#load(part)
    this.#before = before
    this.at = at
    this.#depth = depth
    this.#quirks?.splice(quirks)
  }

  #pastSpaces(): number {
    let at = this.at
    while (this.octets[at] === SP) at++
    return at
  }

  #spaceInside(): void {
    this.skipSpaces()
    this.quirk('space-in-list', 'a space beside a parenthesis')
  }

  #load(part: number): void {
    const line = this.raw.parts[part]
    this.#part = part
    this.octets = line?.kind === 'line' ? line.octets : none
    this.text = latin1(this.octets)
    this.at = 0
    this.#isOdd = undefined
    this.plainFrom = 0
    this.plainEnd = 0
    this.#isLiteralBehind = this.raw.parts[part + 1]?.kind === 'literal'
    this.end = this.#isLiteralBehind ? startOfAnnouncement(this.text) : endOfText(this.text)
    // Some servers pad a line with NULs in front.
    if (part === 0) while (this.peek() === NUL) this.at++
    if (part === 0) this.#padding = this.at
  }

  #fault(rule: string, text: string): Fault {
    return { rule, at: this.#before + this.at, text, side: this.raw.from }
  }
}
