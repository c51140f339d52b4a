/** Takes in a client's commands under a policy, fragment by fragment, up to the whole that can be decided about; sends nothing upstream. */

import { Assembler, type Kept, type MakeDigester } from '../imap/assembler.ts'
import { nameOfCommandLine, readCommand } from '../imap/commands/index.ts'
import { strict, strictUtf8, type Reading } from '../imap/cursor.ts'
import type { Expectation } from '../imap/expectation.ts'
import { Framer } from '../imap/framer.ts'
import { limits } from '../imap/limits.ts'
import { Message } from '../imap/message.ts'
import { copyOf } from '../imap/octets.ts'
import type { LiteralAnnouncement, RawMessage } from '../imap/raw-message.ts'
import type { OpenExchange } from '../session/exchanges.ts'
import type { Conversation } from './conversation.ts'
import type { ReadCommand } from './forwarding.ts'
import type { GuardedSession } from './guarded-session.ts'
import { foreseeStreamed, readStreamed } from './streamed-append.ts'
import { faultOfLine, faultOfTag, isSoundTag } from './strict-line.ts'
import type { OwnAnswer } from './verdict.ts'

/** A command is decided about as a whole, so all of it is kept. */
const kept: Kept = { literalKept: limits.heldOctets, messageOctets: 2 * limits.heldOctets }
/** Literals of one command: no honest one has a hundred. */
const MOST_LITERALS = 1_000
/** Lines without a tag that an honest client would have sent. */
const MOST_NAMELESS = 10

export interface IntakePort {
  askForLiteral(exchange: OpenExchange): void
  /** A command can be decided about. */
  clear(read: ReadCommand): void
}

export class CommandIntake {
  framer = new Framer('client')
  readonly #assembler: Assembler
  readonly #session: GuardedSession
  readonly #talk: Conversation
  readonly #port: IntakePort
  /** The exchange whose command is being taken in. */
  #exchange: OpenExchange | undefined
  #isDropping = false
  #nameless = 0

  constructor(session: GuardedSession, makeDigester: MakeDigester | undefined, port: IntakePort) {
    this.#session = session
    this.#talk = session.talk
    this.#port = port
    this.#assembler = new Assembler('client', makeDigester, kept)
  }

  /** A command has begun that is not whole. */
  get isWithin(): boolean {
    return this.#exchange !== undefined || this.#isDropping
  }

  beginAnew(): void {
    this.framer = new Framer('client')
    this.#isDropping = false
    this.#endCommand()
  }

  /** Nothing more is taken in; what is not whole has no meaning. */
  finish(): void {
    this.framer.takeRest()
    this.#assembler.clear()
  }

  /** Takes the framer's fragment of a command. */
  take(): void {
    if (this.#isDropping) this.#dropMore()
    else if (this.#exchange) this.#takeMore(this.#exchange)
    else this.#takeHead()
  }

  boundLine(expects: Expectation): void {
    const most = expects === 'command' ? this.#mostOctets() : limits.lineHeld
    if (this.framer.pending <= most) return
    this.cut(tooLong, this.#exchange, 'TOOBIG')
  }

  /** Before a login nobody has to send much. */
  #mostOctets(): number {
    return this.#talk.session.isAuthenticated ? limits.heldOctets : limits.lineHeld
  }

  #takeHead(): void {
    const framer = this.framer
    const { source, start, end } = framer
    const head = nameOfCommandLine(source.subarray(start, end))
    const fault = faultOfLine(framer)
    // Some clients send an empty line behind a literal.
    if (!fault && framer.octets === 2) return
    if (!head || !isSoundTag(head.tag)) return this.#refuseNameless(fault)
    const exchange = this.#talk.open(head.tag, head.word)
    if (!exchange) return this.#session.cut('more commands are in flight than are kept')
    this.#talk.keptBack = exchange
    this.#exchange = exchange
    this.#takeMore(exchange)
  }

  /** Without a tag nobody could be answered; what is behind it may be anything if it announces a literal. */
  #refuseNameless(fault: string | undefined): void {
    this.#nameless += 1
    const text = 'a line that does not begin with a tag and a command'
    const reason = fault ?? (this.framer.announced ? text : undefined)
    if (reason !== undefined || this.#nameless > MOST_NAMELESS) return this.cut(reason ?? text, undefined)
    this.#session.noteRefused({ reason: 'strict', fault: undefined, text, isCut: false })
    this.#session.port.say(`* BAD ${text}`)
  }

  #takeMore(exchange: OpenExchange): void {
    const framer = this.framer
    exchange.octetsIn += framer.octets
    const fault = framer.kind === 'line' ? faultOfLine(framer) : undefined
    if (fault !== undefined) return this.cut(fault, exchange)
    this.#assembler.add(framer)
    if (this.#assembler.octets > this.#mostOctets()) return this.cut(tooLong, exchange, 'TOOBIG')
    if (framer.isLast) this.#takeWhole(exchange)
    else if (framer.announced) this.#takeAnnouncement(exchange, framer.announced)
  }

  #takeAnnouncement(exchange: OpenExchange, announced: LiteralAnnouncement): void {
    const isTaken = announced.isSynchronizing || announced.size <= limits.literalKept
    if (isTaken && this.#refuseAtHead(exchange, announced)) return
    const octets = this.#assembler.octets + announced.size
    if (announced.size > limits.literalKept && this.#streams(exchange, announced)) return
    if (octets > this.#mostOctets() || this.#assembler.soFar(false).length > 2 * MOST_LITERALS)
      return this.#refuseTooLarge(exchange, announced)
    if (announced.isSynchronizing) this.#port.askForLiteral(exchange)
  }

  /** What is refused whatever its literals hold: they are not asked for, and what comes unasked is read by nobody. */
  #refuseAtHead(exchange: OpenExchange, announced: LiteralAnnouncement): boolean {
    const answer = this.#faultOfTag(exchange) ?? this.#session.refuseHead(exchange)
    if (!answer) return false
    this.#endCommand()
    this.#session.port.complete(exchange, answer)
    this.dropRest(announced)
    return true
  }

  #faultOfTag(exchange: OpenExchange): OwnAnswer | undefined {
    // Upstream never sees a STARTTLS; what is sent behind it must not become a command, whatever its tag.
    const text = exchange.wireName === 'STARTTLS' ? undefined : faultOfTag(exchange.wireTag)
    if (text === undefined) return undefined
    this.#session.noteRefused({ reason: 'tag', fault: undefined, text, isCut: false }, exchange)
    return { status: 'BAD', text }
  }

  /** True when it is decided about before its message comes, which is too large to be kept. */
  #streams(exchange: OpenExchange, announced: LiteralAnnouncement): boolean {
    if (!this.#talk.session.isAuthenticated || faultOfTag(exchange.wireTag) !== undefined) return false
    const raw = foreseeStreamed(this.#assembler.soFar(false), announced)
    const read = readStreamed(raw, this.#reading)
    if (!read?.ok) return false
    this.#assembler.clear()
    const message = this.#describe(exchange, raw)
    this.#clear({ exchange, message, command: read.value, reading: this.#reading, streams: announced })
    return true
  }

  #refuseTooLarge(exchange: OpenExchange, announced: LiteralAnnouncement): void {
    const text = 'the literals of this command are larger than imaptap takes'
    const isCut = !announced.isSynchronizing
    this.#session.noteRefused({ reason: 'too-large', fault: undefined, text, isCut }, exchange)
    this.#endCommand()
    this.#session.port.complete(exchange, { status: 'NO', code: 'TOOBIG', text })
    // Its octets are on their way all the same.
    if (isCut) this.#session.cut(`the client sent too much: ${text}`, text, 'TOOBIG')
    else this.framer.cancelLiteral()
  }

  get #reading(): Reading {
    return this.#talk.session.isUtf8 ? strictUtf8 : strict
  }

  #takeWhole(exchange: OpenExchange): void {
    const raw = this.#assembler.take()
    const message = this.#describe(exchange, copyRaw(raw))
    const reading = this.#reading
    const answer = this.#faultOfTag(exchange)
    if (answer) return this.#refuseWhole(exchange, message, answer)
    const read = readCommand(message.raw, reading)
    if (read.ok) return this.#clear({ exchange, message, command: read.value, reading, streams: undefined })
    const { fault } = read
    this.#session.noteRefused({ reason: 'strict', fault, text: fault.text, isCut: false }, exchange)
    this.#refuseWhole(exchange, message, { status: 'BAD', text: `not in the grammar: ${fault.text}` })
  }

  #refuseWhole(exchange: OpenExchange, message: Message, answer: OwnAnswer): void {
    this.#talk.tellCommand(message, { exchange })
    this.#endCommand()
    this.#session.port.complete(exchange, answer)
  }

  #describe(exchange: OpenExchange, raw: RawMessage): Message {
    const message = new Message(raw, 'command', this.#talk.session.reading)
    this.#talk.describe(exchange, message, false)
    return message
  }

  #clear(read: ReadCommand): void {
    this.#exchange = undefined
    this.#port.clear(read)
  }

  #endCommand(): void {
    this.#assembler.clear()
    this.#exchange = undefined
    this.#talk.keptBack = undefined
  }

  /** The command was answered before its message came: the client keeps that back, or sends it all the same. */
  dropRest({ isSynchronizing }: LiteralAnnouncement): void {
    if (isSynchronizing) this.framer.cancelLiteral()
    else this.#isDropping = true
  }

  #dropMore(): void {
    const { announced, isLast, kind } = this.framer
    const fault = kind === 'line' ? faultOfLine(this.framer) : undefined
    if (fault !== undefined) return this.cut(fault, undefined)
    if (isLast) this.#isDropping = false
    if (announced?.isSynchronizing) {
      this.framer.cancelLiteral()
      this.#isDropping = false
    } else if (announced && announced.size > limits.literalKept)
      this.cut('the client sent too much behind a command that was refused', undefined, 'TOOBIG')
  }

  /** Nobody can tell any more what the next octets are: the client hears BAD where its tag is known, and BYE. */
  cut(reason: string, exchange: OpenExchange | undefined, code?: string): void {
    this.#session.noteRefused({ reason: 'framing', fault: undefined, text: reason, isCut: true }, exchange)
    if (exchange && exchange === this.#exchange) {
      this.#endCommand()
      this.#session.port.complete(exchange, { status: 'BAD', text: reason })
    }
    this.#session.cut(`the client was cut off: ${reason}`, reason, code)
  }
}

const tooLong = 'a line is longer than is taken'

/** Chunks are views of memory that is used again, and a command may have to wait. */
const copyRaw = (raw: RawMessage): RawMessage => ({
  ...raw,
  parts: raw.parts.map((part) => (part.kind === 'line' ? { ...part, octets: copyOf(part.octets) } : part)),
})
