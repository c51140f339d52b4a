/** Spoils a stream: octets changed, doubled, cut out or put in at a few places, and segments cut anywhere. */

import type { Dice } from '../dice.ts'
import { marks } from './marks.ts'

const pieces = [
  '\r\n',
  '\n',
  '\r',
  '\0',
  ' ',
  '  ',
  '(',
  ')',
  '"',
  '\\',
  '{0}\r\n',
  '{3+}\r\nabc',
  '~{2+}\r\nab',
  '{',
  '}',
  '*',
  '%',
  '+',
  '&',
  '-',
  '/',
  '//',
  '.',
  'NIL',
  '\xff',
  '\xe2\x80\x8b',
  '{5',
  'a1 ',
  'UID ',
  '\t',
  marks.await,
]

export function spoil(text: string, dice: Dice): string {
  let spoiled = text
  for (let change = 1 + dice.below(3); change > 0; change--) spoiled = spoilOnce(spoiled, dice)
  return spoiled
}

function spoilOnce(text: string, dice: Dice): string {
  const at = dice.below(text.length + 1)
  const end = Math.min(text.length, at + dice.below(8))
  const [head, cut, tail] = [text.slice(0, at), text.slice(at, end), text.slice(end)]
  switch (dice.below(6)) {
    case 0:
      return head + dice.pick(pieces) + cut + tail
    case 1:
      return head + dice.pick(pieces) + tail
    case 2:
      return head + tail
    case 3:
      return head + String.fromCharCode(dice.below(256)) + text.slice(at + 1)
    case 4:
      return head + cut + cut + tail
    default:
      return head + tail + cut
  }
}

/** Cuts a stream into segments: at one place, at a few, or at every octet of its head. */
export function split(text: string, dice: Dice): string {
  if (dice.chance(75)) return text
  const places = dice.chance(8)
    ? Array.from({ length: Math.min(text.length, 60) }, (_, at) => at)
    : Array.from({ length: 1 + dice.below(3) }, () => dice.below(text.length))
  return text
    .split('')
    .map((sign, at) => (places.includes(at) ? marks.pause + sign : sign))
    .join('')
}
