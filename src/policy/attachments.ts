/** Whether what a FETCH asks for holds a part larger than allowed, as the messages' structures say; asks nobody itself. */

import type { BodyStructure } from '../imap/body-structure.ts'
import type { Command } from '../imap/commands/index.ts'
import type { FetchAttribute } from '../imap/fetch-attribute.ts'
import type { UntaggedData } from '../imap/responses/index.ts'
import type { PartNumber } from '../imap/section.ts'
import type { SequenceSet } from '../imap/sequence-set.ts'
import { asksForContent } from './ledger.ts'

type FetchCommand = Extract<Command, { readonly name: 'FETCH' }>

/** What to ask the server before content is given out; undefined where the command asks for none. */
export function structureQuestion(command: FetchCommand): FetchCommand | undefined {
  if (!asksForContent(command)) return undefined
  const { tag, uid, messages } = command
  return {
    tag,
    name: 'FETCH',
    uid,
    messages,
    items: [{ name: 'UID' }, { name: 'RFC822.SIZE' }, { name: 'BODYSTRUCTURE' }],
  }
}

/** A part that is too large, of those that were asked for. */
export interface LargePart {
  /** The message's number as the server gave it. */
  readonly message: number
  readonly octets: number
}

/** Looks at one answer at a time, and keeps the first part that is too large. */
export class PartSearch {
  readonly asked: FetchCommand
  readonly #parts: readonly PartNumber[]
  readonly #most: number
  found: LargePart | undefined
  /** An answer did not say what its message holds, or how large that is. */
  isOdd = false
  /** The highest number that was answered, in the numbers of the command; 0 before that. */
  #highest = 0

  constructor(command: FetchCommand, most: number) {
    this.asked = command
    this.#parts = command.items.flatMap(partsOf)
    this.#most = most
  }

  learn(data: UntaggedData): void {
    if (data.name !== 'FETCH' && data.name !== 'UIDFETCH') return
    const number = numberOf(data, this.asked.uid)
    const body = structureOf(data)
    if (number === undefined || !body) {
      this.isOdd = true
      return
    }
    this.#highest = Math.max(this.#highest, number)
    const message = within(body, sizeOf(data))
    const sizes = this.#parts.flatMap((part) => partsAt(message, part).map(largestOf))
    const octets = Math.max(0, ...sizes)
    if (octets === UNKNOWN) this.isOdd = true
    else if (octets > this.#most) this.found ??= { message: number, octets }
  }

  /**
   * The command for no message but those that were looked at: one that comes in between has a higher number. Where there
   * was none, nothing is asked for that could be content. Undefined where it asks for what is gone as well, of which
   * higher numbers are a part.
   */
  narrow(command: FetchCommand): FetchCommand | undefined {
    if (command.modifiers?.some(({ name }) => name === 'VANISHED')) return undefined
    const messages = cutSet(command.messages, this.#highest)
    if (messages === command.messages) return command
    return messages === undefined ? { ...command, items: [{ name: 'UID' }] } : { ...command, messages }
  }
}

/** In place of a size that the server does not know. */
const UNKNOWN = Number.POSITIVE_INFINITY

type Fetched = Extract<UntaggedData, { readonly name: 'FETCH' | 'UIDFETCH' }>

function structureOf({ items }: Fetched): BodyStructure | undefined {
  for (const item of items) if (item.name === 'BODYSTRUCTURE') return item.body
  return undefined
}

function sizeOf({ items }: Fetched): number | undefined {
  for (const item of items) if (item.name === 'RFC822.SIZE') return Number(item.octets)
  return undefined
}

function numberOf(data: Fetched, isUid: boolean): number | undefined {
  if (data.name === 'UIDFETCH') return data.uid
  if (!isUid) return data.message
  return data.items.find((item) => item.name === 'UID')?.uid
}

/** Undefined where nothing is left of it. `$` was saved before, and grows no more. */
function cutSet(set: SequenceSet, highest: number): SequenceSet | undefined {
  if (highest === 0) return undefined
  if (set === '$') return set
  const kept: string[] = []
  for (const range of set.split(',')) {
    const ends = range.split(':').map((end) => (end === '*' ? highest : Number(end)))
    const first = Math.min(...ends)
    if (first > highest) continue
    const last = Math.min(Math.max(...ends), highest)
    kept.push(first === last ? String(first) : `${first}:${last}`)
  }
  return kept.length === 0 ? undefined : kept.join(',')
}

/** Parts whose content the attribute brings; a form that nobody knows may bring all. */
function partsOf(attribute: FetchAttribute): readonly PartNumber[] {
  if (attribute.name === 'BODY[]') {
    const { text, part } = attribute.section
    return text === 'whole' || text === 'TEXT' || text === 'unknown' ? [part] : []
  }
  if (attribute.name === 'BINARY[]') return [attribute.part]
  return whole.has(attribute.name) ? [[]] : []
}

const whole: ReadonlySet<FetchAttribute['name']> = new Set([
  'RFC822',
  'RFC822.PEEK',
  'RFC822.TEXT',
  'RFC822.TEXT.PEEK',
  'unknown',
])

/** A part, and the octets of the message around it that are in no part: they are its own where it has parts itself. */
interface Found {
  readonly body: BodyStructure
  readonly outside: number
}

/**
 * A structure does not say how large a multipart is: what stands before its first part and behind its last one, or all of
 * it where no boundary is found, may be as large as the message allows. Headers count along, of the message and of parts.
 */
const within = (body: BodyStructure, octets: number | undefined): Found => ({
  body,
  outside: octets === undefined ? UNKNOWN : octets - sumOf(body),
})

function sumOf(body: BodyStructure): number {
  return body.kind === 'multipart'
    ? body.parts.reduce((sum, part) => sum + sumOf(part), 0)
    : Number(body.octets)
}

/**
 * What a server may give out under this number. Of a message that is one message itself, readers differ about whether
 * its part 1 is that message or the first part of it. A part that cannot be found is any part.
 */
function partsAt(message: Found, part: PartNumber): readonly Found[] {
  const found = findPart(message, part)
  const { body } = message
  if (body.kind === 'multipart' || !body.message || part[0] !== 1) return [found]
  return [found, findPart(message, part.slice(1))]
}

function findPart(found: Found, [at, ...rest]: PartNumber): Found {
  if (at === undefined) return found
  const { body, outside } = innerOf(found)
  const next = body.kind === 'multipart' ? body.parts[at - 1] : at === 1 ? body : undefined
  if (!next) return found
  return next === found.body ? found : findPart({ body: next, outside }, rest)
}

function innerOf(found: Found): Found {
  const { body } = found
  return body.kind === 'part' && body.message ? within(body.message.body, Number(body.octets)) : found
}

function largestOf({ body, outside }: Found): number {
  return body.kind === 'multipart' ? Math.max(outside, ...body.parts.map(largestPart)) : largestPart(body)
}

function largestPart(body: BodyStructure): number {
  if (body.kind === 'multipart') return Math.max(0, ...body.parts.map(largestPart))
  const inner = body.message ? largestPart(body.message.body) : 0
  const octets = Number(body.octets)
  return octets < 0 ? UNKNOWN : Math.max(octets, inner)
}

/** Gives out content that nobody can measure before it comes; what nobody knows goes on only where a rule speaks of it. */
export function asksUnmeasured(command: Command): boolean {
  if (command.name === 'NOTIFY')
    return command.groups.some(({ events }) =>
      events.some(
        (event) => event.name === 'MESSAGENEW' && event.items?.some((item) => partsOf(item).length > 0),
      ),
    )
  return command.name !== 'FETCH' && command.name !== 'unknown' && asksForContent(command)
}
