/** Text for one line of a log or a screen: nothing in it can break the line or move the cursor; knows no secret. */

import { keptOctet } from './utf8.ts'

// Controls of both sets, format characters (bidi, zero-width, tags), line separators, lone surrogates, and whatever
// else draws nothing.
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

/** Nearly all that is logged is plain ASCII, and the look at Unicode's classes costs ten times this one. */
const isPlain = /^[\x20-\x7e]*$/

/** Unprintable characters as `\x0a` and `\u{202e}`; cut to `limit` characters with `…`. */
export function printable(text: string, limit = Infinity): string {
  if (text.length <= limit && isPlain.test(text)) return text
  // An escape is never shorter than what it stands for, so a longer text needs no look.
  const start = text.length > limit ? text.slice(0, limit + 1) : text
  return clip(start.replace(unprintable, escapeCharacter), limit)
}

/** Cuts printable text; a pair of surrogates stays whole. */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text
  if (limit < 1) return ''
  const end = Math.floor(limit) - 1
  const last = text.charCodeAt(end - 1)
  return `${text.slice(0, last >= 0xd800 && last <= 0xdbff ? end - 1 : end)}…`
}

function escapeCharacter(character: string): string {
  const point = character.codePointAt(0) ?? 0
  const octet = keptOctet(point) ?? point
  return octet < 0x100 ? `\\x${octet.toString(16).padStart(2, '0')}` : `\\u{${point.toString(16)}}`
}
