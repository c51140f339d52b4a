/** Limits on the size of what one command brings; it counts nothing. */

import type { LimitsDocument } from '../../config/policy-document.ts'
import { showOctets, type LimitName, type Refusal } from './refusal.ts'

export interface CommandSizes {
  /** Upper case; `UID REPLACE` for UID forms. */
  readonly name: string
  /** Of the largest message that it brings; 0 where it brings none. */
  readonly messageOctets: number
  /** Of its largest literal. */
  readonly largestLiteral: number
}

/** A message is measured as a message, every other literal as a literal. */
export function checkSizes(limits: LimitsDocument, sizes: CommandSizes): Refusal | undefined {
  const { name, messageOctets, largestLiteral } = sizes
  if (isOver(messageOctets, limits.appendOctets))
    return refuse('appendOctets', 'the message is too large', messageOctets, limits.appendOctets)
  if (bringsMessages.has(name) || !isOver(largestLiteral, limits.literalOctets)) return undefined
  return refuse('literalOctets', 'the literal is too large', largestLiteral, limits.literalOctets)
}

const bringsMessages: ReadonlySet<string> = new Set(['APPEND', 'REPLACE', 'UID REPLACE'])

function isOver(octets: number, limit: number | undefined): limit is number {
  return limit !== undefined && octets > limit
}

/** TOOBIG is what RFC 7889 has for a message beyond APPENDLIMIT, and RFC 7888 for a literal. */
function refuse(limit: LimitName, text: string, octets: number, most: number): Refusal {
  return {
    limit,
    code: 'TOOBIG',
    text: `${text}: ${showOctets(most)} are the most`,
    why: `${limit}: ${octets} of ${most} octets`,
    isFinal: false,
  }
}
