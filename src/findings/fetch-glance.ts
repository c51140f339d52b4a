/** Reads the few numbers that checks want of a long FETCH response, without the rest of it; knows no check. */

import type { Message } from '../imap/message.ts'
import { DQUOTE, hasWordAt, isDigit, latin1, RPAREN, SP, STAR, ZERO } from '../imap/octets.ts'
import type { FetchItem } from '../imap/fetch-item.ts'
import type { FetchData } from '../imap/responses/fetch.ts'

/** Octets of a line from which reading all of it costs more than checks may: ENVELOPE and BODYSTRUCTURE are longer. */
const LONG = 256
/** Octets looked at from its beginning, and from its end: UID stands there with nearly every server. */
const HEAD = 160
const TAIL = 48

/**
 * The response with nothing but its UID, RFC822.SIZE and MODSEQ, as far as they stand near its ends; undefined where it
 * is short, has literals, or has no UID there: then it is to be read as a whole.
 */
export function glanceFetch({ raw }: Message): FetchData | undefined {
  const [line] = raw.parts
  if (raw.parts.length > 1 || line?.kind !== 'line' || line.octets.length < LONG) return undefined
  const walk = new Walk(line.octets)
  const message = walk.readHead()
  if (message === undefined) return undefined
  const items = walk.readItems()
  if (!items.some(({ name }) => name === 'UID')) items.push(...readTail(line.octets))
  return items.some(({ name }) => name === 'UID') ? { name: 'FETCH', message, items } : undefined
}

/** Goes over the octets themselves: making text of them would be most of the work. */
class Walk {
  readonly #octets: Uint8Array
  #at = 0

  constructor(octets: Uint8Array) {
    this.#octets = octets
  }

  /** `* 12 FETCH (`, in no other spelling. */
  readHead(): number | undefined {
    const octets = this.#octets
    if (octets[0] !== STAR || octets[1] !== SP) return undefined
    this.#at = 2
    const message = this.#readNumber()
    return message > 0 && this.#skip(' FETCH (') ? message : undefined
  }

  /** Up to the first item that is more than numbers, flags and a date. */
  readItems(): FetchItem[] {
    const items: FetchItem[] = []
    while (this.#at < HEAD) {
      if (this.#skip('UID ')) items.push({ name: 'UID', uid: this.#readNumber() })
      else if (this.#skip('RFC822.SIZE ')) items.push({ name: 'RFC822.SIZE', octets: this.#readNumber() })
      else if (this.#skip('MODSEQ (')) items.push({ name: 'MODSEQ', modseq: this.#readModSeq() })
      else if (this.#skip('FLAGS (')) this.#skipPast(RPAREN)
      else if (this.#skip('INTERNALDATE "')) this.#skipPast(DQUOTE)
      else break
      // Whatever is not as simple as it looks is read as a whole.
      if (this.#octets[this.#at] !== SP) return []
      this.#at += 1
    }
    return items
  }

  #skip(word: string): boolean {
    if (!hasWordAt(this.#octets, this.#at, word)) return false
    this.#at += word.length
    return true
  }

  #readNumber(): number {
    const from = this.#at
    let value = 0
    for (; isDigit(this.#octets[this.#at] ?? 0); this.#at++)
      value = value * 10 + (this.#octets[this.#at] ?? 0) - ZERO
    // Left where it stands, so that nobody takes it for read.
    if (this.#at - from > EXACT) this.#at = from
    return value
  }

  #readModSeq(): bigint {
    const from = this.#at
    while (isDigit(this.#octets[this.#at] ?? 0)) this.#at++
    const digits = latin1(this.#octets, from, this.#at)
    this.#skipPast(RPAREN)
    return digits === '' ? 0n : BigInt(digits)
  }

  #skipPast(octet: number): void {
    const found = this.#octets.indexOf(octet, this.#at)
    this.#at = found < 0 ? this.#octets.length : found + 1
  }
}

/** Digits that a JavaScript number holds exactly. */
const EXACT = 15

/** `...) UID 12 MODSEQ (5))`: from the last item that is more than a number in or out of parentheses. */
function readTail(octets: Uint8Array): FetchItem[] {
  const tail = latin1(octets, octets.length - TAIL, octets.length)
  const [simple] = /[)L"] (?:(?:UID|RFC822\.SIZE) \d+ ?|MODSEQ \(\d+\) ?)+\)\r?\n$/u.exec(tail) ?? []
  const uid = simple === undefined ? undefined : /UID (\d{1,10})\b/u.exec(simple)?.[1]
  return uid === undefined ? [] : [{ name: 'UID', uid: Number(uid) }]
}
