/** Finds the literal announcement that may end a line; decides by token position, never by understanding the message. */

import {
  BACKSLASH,
  CR,
  DQUOTE,
  LBRACE,
  LBRACKET,
  LF,
  LPAREN,
  PLUS,
  RBRACE,
  RBRACKET,
  SP,
  STAR,
  TAB,
  TILDE,
  ZERO,
  hasWordAt,
  isDigit,
} from './octets.ts'
import { limits } from './limits.ts'
import type { LiteralAnnouncement, Side } from './raw-message.ts'

/** A line within `octets`: from `start` up to `end`, its line end included. */
export interface LineSpan {
  readonly octets: Uint8Array
  readonly start: number
  readonly end: number
}

/**
 * The announcement that ends this line, or undefined where the line ends in none.
 *
 * `{n}` announces a literal only where a string may start: not inside a quoted string, not in the free text of a
 * status response (RFC 9051 section 9, `resp-text`), not where a command's tag or word stands.
 * `isContinued` says that the line follows a literal of the same message.
 */
export function findAnnouncement(
  line: LineSpan,
  from: Side,
  isContinued: boolean,
): LiteralAnnouncement | undefined {
  const close = closingBrace(line, from)
  if (close < 0) return undefined
  const found = readBackwards(line, close, from)
  if (!found) return undefined
  if (!isTokenStart(line, found.open, isContinued)) return undefined
  const opens = isContinued ? line.start : firstArgument(line, from)
  if (opens < 0 || found.open < opens) return undefined
  if (isInsideQuotes(line.octets, opens, found.open)) return undefined
  return found.announced
}

/** True when a line could end in an announcement at all: the cheap look that nine in ten lines fail. */
export function hasClosingBrace(octets: Uint8Array, start: number, end: number): boolean {
  let at = end - 2
  if (at >= start && octets[at] === CR) at -= 1
  const octet = at >= start ? octets[at] : 0
  return octet === RBRACE || octet === SP || octet === CR
}

function closingBrace({ octets, start, end }: LineSpan, from: Side): number {
  let at = end - 1
  if (octets[at] === LF) at -= 1
  while (at >= start && octets[at] === CR) at -= 1
  // Some servers leave a space behind the brace; no server would take that from a client.
  while (from === 'server' && at >= start && octets[at] === SP) at -= 1
  return at > start && octets[at] === RBRACE ? at : -1
}

/** Some servers put a space beside the number; no server would take that from a client. */
function readBackwards(
  { octets, start }: LineSpan,
  close: number,
  from: Side,
): { open: number; announced: LiteralAnnouncement } | undefined {
  const skipSpaces = (last: number): number => {
    let at = last
    while (from === 'server' && at >= start && octets[at] === SP) at -= 1
    return at
  }
  let at = skipSpaces(close - 1)
  const isSynchronizing = octets[at] !== PLUS
  if (!isSynchronizing) at = skipSpaces(at - 1)
  const lastDigit = at
  while (at >= start && isDigit(octets[at] ?? 0)) at -= 1
  const firstDigit = at + 1
  at = skipSpaces(at)
  if (firstDigit > lastDigit || at < start || octets[at] !== LBRACE) return undefined
  const size = readSize(octets, firstDigit, lastDigit + 1)
  if (size === undefined) return undefined
  const isBinary = at > start && octets[at - 1] === TILDE
  return { open: isBinary ? at - 1 : at, announced: { size, isSynchronizing, isBinary } }
}

/** Undefined for a number that no exact integer holds: nobody can send that many octets. */
function readSize(octets: Uint8Array, start: number, end: number): number | undefined {
  if (end - start > limits.literalDigits) return undefined
  let size = 0
  for (let at = start; at < end; at++) size = size * 10 + ((octets[at] ?? ZERO) - ZERO)
  return Number.isSafeInteger(size) ? size : undefined
}

function isTokenStart({ octets, start }: LineSpan, open: number, isContinued: boolean): boolean {
  if (open === start) return isContinued
  const before = octets[open - 1]
  // `BODY[]{12}` without a space is seen from servers.
  return before === SP || before === LPAREN || before === LBRACKET || before === RBRACKET || before === TAB
}

/** Where strings may begin in the first line of a message, or -1 when the line is text all through. */
function firstArgument(line: LineSpan, from: Side): number {
  const afterTag = skipWord(line, line.start)
  // Behind the `+` of a continuation request stands its text, with no word before it.
  if (from === 'server' && line.octets[line.start] === PLUS) return openResponseCode(line, afterTag)
  if (from === 'client') return skipWord(line, afterTag)
  const isUntagged = line.octets[line.start] === STAR
  const isStatus = isUntagged ? isStatusWord(line.octets, afterTag) : !isTaggedDump(line, afterTag)
  if (!isStatus) return afterTag
  return openResponseCode(line, skipWord(line, afterTag))
}

function skipWord({ octets, end }: LineSpan, from: number): number {
  let at = from
  while (at < end && octets[at] === SP) at += 1
  while (at < end && octets[at] !== SP) at += 1
  while (at < end && octets[at] === SP) at += 1
  return at
}

const statusWords = ['OK', 'NO', 'BAD', 'BYE', 'PREAUTH'] as const

function isStatusWord(octets: Uint8Array, at: number): boolean {
  return statusWords.some((word) => {
    const after = octets[at + word.length]
    return hasWordAt(octets, at, word) && (after === SP || after === CR || after === LF)
  })
}

/** Cyrus answers DUMP with its whole mailbox in literals, and gives that line the tag of the command. */
function isTaggedDump({ octets, start }: LineSpan, afterTag: number): boolean {
  const first = octets[start]
  return first !== PLUS && first !== SP && hasWordAt(octets, afterTag, 'DUMP') && octets[afterTag + 4] === SP
}

/** Only inside a response code that is still open at the line's end can a literal follow, as in BADCHARSET. */
function openResponseCode({ octets, end }: LineSpan, at: number): number {
  if (octets[at] !== LBRACKET) return -1
  let isQuoted = false
  for (let i = at; i < end; i++) {
    const octet = octets[i]
    if (isQuoted && octet === BACKSLASH) i += 1
    else if (octet === DQUOTE) isQuoted = !isQuoted
    else if (octet === RBRACKET && !isQuoted) return -1
  }
  return at
}

/**
 * True when a quoted string is open at `until`. A quote opens only at a token's start and closes at the next bare
 * quote: servers that forget to escape an inner quote (`"a "b" c" {5}`) then still count right.
 */
function isInsideQuotes(octets: Uint8Array, from: number, until: number): boolean {
  let isQuoted = false
  for (let at = from; at < until; at++) {
    const octet = octets[at]
    if (isQuoted && octet === BACKSLASH) at += 1
    else if (octet === DQUOTE) isQuoted = isQuoted ? false : isQuoteOpening(octets, from, at)
  }
  return isQuoted
}

function isQuoteOpening(octets: Uint8Array, from: number, at: number): boolean {
  if (at === from) return true
  const before = octets[at - 1]
  return before === SP || before === LPAREN || before === LBRACKET || before === TAB || before === DQUOTE
}
