/** Spoils octets in the ways that find mistakes in readers: few at a time, near what matters; knows no check. */

import { concat, octetsOf } from '../../src/imap/octets.ts'
import type { Random } from '../support/random.ts'
import type { Input } from './inputs.ts'

/** Octets of an input at most: many short ones find more than few long ones. */
const LONGEST = 8192

const tokens = [
  '\r\n',
  '\n',
  '\r',
  '\0',
  ' ',
  '  ',
  '(',
  ')',
  '((',
  '))',
  '"',
  '\\',
  '[',
  ']',
  '{0}\r\n',
  '{3}\r\nabc',
  '{3+}\r\nabc',
  '~{2}\r\n\0\0',
  '{',
  '}',
  '{99999999999999999999}',
  '{-1}',
  '*',
  '* ',
  '+ ',
  '+\r\n',
  'a1 ',
  'NIL',
  '1:*',
  '$',
  ',',
  ':',
  '-1',
  '0',
  '4294967296',
  '18446744073709551615',
  'BODY[',
  'BODY[]<0>',
  'FLAGS ',
  '\\Seen',
  'UID ',
  'OK ',
  '[ALERT] ',
  '\u00e9',
  '\u00ff',
  '<',
  '>',
  '&',
  '&-',
  '%',
  '=',
  'DONE\r\n',
  'a AUTHENTICATE PLAIN\r\n',
  'a IDLE\r\n',
  '(((((((((((((((((((((',
  '~',
].map((text) => octetsOf(text))

/** One input made of the seed, and now and then of another one. */
export function mutate(seed: Input, others: readonly Input[], random: Random): Input {
  let { octets } = seed
  const changes = random.below(5)
  for (let change = 0; change < changes; change++) octets = changeOnce(octets, others, random)
  return { from: seed.from, octets: octets.slice(0, LONGEST) }
}

function changeOnce(octets: Uint8Array, others: readonly Input[], random: Random): Uint8Array {
  const at = random.below(octets.length + 1)
  const end = Math.min(octets.length, at + random.below(12))
  switch (random.below(7)) {
    case 0:
      return splice(octets, at, at, tokens[random.below(tokens.length)])
    case 1:
      return splice(octets, at, end, tokens[random.below(tokens.length)])
    case 2:
      return splice(octets, at, end)
    case 3:
      return splice(octets, at, Math.min(at + 1, octets.length), random.octets(1, 0, 255))
    case 4:
      return repeat(octets, at, end, random)
    case 5:
      return splice(octets, at, octets.length, otherHalf(others, random))
    default:
      return concat([octets, others[random.below(others.length)]?.octets ?? none])
  }
}

const none = new Uint8Array(0)

function splice(octets: Uint8Array, at: number, end: number, piece: Uint8Array = none): Uint8Array {
  return concat([octets.subarray(0, at), piece, octets.subarray(end)])
}

function repeat(octets: Uint8Array, at: number, end: number, random: Random): Uint8Array {
  const piece = octets.subarray(at, end)
  const times = 1 + random.below(random.below(20) === 0 ? 200 : 4)
  return splice(octets, at, at, concat(Array.from({ length: times }, () => piece)))
}

function otherHalf(others: readonly Input[], random: Random): Uint8Array {
  const other = others[random.below(others.length)]?.octets ?? none
  return other.subarray(random.below(other.length + 1))
}
