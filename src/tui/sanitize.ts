/** Makes text from the wire safe to show: nothing it holds can move, colour, hide or reorder; knows no terminal library. */

import { widthOf } from './width.ts'

const HARMLESS = /^[\x20-\x7e]*$/
const EMOJI = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}/u
/** Below stand signs such as `™` that are text everywhere. */
const FIRST_EMOJI = 0x2190
/** Joiners and variation selectors mean nothing once the emoji beside them is a code in colons. */
const EMOJI_GLUE = new Set([0x200d, 0xfe0e, 0xfe0f])

/**
 * Text of which every remaining character has a known width and no effect. Whatever is left out shows:
 * `␛` for ESC, `‹U+202E›` for marks that hide or reorder, `:1F600:` for emoji, whose width no two terminals agree on.
 */
export function sanitize(text: string): string {
  if (HARMLESS.test(text)) return text
  let safe = ''
  let isAfterEmoji = false
  for (const character of text.normalize('NFC')) {
    const point = character.codePointAt(0) ?? 0
    if (isAfterEmoji && EMOJI_GLUE.has(point)) continue
    isAfterEmoji = point > FIRST_EMOJI && EMOJI.test(character)
    safe += isAfterEmoji ? `:${hex(point)}:` : showPoint(point, character)
  }
  return safe
}

function showPoint(point: number, character: string): string {
  if (point < 0x20) return String.fromCodePoint(0x2400 + point)
  if (point < 0x7f) return character
  if (point === 0x7f) return '␡'
  if (point === 0xa0) return ' '
  if (point === 0x3000) return '  '
  if (point >= 0xd800 && point <= 0xdfff) return '\ufffd'
  if (widthOf(point) === undefined) return `‹U+${hex(point)}›`
  return character
}

function hex(point: number): string {
  return point.toString(16).toUpperCase().padStart(4, '0')
}
