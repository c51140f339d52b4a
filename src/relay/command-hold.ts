/** Keeps a client's command back until it is whole and ruled on, and sends it on as servers take it; reads and decides nothing. */

import type { Assembler } from '../imap/assembler.ts'
import type { Framer } from '../imap/framer.ts'
import { limits } from '../imap/limits.ts'
import { Message } from '../imap/message.ts'
import { printable } from '../imap/printable.ts'
import type { RawPart } from '../imap/raw-message.ts'
import type { OpenExchange } from '../session/exchanges.ts'
import type { Conversation } from './conversation.ts'
import { checkEdited } from './edited.ts'
import type { ReleasedHow } from './event.ts'
import type { Gate } from './gate.ts'
import type { Ruling } from './hold-rule.ts'
import type { Answer } from './verdict.ts'

/** What only the client's lane can do about a command. */
export interface CommandHoldPort {
  readonly talk: Conversation
  readonly gate: Gate
  readonly framer: Framer
  readonly assembler: Assembler
  /** Sends octets behind what was passed. */
  put(octets: Uint8Array): void
  /** Sends nothing of the fragment at hand. */
  drop(): void
  /** The command at hand is complete. */
  takeMessage(): Message
  tell(message: Message, sent: Message | undefined): void
  /** False when something else was done about the command than to send it. */
  mayGoOn(exchange: OpenExchange, message: Message | undefined, ruled?: RuledCommand): boolean
  /** Behind a whole command, or behind a line that announces a literal. */
  goOn(message: Message | undefined): void
  /** What the client still sends of the command is for nobody. */
  dropRest(): void
  /** The client is to send its literal. */
  askForLiteral(exchange: OpenExchange): void
  loseStep(reason: string): void
}

type KeptBack =
  /** It is taken in whole, in case it is to be held. */
  | { readonly kind: 'absorbed'; readonly exchange: OpenExchange }
  | Held
  | Sending
  /** It was dropped, wholly or from some piece on: nothing can go on behind a gap. */
  | { readonly kind: 'abandoned' }

/** It waits for a ruling: all of it, or the line that announces what is too large to wait. */
interface Held {
  readonly kind: 'held'
  readonly exchange: OpenExchange
  readonly message: Message
  readonly isWhole: boolean
}

/** It goes on in pieces: behind each but the last the server's `+` is due. */
interface Sending {
  readonly kind: 'sending'
  readonly exchange: OpenExchange
  readonly due: Uint8Array[][]
  readonly end: End
}

/** Where what was taken in ends: with the command, with an announcement, or within a line. */
type End = Message | 'announcement' | 'line'

export class CommandHold {
  readonly #port: CommandHoldPort
  #kept: KeptBack | undefined

  constructor(port: CommandHoldPort) {
    this.#port = port
  }

  get isHolding(): boolean {
    return this.#kept !== undefined
  }

  get isAbsorbing(): boolean {
    return this.#kept?.kind === 'absorbed'
  }

  /** The server's next `+` is for a command that was taken in here. */
  get isSending(): boolean {
    return this.#kept?.kind === 'sending'
  }

  /** Nothing behind the command may go on. */
  get isStopped(): boolean {
    return this.#kept !== undefined && this.#kept.kind !== 'absorbed'
  }

  /** Asked of a command's first fragment, of which nothing has gone on; true when nothing of it is to. */
  keeps(exchange: OpenExchange, message: Message | undefined): boolean {
    const { gate, assembler } = this.#port
    if (this.#isLongLine() || !gate.mayHold(exchange.name, exchange)) return false
    if (message || !assembler.keepsAll) return this.#holds(exchange, message)
    this.#keep({ kind: 'absorbed', exchange })
    this.absorb()
    return true
  }

  /** Takes in the fragment at hand. */
  absorb(): void {
    const kept = this.#kept
    if (kept?.kind !== 'absorbed') return
    const { framer, assembler } = this.#port
    this.#port.drop()
    if (framer.isLast) this.#finishAbsorbing(kept.exchange)
    else if (!framer.announced) return
    else if (this.#isLongLine() || !assembler.keepsAll) this.#spill(kept.exchange, 'announcement')
    else if (framer.announced.isSynchronizing) this.#port.askForLiteral(kept.exchange)
  }

  /** A line has begun that is longer than waits here. */
  giveUp(): void {
    const kept = this.#kept
    if (kept?.kind !== 'absorbed') return
    // Beyond that the framer keeps no octets for later, and what was taken in may have to wait for the server.
    if (this.#port.framer.pending > limits.lineOctets) this.#port.loseStep(tooLong)
    else this.#spill(kept.exchange, 'line')
  }

  /** Does what was ruled; an edited command that does not stand stays held. */
  rule(ruling: Ruling, how?: ReleasedHow): void {
    const kept = this.#kept
    if (kept?.kind !== 'held') return
    const edited = ruling.kind === 'replace' ? this.#readEdited(kept.message, ruling.octets) : undefined
    if (ruling.kind === 'replace' && !edited) return
    this.#letGo()
    this.#port.gate.release(how ?? released[ruling.kind])
    const answer = ruling.kind === 'answer' ? answerOf(ruling) : undefined
    if (kept.isWhole) this.#forward(kept.exchange, { received: kept.message, edited, answer })
    else this.#forwardHead(kept, answer)
  }

  /** The server's `+` came. */
  continue(): void {
    if (this.#kept?.kind === 'sending') this.#sendNext(this.#kept)
  }

  /** The server wants no more of it; false when the client waits for a `+` and takes the refusal for its answer. */
  refuse(): boolean {
    const kept = this.#kept
    if (kept?.kind !== 'sending') return false
    this.#letGo()
    if (kept.end === 'announcement' && this.#port.framer.announced?.isSynchronizing) return false
    this.#port.dropRest()
    if (kept.end instanceof Message) this.#port.goOn(kept.end)
    return true
  }

  /** The server asks for nothing and answers nothing any more: what stands here is dropped, and all behind it. */
  abandon(): void {
    if (!this.isStopped) return
    this.#kept = { kind: 'abandoned' }
    this.#port.gate.release('gone')
    this.#port.framer.takeRest()
  }

  /** The client has sent its last octet: what was taken in goes on as far as it may. */
  finish(): void {
    this.abandon()
    if (this.#kept?.kind !== 'absorbed') return
    this.#letGo()
    const [first = [], ...others] = dividePieces(this.#port.assembler.soFar(true))
    for (const octets of first) this.#port.put(octets)
    if (others.length > 0) this.#port.framer.takeRest()
  }

  #finishAbsorbing(exchange: OpenExchange): void {
    const message = this.#port.takeMessage()
    if (this.#isLongLine() || !this.#holds(exchange, message)) this.#forward(exchange, { received: message })
  }

  /** What a line's length comes to must not depend on the chunks it came in. */
  #isLongLine(): boolean {
    return this.#port.framer.octets > limits.lineHeld
  }

  #holds(exchange: OpenExchange, whole: Message | undefined): boolean {
    const { gate, assembler } = this.#port
    const isWhole = whole !== undefined
    const parts = isWhole ? [] : assembler.soFar(false)
    const shown = whole ?? new Message({ from: 'client', parts, octets: assembler.octets }, 'command')
    const message = gate.hold({ message: shown, name: exchange.name, exchange, isWhole })
    if (!message) return false
    this.#port.drop()
    this.#keep({ kind: 'held', exchange, message, isWhole })
    return true
  }

  /** More comes than can wait: what was taken in goes on, and the rest behind it as it comes. */
  #spill(exchange: OpenExchange, end: 'announcement' | 'line'): void {
    const due = dividePieces(this.#port.assembler.soFar(end === 'line'))
    this.#letGo()
    if (this.#port.mayGoOn(exchange, undefined)) this.#sendNext({ kind: 'sending', exchange, due, end })
    else if (end === 'announcement') this.#port.goOn(undefined)
  }

  /** The whole command, or what was put in its place. */
  #forward(exchange: OpenExchange, { received, edited, answer }: Forwarded): void {
    this.#letGo()
    const message = edited ?? received
    if (edited) this.#port.talk.describe(exchange, edited, false)
    this.#port.tell(received, edited)
    if (!this.#port.mayGoOn(exchange, message, { edited, answer })) return this.#port.goOn(message)
    this.#sendNext({ kind: 'sending', exchange, due: dividePieces(message.raw.parts), end: message })
  }

  #forwardHead({ exchange, message }: Held, answer: Answer | undefined): void {
    const [head] = message.raw.parts
    if (this.#port.mayGoOn(exchange, undefined, { answer }) && head?.octets) this.#port.put(head.octets)
    this.#port.goOn(undefined)
  }

  #sendNext(sending: Sending): void {
    const { exchange, due, end } = sending
    for (const octets of due.shift() ?? []) this.#port.put(octets)
    this.#kept = due.length > 0 ? sending : undefined
    if (due.length > 0) this.#port.talk.continuations.await('literal', exchange)
    else if (end !== 'line') this.#port.goOn(end === 'announcement' ? undefined : end)
  }

  #readEdited(message: Message, octets: Uint8Array): Message | undefined {
    const checked = checkEdited(message, octets)
    return checked.ok && this.#port.gate.isEditable ? checked.message : undefined
  }

  #keep(kept: Extract<KeptBack, { readonly exchange: OpenExchange }>): void {
    this.#kept = kept
    this.#port.talk.keptBack = kept.exchange
  }

  #letGo(): void {
    this.#kept = undefined
    this.#port.talk.keptBack = undefined
  }
}

/** What a person made of a command. */
export interface RuledCommand {
  readonly edited?: Message | undefined
  readonly answer?: Answer | undefined
}

interface Forwarded extends RuledCommand {
  readonly received: Message
}

const tooLong = 'a line longer than is kept, in a command that imaptap takes in'

/** What a ruling makes of a held message. */
export const released = { forward: 'forwarded', replace: 'edited', answer: 'answered' } as const

const answerOf = ({ status, text }: Extract<Ruling, { kind: 'answer' }>): Answer => ({
  kind: 'answer',
  status,
  text: printable(text, ANSWER) || 'refused',
  rule: 'breakpoint',
  note: `a held command was answered ${status}`,
})

/** Characters of an answer's text. */
const ANSWER = 400

/** Each piece but the last ends in the announcement of a literal that may only follow the server's `+`. */
function dividePieces(parts: readonly RawPart[]): Uint8Array[][] {
  let piece: Uint8Array[] = []
  const pieces = [piece]
  for (const part of parts) {
    if (part.kind === 'literal' && part.announced.isSynchronizing) pieces.push((piece = []))
    if (part.octets && part.octets.length > 0) piece.push(part.octets)
  }
  return pieces
}
