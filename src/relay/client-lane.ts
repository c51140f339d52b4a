/** What the client sends: opens exchanges, asks the decider, and knows which lines are no commands. */

import { Assembler } from '../imap/assembler.ts'
import { nameOfCommandLine } from '../imap/commands/index.ts'
import type { Framer } from '../imap/framer.ts'
import { limits } from '../imap/limits.ts'
import type { Expectation } from '../imap/expectation.ts'
import { Message } from '../imap/message.ts'
import { contentEnd, latin1 } from '../imap/octets.ts'
import type { Wait } from '../session/continuations.ts'
import type { OpenExchange } from '../session/exchanges.ts'
import { CommandHold, type CommandHoldPort, type RuledCommand } from './command-hold.ts'
import { isUnauthenticate } from './compression.ts'
import type { Conversation } from './conversation.ts'
import type { Gate } from './gate.ts'
import { Lane } from './lane.ts'
import type { LaneParts } from './lane-parts.ts'
import type { Answer, CommandVerdict } from './verdict.ts'

/** What only the relay can do about a command. */
export interface ClientPort {
  /** False before the greeting went to the client, and while a leg is being secured. */
  isOpen(): boolean
  /** The client asked for TLS on its own leg; the lane stands still until it is secured or refused. */
  startTls(exchange: OpenExchange, isSound: boolean): void
  /** Sends the client a completion of our own. */
  answer(exchange: OpenExchange, answer: Answer): void
  /** Sends the client a `+` of our own. */
  askForLiteral(exchange: OpenExchange): void
  /** The client's own leg is to be compressed; the lane stands still until it is. */
  compress(exchange: OpenExchange): void
  /** A command went upstream whole: the octets behind it may stand in another coding. */
  noteForwarded(exchange: OpenExchange): void
  /** Nothing behind this command is IMAP. */
  loseSight(reason: string): void
  /** A command that we must see before upstream does went on already: the session cannot be kept in step. */
  loseStep(reason: string): void
}

export class ClientLane extends Lane {
  readonly gate: Gate
  readonly hold: CommandHold
  readonly #talk: Conversation
  readonly #port: ClientPort
  /** The exchange whose command is being taken in; undefined for a line without tag and word. */
  #exchange: OpenExchange | undefined
  #isDropping = false
  /** Octets of the message at hand came before the `+` that they had to wait for. */
  #isAhead = false

  constructor(port: ClientPort, { talk, gate, send, makeDigester, kept }: LaneParts) {
    super('client', send, new Assembler('client', makeDigester, kept))
    this.#talk = talk
    this.#port = port
    this.gate = gate
    this.hold = new CommandHold(this.#holdPort())
  }

  override get isHolding(): boolean {
    return this.hold.isHolding
  }

  /** TLS stands on this leg: nothing of what came before is left. */
  beginAnew(): void {
    this.reset()
    this.#exchange = undefined
    this.#isDropping = false
  }

  /** The server refused what the client waited for: the command ends here (RFC 9051 section 4.3). */
  refuse(wait: Wait, exchange: OpenExchange): void {
    if (this.hold.isSending && this.hold.refuse()) return
    if (exchange.status !== 'OK')
      this.#talk.discretion.doubt(exchange, wait === 'literal' ? (this.framer.announced?.size ?? 0) : 0)
    if (wait === 'literal') this.#dropLiteral()
  }

  /** The server's `+` came for what the client waits for. */
  noteContinuation(wait: Wait | undefined): void {
    if (this.hold.isSending) this.hold.continue()
    else if (wait === 'literal' || wait === 'authenticate') this.#isAhead ||= this.sentAhead > 0
  }

  override finish(): void {
    this.hold.finish()
    super.finish()
  }

  #holdPort(): CommandHoldPort {
    const getFramer = (): Framer => this.framer
    return {
      talk: this.#talk,
      gate: this.gate,
      assembler: this.assembler,
      get framer() {
        return getFramer()
      },
      put: (octets) => this.put(octets),
      drop: () => this.drop(),
      takeMessage: () => this.#takeMessage(),
      tell: (message, sent) => this.#tell(message, sent),
      mayGoOn: (exchange, message, ruled) => this.#mayGoOn(exchange, message, ruled),
      goOn: (message) => this.#goOn(message),
      dropRest: () => {
        this.#isDropping = true
      },
      askForLiteral: (exchange) => {
        this.#isAhead ||= this.unframed > 0
        this.#port.askForLiteral(exchange)
      },
      loseStep: (reason) => this.#port.loseStep(reason),
    }
  }

  #dropLiteral(): void {
    this.#isDropping = false
    this.framer.cancelLiteral()
    this.assembler.clear()
    this.#exchange = undefined
  }

  protected override expects(): Expectation | 'undecided' | 'stopped' {
    if (this.hold.isStopped || !this.#port.isOpen()) return 'stopped'
    const { continuations } = this.#talk
    return continuations.isUndecided ? 'undecided' : continuations.expects()
  }

  /** Commands are short and may have to be answered here: their lines wait for their ends. */
  protected override mayPassPartial(): boolean {
    return false
  }

  /** Nothing of a command that is answered here goes on, however long it is. */
  protected override mayPassLong(): boolean {
    this.hold.giveUp()
    return !this.isHolding && !this.#isDropping
  }

  protected override onOpaque(reason: string): void {
    this.#talk.tell.opaque('client', reason)
  }

  protected override take(): void {
    const expects = this.#talk.continuations.expects()
    if (expects === 'authenticate-data') this.#takeSaslData()
    else if (expects === 'idle-done') this.#takeIdleDone()
    else if (this.assembler.octets > 0) this.#takeMore()
    else this.#takeHead()
  }

  #takeHead(): void {
    const { framer } = this
    if (contentEnd(framer.source, framer.start, framer.end) === framer.start) return this.#takeBlank()
    const head = this.#readHead()
    if (this.#isOtherProtocol(head)) return this.#leave()
    this.#isAhead = false
    this.#exchange = head && this.#talk.open(head.tag, head.word)
    if (head && !this.#exchange) return this.#giveUp()
    this.assembler.add(framer)
    if (this.#exchange) this.#exchange.octetsIn += framer.octets
    const message = framer.isLast ? this.#takeMessage() : undefined
    if (this.#exchange && this.#isKeptBack(this.#exchange, message)) return
    if (message) this.#tell(message)
    if (this.#exchange) this.#decide(this.#exchange, message)
    else this.#passUnread()
    this.#goOn(message)
  }

  /** Of what went on ahead, while its meaning was open, nothing can be held any more. */
  #isKeptBack(exchange: OpenExchange, message: Message | undefined): boolean {
    if (!this.#talk.holdRule || this.alreadyPassed > 0) return false
    // What comes behind it may no longer be compressed: it has to be upstream before that is read.
    if (this.#talk.isCompressed && isUnauthenticate(exchange)) return false
    return this.hold.keeps(exchange, message)
  }

  #tell(message: Message, sent?: Message): void {
    this.#talk.tellCommand(message, { exchange: this.#exchange, sent, isAhead: this.#isAhead })
  }

  /** Courier's SMAP in place of a login: a protocol of its own from here on. */
  #isOtherProtocol(head: ReturnType<typeof nameOfCommandLine>): boolean {
    if (this.#talk.session.isAuthenticated) return false
    const { source, start, end } = this.framer
    return (
      head?.word === '\\SMAP1' ||
      /^\\SMAP1(?![^ \r\n])/i.test(latin1(source, start, Math.min(end, start + 8)))
    )
  }

  /** The line may hold a password: nothing of it is told. */
  #leave(): void {
    this.pass()
    this.#port.loseSight('it speaks SMAP from here on')
  }

  /** A tag and a word; a line that has none but announces a literal is one command too, whatever it is. */
  #readHead(): ReturnType<typeof nameOfCommandLine> {
    const { source, start, end, announced } = this.framer
    return nameOfCommandLine(source.subarray(start, end)) ?? (announced && { tag: '', word: '?' })
  }

  /** An empty line is no command; some clients send one behind a literal. */
  #takeBlank(): void {
    this.assembler.add(this.framer)
    this.#passUnread()
    this.#talk.tellCommand(new Message(this.assembler.take(), 'command'), {})
  }

  #passUnread(): void {
    this.#talk.noteUnread()
    this.pass()
  }

  /** More commands in flight than are kept: what the next octets are can no longer be known. */
  #giveUp(): void {
    this.pass()
    this.makeOpaque(`more than ${limits.exchangesInFlight} commands are in flight`)
  }

  #takeMore(): void {
    const { framer } = this
    this.assembler.add(framer)
    if (this.#exchange) this.#exchange.octetsIn += framer.octets
    if (this.hold.isAbsorbing) return this.hold.absorb()
    if (this.#isDropping) this.drop()
    else this.pass()
    const message = framer.isLast ? this.#takeMessage() : undefined
    if (message) this.#tell(message)
    this.#goOn(message)
  }

  #takeMessage(): Message {
    const isIncomplete = this.assembler.isIncomplete
    const message = new Message(this.assembler.take(), 'command', this.#talk.session.reading)
    this.#talk.describe(this.#exchange, message, isIncomplete)
    return message
  }

  #decide(exchange: OpenExchange, message: Message | undefined): void {
    if (exchange.wireName === 'STARTTLS') return this.#takeStartTls(exchange, message)
    const verdict = this.#talk.decideCommand(exchange, message)
    if (verdict.kind === 'forward') return this.pass()
    // Sent while it was not yet decided whether it was a command: too late to answer it here.
    if (this.alreadyPassed > 0) return this.pass()
    this.#answer(exchange, verdict)
  }

  /** The same for a command that was kept back. */
  #mayGoOn(
    exchange: OpenExchange,
    message: Message | undefined,
    { edited, answer }: RuledCommand = {},
  ): boolean {
    if (exchange.wireName === 'STARTTLS' && !answer) {
      this.#takeStartTls(exchange, message)
      return false
    }
    const verdict = answer ?? this.#talk.decideCommand(exchange, message, edited)
    if (verdict.kind !== 'forward') this.#answer(exchange, verdict)
    return verdict.kind === 'forward'
  }

  #answer(exchange: OpenExchange, verdict: Exclude<CommandVerdict, { kind: 'forward' }>): void {
    this.#isDropping = true
    this.drop()
    if (verdict.kind === 'compress') this.#port.compress(exchange)
    else this.#port.answer(exchange, verdict)
  }

  #takeStartTls(exchange: OpenExchange, message: Message | undefined): void {
    const isTooLate = this.alreadyPassed > 0
    this.#isDropping = true
    this.drop()
    if (isTooLate) this.#port.loseStep('STARTTLS was sent before the command ahead of it was answered')
    else this.#port.startTls(exchange, message?.command().ok === true)
  }

  #goOn(message: Message | undefined): void {
    const exchange = this.#exchange
    if (message) {
      const isDropped = this.#isDropping
      this.#exchange = undefined
      this.#isDropping = false
      if (isDropped) return
      this.#talk.noteCommand(message)
      if (exchange) this.#awaitAnswer(exchange)
      return
    }
    const { announced } = this.framer
    if (!announced?.isSynchronizing) return
    // Answered here: the client never sends the octets.
    if (this.#isDropping) this.#dropLiteral()
    else if (exchange) this.#talk.continuations.await('literal', exchange)
  }

  #awaitAnswer(exchange: OpenExchange): void {
    if (exchange.name === 'AUTHENTICATE') this.#talk.continuations.await('authenticate', exchange)
    else if (exchange.name === 'IDLE') this.#talk.continuations.await('idle', exchange)
    else this.#port.noteForwarded(exchange)
  }

  #takeSaslData(): void {
    const message = this.#takeLine('sasl-data')
    const { exchange } = this.#talk.continuations
    if (!exchange) return
    this.#talk.noteSaslData(exchange, message, this.#isAhead)
    this.#isAhead = false
    this.#talk.continuations.await('authenticate', exchange)
  }

  /** Any line ends IDLE: servers answer BAD to one that is not DONE, and are out of IDLE then. */
  #takeIdleDone(): void {
    const message = this.#takeLine('idle-done')
    this.#talk.noteIdleDone(message)
    this.#talk.continuations.finishIdle()
  }

  #takeLine(kind: 'sasl-data' | 'idle-done'): Message {
    this.assembler.add(this.framer)
    this.pass()
    const message = new Message(this.assembler.take(), kind)
    const { exchange } = this.#talk.continuations
    if (exchange) exchange.octetsIn += message.raw.octets
    return message
  }
}
