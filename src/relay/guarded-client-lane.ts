/** What a client sends under a policy: takes every command in whole, and lets nothing of its octets go on by itself. */

import type { Expectation } from '../imap/expectation.ts'
import type { Framer } from '../imap/framer.ts'
import { limits } from '../imap/limits.ts'
import { copyOf, NUL, octetsOf } from '../imap/octets.ts'
import type { Wait } from '../session/continuations.ts'
import type { OpenExchange } from '../session/exchanges.ts'
import { Clearance, type ClearancePort } from './clearance.ts'
import type { ClientPort } from './client-lane.ts'
import { CommandIntake } from './command-intake.ts'
import type { Conversation } from './conversation.ts'
import type { Ticket } from './event.ts'
import type { Gate } from './gate.ts'
import { GuardedDialogue } from './guarded-dialogue.ts'
import type { GuardedSession } from './guarded-session.ts'
import type { ClientLaneSurface, HoldSurface } from './lane-surface.ts'
import type { LaneParts } from './lane-parts.ts'
import { mayBePipelined } from './pipelining.ts'
import { faultOfLine } from './strict-line.ts'

export class GuardedClientLane implements ClientLaneSurface {
  total = 0
  readonly injected = 0
  readonly sentAhead = 0
  readonly hold: HoldSurface
  readonly #gate: Gate
  readonly #talk: Conversation
  readonly #session: GuardedSession
  readonly #port: ClientPort
  readonly #send: (octets: Uint8Array) => void
  readonly #dialogue: GuardedDialogue
  readonly #intake: CommandIntake
  /** The command that was taken in. */
  #clearance: Clearance | undefined
  /** The message that streams is a literal8. */
  #mayHoldNul = false
  /** The last command that nothing may be read behind before it is answered. */
  #barrier: OpenExchange | undefined
  #isAdvancing = false
  /** Upstream takes nothing any more. */
  #isAbandoned = false

  constructor(port: ClientPort, session: GuardedSession, { talk, gate, send, makeDigester }: LaneParts) {
    this.#port = port
    this.#session = session
    this.#talk = talk
    this.#gate = gate
    this.#send = send
    this.#intake = new CommandIntake(session, makeDigester, {
      askForLiteral: (exchange) => this.#port.askForLiteral(exchange),
      clear: (read) => {
        this.#mayHoldNul = read.streams?.isBinary ?? false
        this.#clearance = new Clearance(read, session, this.#clearancePort())
      },
    })
    this.#dialogue = new GuardedDialogue(session, send)
    this.hold = this.#makeHold()
  }

  get #framer(): Framer {
    return this.#intake.framer
  }

  // What the engine sees of it.

  get unframed(): number {
    return this.#framer.pending
  }

  get isBetweenMessages(): boolean {
    return this.#framer.isBetweenMessages && !this.isHolding
  }

  get isHolding(): boolean {
    return this.#clearance !== undefined || this.#intake.isWithin
  }

  receive(octets: Uint8Array): void {
    if (this.#session.isOver || this.#isAbandoned) return
    this.total += octets.length
    this.#framer.push(octets)
    const awaited = this.#awaited
    if (awaited?.name === 'COMPRESS') return this.#intake.cut(aheadOfCompress, awaited)
    this.advance()
  }

  advance(): void {
    // What is done about a command may call for the lane to go on, which it does anyway.
    if (this.#isAdvancing) return
    this.#isAdvancing = true
    while (!this.#session.isOver && this.#step());
    this.#isAdvancing = false
    if (this.#session.isOver) this.#intake.finish()
  }

  beginAnew(): void {
    this.#intake.beginAnew()
    this.#dialogue.beginAnew()
    this.#clearance = undefined
    this.#barrier = undefined
  }

  noteContinuation(wait: Wait | undefined): void {
    if (wait === 'literal') this.#clearance?.continue()
  }

  refuse(wait: Wait): void {
    if (wait === 'literal') this.#clearance?.refuse()
  }

  waited(ticket: Ticket): void {
    this.#clearance?.waited(ticket)
    if (!this.#isAbandoned) this.#dialogue.waited(ticket)
    this.advance()
  }

  recorded(ticket: Ticket, isDurable: boolean): void {
    this.#clearance?.recorded(ticket, isDurable)
    if (!this.#isAbandoned) this.#dialogue.recorded(ticket, isDurable)
    this.advance()
  }

  inject(): void {
    throw new Error('nothing of our own goes upstream in a guarded session, but what the guard asks')
  }

  makeOpaque(reason: string): void {
    this.#session.cut(`the session cannot be read any more: ${reason}`, reason)
  }

  flush(): void {}

  takeUnread(): Uint8Array {
    const rest = this.#framer.takeRest()
    this.total -= rest.length
    return rest
  }

  /** What is not whole has no meaning, and goes nowhere. */
  finish(): void {
    this.#intake.finish()
    this.#isAbandoned = true
  }

  #makeHold(): HoldSurface {
    const getClearance = (): Clearance | undefined => this.#clearance
    const isStopped = (): boolean => this.#isWaiting()
    return {
      get isSending() {
        return getClearance()?.isSending ?? false
      },
      get isStopped() {
        return isStopped()
      },
      rule: (ruling, how) => getClearance()?.rule(ruling, how),
      abandon: () => {
        this.#gate.release('gone')
        this.#clearance = undefined
        this.finish()
      },
    }
  }

  /** Something of the client's is still to be done. */
  #isWaiting(): boolean {
    if (this.#session.isOver || this.#isAbandoned) return false
    if (this.#clearance) return !this.#clearance.isStreaming
    if (this.#dialogue.isKeeping) return true
    return this.unframed > 0 && this.#expects() === 'stopped'
  }

  // One thing after the other.

  /** False when nothing more can be done for now. */
  #step(): boolean {
    if (this.#isAbandoned) return false
    this.#clearance?.advance()
    if (this.#clearance?.isDone) this.#clearance = undefined
    if (this.#session.isOver) return false
    if (this.#clearance?.isStreaming && this.#clearance.exchange.status !== undefined)
      return this.#cutStream()
    const expects = this.#expects()
    if (expects === 'stopped') {
      this.#framer.park()
      return false
    }
    this.#framer.unpark()
    if (!this.#framer.next(expects)) {
      this.#intake.boundLine(expects)
      return false
    }
    this.#take(expects)
    return true
  }

  #cutStream(): false {
    this.#session.cut(
      'the server answered a command before it had all of its message',
      'the server answered too early',
    )
    return false
  }

  #expects(): Expectation | 'stopped' {
    if (this.#clearance) return this.#clearance.isStreaming ? 'command' : 'stopped'
    if (!this.#port.isOpen() || this.#dialogue.isKeeping) return 'stopped'
    if (this.#intake.isWithin) return 'command'
    const { continuations } = this.#talk
    if (continuations.isUndecided) return 'stopped'
    const expects = continuations.expects()
    return expects === 'command' && this.#awaited ? 'stopped' : expects
  }

  /** What is in flight and keeps everything behind it from being read. */
  get #awaited(): OpenExchange | undefined {
    return this.#barrier?.status === undefined ? this.#barrier : undefined
  }

  #take(expects: Expectation): void {
    const { continuations } = this.#talk
    if (this.#clearance) return this.#takeStreamed(this.#clearance)
    if (expects !== 'command' && this.#framer.octets > limits.lineHeld)
      return this.#intake.cut(tooLong, undefined, 'TOOBIG')
    if (expects === 'authenticate-data') this.#dialogue.takeSasl(this.#takeLine(), continuations.exchange)
    else if (expects === 'idle-done') this.#dialogue.takeIdleDone(this.#takeLine(), continuations.exchange)
    else this.#intake.take()
  }

  #takeLine(): Uint8Array {
    const { source, start, end } = this.#framer
    return copyOf(source.subarray(start, end))
  }

  // What becomes of it.

  #clearancePort(): ClearancePort {
    return {
      gate: this.#gate,
      put: (octets) => this.#send(octets),
      hasUnread: () => this.unframed > 0,
      dropRest: (announced) => this.#intake.dropRest(announced),
      askForLiteral: (exchange) => this.#port.askForLiteral(exchange),
      startTls: (exchange) => this.#port.startTls(exchange, true),
      compress: (exchange) => {
        this.#barrier = exchange
        this.#port.compress(exchange)
      },
      raise: (exchange, name) => {
        if (!mayBePipelined(name)) this.#barrier = exchange
      },
      noteForwarded: (exchange, sent) => {
        if (sent.name === 'AUTHENTICATE') this.#dialogue.beginSasl(exchange, sent)
        else if (sent.name === 'IDLE') this.#talk.continuations.await('idle', exchange)
        else this.#port.noteForwarded(exchange)
      },
    }
  }

  /** Upstream has said `+`: the octets of the message go on as they come, and behind them a line end alone. */
  #takeStreamed(clearance: Clearance): void {
    const { kind, source, start, end, octets } = this.#framer
    clearance.exchange.octetsIn += octets
    if (kind === 'literal') return this.#passOctets(source.subarray(start, end))
    if (octets !== 2 || faultOfLine(this.#framer) !== undefined)
      return this.#intake.cut('something other than the end of the command stood behind a message', undefined)
    this.#send(octetsOf('\r\n'))
    clearance.endStream()
  }

  /** A NUL is refused in the middle of a message too: the server, cut off with it, keeps nothing. */
  #passOctets(octets: Uint8Array): void {
    if (this.#mayHoldNul || !octets.includes(NUL)) return this.#send(octets)
    this.#intake.cut('a NUL stands in a message that is not a literal8', undefined)
  }
}

const tooLong = 'a line is longer than is taken'
const aheadOfCompress = 'octets came behind COMPRESS before its answer'
