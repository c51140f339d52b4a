/** Where quoted strings end, and those that are not plain: escapes, 8-bit octets, and the ways servers break them. */

import type { Cursor } from './cursor.ts'
import { BACKSLASH, DQUOTE, isDigit, LPAREN, RBRACKET, RPAREN, SP } from './octets.ts'
import { decodeText, hasKeptOctet } from './utf8.ts'

/** Servers are seen to leave quotes inside a string unescaped; there a quote closes only where a string can end. */
export function isClosing(cursor: Cursor, at: number): boolean {
  const next = cursor.octets[at + 1]
  if (next === SP || next === RPAREN) return true
  return isEnding(cursor, at + 1) || cursor.raw.from === 'client' || isAtNextString(cursor, at + 1)
}

function isEnding({ octets, end }: Cursor, at: number): boolean {
  if (at >= end) return true
  const octet = octets[at]
  return octet === SP || octet === RPAREN || octet === RBRACKET || octet === LPAREN
}

/** Two strings without the space between them: "TEXT""PLAIN". */
function isAtNextString({ octets, end }: Cursor, at: number): boolean {
  const next = octets[at + 1]
  if (octets[at] !== DQUOTE || at + 1 >= end) return false
  return next !== DQUOTE && next !== SP && next !== RPAREN && next !== RBRACKET
}

/** A quoted string, octet by octet; its opening quote comes next. */
export function readOddQuoted(cursor: Cursor): string {
  const { close, isEaten } = cursor.raw.from === 'client' ? findClose(cursor) : guessClose(cursor)
  const octets = cursor.text.slice(cursor.at + 1, close)
  if (close === cursor.end) cursor.quirk('unterminated-quoted', 'a quoted string is open at the line end')
  const text = readOctets(
    cursor,
    isEaten ? `${unescape(cursor, octets.slice(0, -1))}\\` : unescape(cursor, octets),
  )
  cursor.at = Math.min(close + 1, cursor.end)
  return text
}

interface Close {
  /** Where the closing quote stands, or the line end where none does. */
  readonly close: number
  /** The backslash before it was meant as itself. */
  readonly isEaten: boolean
}

/** By the grammar: the first quote that is not escaped. */
function findClose({ octets, at, end }: Cursor): Close {
  let close = at + 1
  while (close < end && octets[close] !== DQUOTE) close += isEscape(octets, close) ? 2 : 1
  return { close: Math.min(close, end), isEaten: false }
}

const isEscape = (octets: Uint8Array, at: number): boolean =>
  octets[at] === BACKSLASH && (octets[at + 1] === DQUOTE || octets[at + 1] === BACKSLASH)

/** By what servers are seen to send: quotes inside that are not escaped, and closing ones that are. */
function guessClose(cursor: Cursor): Close {
  const { octets, end } = cursor
  let isPairOpen = false
  let eaten = -1
  for (let at = cursor.at + 1; at < end; at++) {
    if (isEscape(octets, at)) {
      if (octets[++at] === DQUOTE && isEnding(cursor, at + 1)) eaten = at
    } else if (octets[at] === DQUOTE) {
      if (isPairOpen ? isFollowedByValue(cursor, at + 1) : isClosing(cursor, at))
        return { close: at, isEaten: false }
      // Where the next string seems to begin inside this one, its end has been missed.
      if (eaten >= 0 && (octets[at - 1] === SP || octets[at - 1] === LPAREN)) return eatenAt(cursor, eaten)
      cursor.quirk('inner-quote', 'a quote inside a quoted string is not escaped')
      isPairOpen = !isPairOpen
    }
  }
  return eaten < 0 ? { close: end, isEaten: false } : eatenAt(cursor, eaten)
}

/** QQ writes "sina.com\" without escaping the backslash; others write the delimiter "\" so. */
function eatenAt(cursor: Cursor, close: number): Close {
  cursor.quirk('eaten-quote', 'a backslash before the quote that ends a string')
  return { close, isEaten: true }
}

/** Behind `"a "b"`: the string ends here only if something follows that is no text. */
function isFollowedByValue(cursor: Cursor, at: number): boolean {
  const { octets, end, text } = cursor
  if (octets[at] !== SP) return isEnding(cursor, at)
  const next = octets[at + 1] ?? 0
  if (at + 1 >= end || next === DQUOTE || next === LPAREN || next === RPAREN || isDigit(next)) return true
  return /^NIL(?![^ ()\r\n])/u.test(text.slice(at + 1, at + 5))
}

/** Without its escapes. A backslash before any other octet stays. */
function unescape(cursor: Cursor, octets: string): string {
  let text = ''
  let copied = 0
  for (let at = octets.indexOf('\\'); at >= 0; at = octets.indexOf('\\', at)) {
    const next = octets.charCodeAt(at + 1)
    if (next === DQUOTE || next === BACKSLASH) {
      text += octets.slice(copied, at)
      copied = at + 1
      at += 2
    } else {
      cursor.quirk('odd-escape', 'a backslash before an octet that needs none')
      at += 1
    }
  }
  return copied === 0 ? octets : text + octets.slice(copied)
}

/** UTF-8 stands in a quoted string only once it was enabled; any other octet never does, nor do CR and NUL. */
function readOctets(cursor: Cursor, octets: string): string {
  if (octets.includes('\r') || octets.includes('\0'))
    cursor.quirk('control-in-quoted', 'a quoted string with CR or NUL')
  const text = decodeText(octets)
  if (text === octets) return text
  if (!cursor.reading.isUtf8)
    cursor.quirk('eight-bit-quoted', 'a quoted string with 8-bit octets, without UTF8=ACCEPT')
  else if (hasKeptOctet(text)) cursor.quirk('bad-utf8', 'octets that are not UTF-8 in a quoted string')
  return text
}
