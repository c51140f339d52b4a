/** What FETCH told of messages that can never change, as 32-bit numbers by UID, for comparing; judges nothing. */

import type { BodyStructure } from '../../imap/body-structure.ts'
import type { Address, Envelope } from '../../imap/envelope.ts'
import { KEPT, keepText } from './kept-text.ts'

/** Values held, about 40 octets each: 2 MiB a session. What comes later is not remembered. */
const VALUES = 50_000
/** Different items told apart; sections with lists of header fields may be many. */
const LABELS = 256
/** Characters of a text, and octets of message data, that go into its number; its length goes in as well. */
const LOOKED_AT = 32

/** For one mailbox under one UIDVALIDITY. */
export class StaticItems {
  readonly #labels = new Map<string, number>()
  readonly #values = new Map<number, number>()
  #marked = 0

  get size(): number {
    return this.#values.size
  }

  /** Nothing new is remembered, and none is known of this message: its values need not be made. */
  isIdleFor(uid: number): boolean {
    return this.#values.size >= VALUES && !this.#values.has(uid * LABELS)
  }

  /** Something was kept of this item, of any message. */
  knows(item: string): boolean {
    return this.#labels.has(item)
  }

  find(uid: number, item: string): number | undefined {
    const label = this.#labels.get(item)
    return label === undefined ? undefined : this.#values.get(uid * LABELS + label)
  }

  /** Keeps the value if none is known yet; the one that is known by then. */
  keep(uid: number, item: string, value: number): number {
    const label = this.#labelOf(item)
    if (label === undefined) return value
    const key = uid * LABELS + label
    const known = this.#values.get(key)
    if (known !== undefined) return known
    if (this.#values.size >= VALUES) return value
    // The label 0 marks a message of which something is known; the items of one come together.
    if (uid !== this.#marked) this.#values.set(uid * LABELS, 0)
    this.#marked = uid
    this.#values.set(key, value)
    return value
  }

  clear(): void {
    this.#labels.clear()
    this.#values.clear()
    this.#marked = 0
  }

  #labelOf(item: string): number | undefined {
    const known = this.#labels.get(item)
    if (known !== undefined) return known
    const label = this.#labels.size + 1
    if (label >= LABELS || item.length > KEPT) return undefined
    this.#labels.set(keepText(item), label)
    return label
  }
}

// Numbers of values: equal values have equal numbers, so that different numbers prove that the values differ.

const SEED = 0x811c9dc5
const PRIME = 0x01000193

const mix = (hash: number, value: number): number => Math.imul(hash ^ value, PRIME) >>> 0

export function numberOfText(text: string | null, seed = SEED): number {
  if (text === null) return mix(seed, 1)
  let hash = mix(seed, text.length)
  const end = Math.min(text.length, LOOKED_AT)
  for (let at = 0; at < end; at++) hash = mix(hash, text.charCodeAt(at))
  return hash
}

/** The length, and octets from all over. */
export function numberOfOctets(octets: Uint8Array): number {
  let hash = mix(SEED, octets.length)
  const step = Math.max(1, Math.floor(octets.length / LOOKED_AT))
  for (let at = 0; at < octets.length; at += step) hash = mix(hash, octets[at] ?? 0)
  return hash
}

export function numberOfEnvelope(envelope: Envelope): number {
  let hash = numberOfText(envelope.date)
  for (const text of [envelope.subject, envelope.inReplyTo, envelope.messageId])
    hash = numberOfText(text, hash)
  for (const list of [envelope.from, envelope.to, envelope.cc]) {
    hash = mix(hash, list.length)
    const [first] = list
    if (first) hash = numberOfAddress(first, hash)
  }
  return hash
}

/** Servers may tell NIL of a message that is gone (RFC 2180 section 4.1). */
export const isEmptyEnvelope = ({ date, subject, from, messageId }: Envelope): boolean =>
  date === null && subject === null && messageId === null && from.length === 0

function numberOfAddress({ name, mailbox, host }: Address, seed: number): number {
  return numberOfText(host, numberOfText(mailbox, numberOfText(name, seed)))
}

/** Without extension data, of which a server may tell more or less. */
export function numberOfStructure(body: BodyStructure, seed = SEED): number {
  if (body.kind === 'multipart') {
    const hash = mix(numberOfText(body.subtype?.toUpperCase() ?? null, seed), body.parts.length)
    return body.parts.reduce((sum, part) => numberOfStructure(part, sum), hash)
  }
  const type = `${body.type ?? ''}/${body.subtype ?? ''} ${body.encoding ?? ''}`.toUpperCase()
  const hash = numberOfText(body.id, numberOfText(type, seed))
  const sizes = mix(mix(hash, Number(body.octets)), Number(body.lines ?? -1))
  return body.message ? numberOfStructure(body.message.body, sizes) : sizes
}
