/** Takes one command of the client's from its reading to upstream or to its refusal, through all that it has to wait for; frames nothing. */

import { commandName, readCommand, writeCommand, type Command } from '../imap/commands/index.ts'
import type { Message } from '../imap/message.ts'
import type { LiteralAnnouncement } from '../imap/raw-message.ts'
import type { OpenExchange } from '../session/exchanges.ts'
import { notRecorded, ruledByHand, undecidable, whoRuled } from './clearance-words.ts'
import { released } from './command-hold.ts'
import { checkEdited } from './edited.ts'
import type { ProxyEvent, ReleasedHow, Ticket } from './event.ts'
import { Forwarding, type ForwardingPort, type ReadCommand } from './forwarding.ts'
import type { Gate } from './gate.ts'
import type { Approval, Decided, GuardAnswer, GuardVerdict } from './guard.ts'
import { checkLogin, userNamedBy, type SettledAction } from './guarded-dialogue.ts'
import type { GuardedSession } from './guarded-session.ts'
import type { Ruling } from './hold-rule.ts'
import { mayBePipelined, MOST_IN_FLIGHT } from './pipelining.ts'
import { withSent } from './sent-words.ts'
import { largestLiteralOf, messageOctetsOf } from './streamed-append.ts'
import { partsOfPieces } from './strict-line.ts'

/** What only the client's lane can do about it. */
export interface ClearancePort extends ForwardingPort {
  readonly gate: Gate
  /** The client sent something behind this command. */
  hasUnread(): boolean
  /** What the client still sends of this command is for nobody. */
  dropRest(announced: LiteralAnnouncement): void
  startTls(exchange: OpenExchange): void
  compress(exchange: OpenExchange): void
}

type Phase =
  /** It waits until what is in flight allows a decision. */
  | 'queued'
  /** At a breakpoint. */
  | 'held'
  /** The guard's own question is upstream. */
  | 'asking'
  | 'approval'
  | 'recording'
  | 'delaying'
  /** On its way upstream, as its forwarding says. */
  | 'forwarded'
  | 'done'

const cutInside = 'the server refused a literal that is no message, and may still be waiting for it'

/** Questions that a guard may ask before one command: a guard that never knows enough must not hang a session. */
const MOST_ASKED = 8

export class Clearance {
  readonly exchange: OpenExchange
  #read: ReadCommand
  /** What the client sent, also where somebody edited it. */
  readonly #received: Message
  readonly #session: GuardedSession
  readonly #port: ClearancePort
  #phase: Phase = 'queued'
  /** Breakpoints have been asked. */
  #isPastBreakpoints = false
  /** It is decided about once nothing else is in flight. */
  #needsQuiet = false
  #asked = 0
  /** The guard's, when it decided. */
  #epoch: unknown
  #action: SettledAction | undefined
  #approval: { readonly approval: Approval; readonly mailboxes: readonly string[] } | undefined
  #delay: number | undefined
  #due: ProxyEvent[] = []
  readonly #tickets = new Set<Ticket>()
  #forwarding: Forwarding | undefined

  constructor(read: ReadCommand, session: GuardedSession, port: ClearancePort) {
    this.exchange = read.exchange
    this.#read = read
    this.#received = read.message
    this.#session = session
    this.#port = port
  }

  get isDone(): boolean {
    return this.#phase === 'done' || this.#forwarding?.phase === 'done'
  }

  /** The server's next `+` is for this command. */
  get isSending(): boolean {
    return this.#phase === 'forwarded' && this.#forwarding?.phase === 'sending'
  }

  get isStreaming(): boolean {
    return this.#phase === 'forwarded' && this.#forwarding?.phase === 'streaming'
  }

  /** Goes on if what it waited for has come. */
  advance(): void {
    if (this.#phase === 'asking' && !this.#session.asked) this.#phase = 'queued'
    if (this.#phase !== 'queued' || !this.#mayDecide()) return
    if (!this.#isPastBreakpoints && this.#isHeld()) return
    this.#decide()
  }

  /** The server's `+` came. */
  continue(): void {
    if (this.isSending) this.#forwarding?.continue()
  }

  /** The server refused the command in the middle of it: its answer goes on to the client. */
  refuse(): void {
    if (!this.isSending) return
    const isPlain = this.#forwarding?.isAtMessage ?? false
    this.#finish()
    if (this.#read.streams) this.#port.dropRest(this.#read.streams)
    // Dovecot for one refuses some commands in words, and takes the next line for the literal all the same.
    if (!isPlain) this.#session.cut(cutInside, 'the server refused a command before it had all of it')
  }

  waited(ticket: Ticket): void {
    if (this.#phase === 'delaying' && this.#tickets.delete(ticket)) this.#perform()
  }

  recorded(ticket: Ticket, isDurable: boolean): void {
    if (this.#phase !== 'recording' || !this.#tickets.delete(ticket)) return
    if (!isDurable) this.#action = notRecorded
    if (this.#tickets.size === 0) this.#wait()
  }

  /** Does what was ruled at a breakpoint or about an approval; an edited command that does not stand stays held. */
  rule(ruling: Ruling, how?: ReleasedHow): void {
    const isApproval = this.#phase === 'approval'
    if (!isApproval && this.#phase !== 'held') return
    const edited = ruling.kind === 'replace' ? this.#readEdited(ruling.octets) : undefined
    if (ruling.kind === 'replace' && !edited) return
    this.#port.gate.release(how ?? released[ruling.kind])
    if (edited) this.#read = edited
    if (isApproval && !edited) return this.#takeApproval(ruling.kind === 'forward', how)
    this.#phase = 'queued'
    if (ruling.kind !== 'answer') return this.advance()
    this.#action = { kind: 'answer', status: ruling.status, text: ruling.text }
    this.#note([ruledByHand])
    this.#record()
  }

  /** The end of a message that streamed: the command is upstream whole. */
  endStream(): void {
    this.#forwarding?.complete()
  }

  // Deciding.

  #mayDecide(): boolean {
    const { exchanges } = this.#session.talk
    const others = exchanges.pending - 1
    if (others === 0) return true
    if (this.#needsQuiet || others >= MOST_IN_FLIGHT) return false
    // With a tag that is in flight already nobody could tell whose answer is whose.
    return mayBePipelined(this.#name) && exchanges.find(this.exchange.wireTag) === this.exchange
  }

  get #name(): string {
    return commandName(this.#read.command)
  }

  #isHeld(): boolean {
    this.#isPastBreakpoints = true
    const { gate } = this.#port
    const { exchange, message, streams } = this.#read
    if (!gate.mayHold(exchange.name, exchange)) return false
    if (!gate.hold({ message, name: exchange.name, exchange, isWhole: !streams })) return false
    this.#phase = 'held'
    return true
  }

  #readEdited(octets: Uint8Array): ReadCommand | undefined {
    const { exchange, message, reading } = this.#read
    const checked = checkEdited(message, octets)
    if (!checked.ok || !this.#port.gate.isEditable) return undefined
    const read = readCommand(checked.message.raw, reading)
    if (!read.ok) return undefined
    this.#session.talk.describe(exchange, checked.message, false)
    return { exchange, reading, message: checked.message, command: read.value, streams: undefined }
  }

  #decide(): void {
    const { command, exchange, message } = this.#read
    this.#epoch = this.#session.guard.epoch
    const user = userNamedBy(command)
    if (user !== undefined) this.#session.nameUser(exchange, user)
    const verdict = this.#session.guard.decide({
      command,
      name: this.#name,
      octets: message.raw.octets,
      largestLiteral: largestLiteralOf(message.raw),
      messageOctets: messageOctetsOf(command),
      exchange,
      legs: this.#session.talk.legs(),
      at: this.#session.talk.at,
    })
    if (verdict.action.kind === 'ask-first') return this.#ask(verdict.action.command)
    this.#session.remember(exchange, verdict.memory)
    this.#note(withSent(verdict, this.#read))
    const { action, due } = checkLogin(this.#session, exchange, verdict.action)
    this.#action = action
    if (due) this.#due.push(...due)
    this.#delay = verdict.delay
    if (verdict.approval && this.#action?.kind !== 'answer') this.#request(verdict.approval, verdict)
    else this.#record()
  }

  #ask(command: Command): void {
    this.#needsQuiet = true
    if (this.#session.talk.exchanges.pending > 1) return
    this.#asked += 1
    const [piece, ...others] = this.#asked > MOST_ASKED ? [] : writeCommand(this.#session.ask(command))
    const isSound = piece !== undefined && others.length === 0 && partsOfPieces([piece]) !== undefined
    this.#phase = 'asking'
    // Whatever it was, the server may remember it.
    this.#session.talk.hasActed = true
    if (isSound) return this.#port.put(piece)
    this.#session.asked = undefined
    this.#action = undecidable
    this.#record()
  }

  #note(decided: readonly Decided[]): void {
    for (const each of decided) this.#due.push(this.#session.tell(each, this.exchange))
  }

  // Waiting.

  #request(approval: Approval, { decided }: GuardVerdict): void {
    const { exchange, message, streams } = this.#read
    const name = exchange.name
    this.#approval = { approval, mailboxes: decided.at(-1)?.mailboxes ?? [] }
    const isAsked = this.#port.gate.request({ message, name, exchange, isWhole: !streams }, approval)
    if (isAsked) this.#phase = 'approval'
    else this.#takeApproval(false, 'gone')
  }

  #takeApproval(isApproved: boolean, how: ReleasedHow | undefined): void {
    const asked = this.#approval
    this.#approval = undefined
    if (!asked) return
    const { approval, mailboxes } = asked
    const why = `${isApproved ? 'approved' : 'not approved'}: ${whoRuled(how)}`
    const effect = isApproved ? 'allow' : 'deny'
    const level = isApproved ? 'log' : 'audit'
    this.#note([{ rule: approval.rule, effect, why, isDryRun: false, mailboxes, level }])
    if (!isApproved) this.#action = approval.refusal
    this.#record()
  }

  #record(): void {
    const due = this.#due
    this.#due = []
    const goesOn = this.#action?.kind === 'forward' || this.#action?.kind === 'compress'
    if (!this.#session.port.isAudited) return this.#wait()
    for (const event of due) this.#tickets.add(this.#session.record(event))
    if (!goesOn) {
      this.#tickets.clear()
      return this.#wait()
    }
    // Without a word of the guard's there is nothing to record, and nothing may go on without a record.
    if (due.length === 0) this.#action = notRecorded
    this.#phase = 'recording'
    if (due.length === 0) this.#wait()
  }

  #wait(): void {
    if (this.#delay === undefined || this.#delay <= 0) return this.#perform()
    const ticket = this.#session.port.makeTicket()
    this.#tickets.add(ticket)
    this.#phase = 'delaying'
    this.#session.port.effect({ kind: 'wait', ticket, millis: this.#delay })
  }

  // Doing.

  #perform(): void {
    const action = this.#action
    if (action?.kind === 'forward' && this.#epoch !== this.#session.guard.epoch) return this.#decideAnew()
    this.#session.talk.keptBack = undefined
    if (!action || action.kind === 'answer') return this.#answer(action ?? undecidable)
    if (action.kind === 'forward') return this.#forward(action.command)
    this.#tell()
    if (action.kind === 'compress') return this.#compress()
    this.#finish()
    this.#session.isOver = true
    this.#session.port.close(action.text, action.text)
  }

  /** Another policy holds since: what a person or the clock agreed to was said of the one before. */
  #decideAnew(): void {
    this.#phase = 'queued'
    this.advance()
  }

  #tell(sent?: Message): void {
    const { talk } = this.#session
    const told = sent ?? (this.#read.message === this.#received ? undefined : this.#read.message)
    talk.tellCommand(this.#received, { exchange: this.exchange, sent: told })
  }

  #answer({ status, code, text }: GuardAnswer): void {
    this.#tell()
    this.#finish()
    this.#session.port.complete(this.exchange, { status, text, ...(code !== undefined && { code }) })
    if (this.#read.streams) this.#port.dropRest(this.#read.streams)
  }

  /** What came behind it is neither plain nor compressed for sure. */
  #isAhead(): boolean {
    if (!this.#port.hasUnread()) return false
    const reason = 'the client sent octets behind COMPRESS before its answer'
    this.#session.noteRefused(
      { reason: 'framing', fault: undefined, text: reason, isCut: true },
      this.exchange,
    )
    this.#session.cut(reason, reason)
    return true
  }

  #compress(): void {
    this.#finish()
    if (!this.#isAhead()) this.#port.compress(this.exchange)
  }

  #forward(command: Command): void {
    if (command.name === 'COMPRESS' && this.#isAhead()) return
    if (command.name === 'STARTTLS') {
      this.#tell()
      this.#finish()
      return this.#port.startTls(this.exchange)
    }
    const { talk } = this.#session
    const forwarding = Forwarding.prepare(this.#read, command, { talk, port: this.#port })
    if (!forwarding) return this.#answer(undecidable)
    this.#tell(forwarding.sent)
    this.#forwarding = forwarding
    this.#phase = 'forwarded'
    forwarding.begin()
  }

  #finish(): void {
    this.#phase = 'done'
    this.#session.talk.keptBack = undefined
  }
}
