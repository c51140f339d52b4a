/** A message as the dashboard keeps it: a compact copy without credentials, made whole again when somebody looks; knows no screen. */

import { findCredentials, type Span as OctetSpan } from '../imap/blank.ts'
import type { Reading } from '../imap/cursor.ts'
import { Message, type MessageKind } from '../imap/message.ts'
import { latin1, octetsOf } from '../imap/octets.ts'
import type { LiteralAnnouncement, RawMessage, RawPart, Side } from '../imap/raw-message.ts'
import type { Range, Specimen } from './tree/node.ts'

/** One printable, redacted line of a message; `imap/redact.ts` makes it. */
export type Describe = (message: Message) => string

/** Octets kept of all lines of one message together; of a longer one only its line of text. */
const LINES_KEPT = 64 * 1024
/** Octets of a literal that are kept; a larger one is known by its size. */
const LITERAL_KEPT = 4 * 1024
/** Characters of text kept of one message: more than most terminals show in five lines. */
export const TEXT_KEPT = 1_000
/** Characters of text that are held once they were made. */
const TEXT_HELD = 300
/** What one message takes besides its octets, for the account of memory: about as measured. */
const OVERHEAD = 250

/** One character for each octet: in memory a quarter of what a typed array takes for a short line. */
type KeptPart = string | { readonly announced: LiteralAnnouncement; readonly text: string | undefined }

interface About {
  readonly at: number
  readonly hidesAll: boolean
  readonly isOurs: boolean
  readonly isForUs?: boolean
  readonly sent?: Message | undefined
  readonly describe: Describe
}

export class KeptMessage {
  readonly side: Side
  readonly kind: MessageKind
  readonly hidesAll: boolean
  /** Size on the wire. */
  readonly octets: number
  readonly isOurs: boolean
  /** It answers a command of imaptap's own. */
  readonly isForUs: boolean
  /** What went on instead. */
  readonly sent: KeptMessage | undefined
  readonly at: number
  readonly #reading: Reading
  /** A message of one line, as nearly all are, is that line alone: no list is made for it. */
  readonly #parts: string | readonly KeptPart[] | undefined
  readonly #hidden: readonly Range[]
  #text: string | undefined

  constructor(message: Message, about: About) {
    const { raw, kind, reading } = message
    this.side = raw.from
    this.kind = kind
    this.octets = raw.octets
    this.hidesAll = about.hidesAll
    this.isOurs = about.isOurs
    this.isForUs = about.isForUs ?? false
    this.at = about.at
    this.sent = about.sent && new KeptMessage(about.sent, { ...about, sent: undefined })
    this.#reading = reading
    const isKept = linesOf(raw) <= LINES_KEPT
    const spans = isKept ? findCredentials(message, about.hidesAll) : []
    this.#parts = isKept ? keepParts(raw, spans) : undefined
    this.#hidden = isKept ? placesIn(raw, spans) : nowhere
    // What was blanked no longer tells by itself that it is a credential.
    if (!isKept || spans.length > 0) this.#text = lineOf(message, about)
  }

  /** For the account of memory. */
  get weight(): number {
    if (typeof this.#parts === 'string') return OVERHEAD + this.#parts.length
    let octets = OVERHEAD
    for (const part of this.#parts ?? [])
      octets += (typeof part === 'string' ? part : (part.text ?? '')).length
    return octets
  }

  /** Printable and redacted, made when it is first looked at; a long one each time, so that memory stays as it was. */
  text(describe: Describe): string {
    if (this.#text !== undefined) return this.#text
    const { message } = this.specimen() ?? {}
    const text = message ? lineOf(message, { hidesAll: this.hidesAll, describe }) : ''
    if (text.length <= TEXT_HELD) this.#text = text
    return text
  }

  /** Undefined where it was too long to be kept. Credentials are `x`, as many as they were octets. */
  specimen(): Specimen | undefined {
    if (this.#parts === undefined) return undefined
    const kept = typeof this.#parts === 'string' ? [this.#parts] : this.#parts
    const raw: RawMessage = { from: this.side, parts: kept.map(makePart), octets: this.octets }
    return { message: new Message(raw, this.kind, this.#reading), hidden: this.#hidden }
  }
}

function lineOf(
  message: Message,
  about: { readonly hidesAll: boolean; readonly describe: Describe },
): string {
  if (about.hidesAll) return `‹redacted ${message.raw.octets}›`
  const text = about.describe(message)
  return text.length > TEXT_KEPT ? `${text.slice(0, TEXT_KEPT)}…` : text
}

function linesOf({ parts }: RawMessage): number {
  let octets = 0
  for (const part of parts) if (part.kind === 'line') octets += part.octets.length
  return octets
}

function keepParts({ parts }: RawMessage, spans: readonly OctetSpan[]): string | KeptPart[] {
  const [line] = parts
  if (parts.length === 1 && line?.kind === 'line') return blankOut(latin1(line.octets), spans, 0)
  return parts.map((part, index) => {
    const text = part.octets && part.octets.length <= limitOf(part) ? latin1(part.octets) : undefined
    const blanked = text === undefined ? undefined : blankOut(text, spans, index)
    return part.kind === 'line' ? (blanked ?? '') : { announced: part.announced, text: blanked }
  })
}

function limitOf(part: RawPart): number {
  return part.kind === 'line' ? LINES_KEPT : LITERAL_KEPT
}

function blankOut(text: string, spans: readonly OctetSpan[], part: number): string {
  let shown = text
  for (const span of spans) {
    if (span.part !== part) continue
    const to = Math.min(span.to, shown.length)
    shown = shown.slice(0, span.from) + 'x'.repeat(Math.max(0, to - span.from)) + shown.slice(to)
  }
  return shown
}

const nowhere: readonly Range[] = []

/** Spans of parts as ranges of the whole message. */
function placesIn({ parts }: RawMessage, spans: readonly OctetSpan[]): readonly Range[] {
  if (spans.length === 0) return nowhere
  const starts: number[] = []
  let at = 0
  for (const part of parts) {
    starts.push(at)
    at += part.kind === 'line' ? part.octets.length : part.announced.size
  }
  return spans.map(({ part, from, to }) => ({
    from: (starts[part] ?? 0) + from,
    to: (starts[part] ?? 0) + to,
  }))
}

function makePart(part: KeptPart): RawPart {
  if (typeof part === 'string') return { kind: 'line', octets: octetsOf(part) }
  const { announced, text } = part
  return text === undefined
    ? { kind: 'literal', announced }
    : { kind: 'literal', announced, octets: octetsOf(text) }
}
