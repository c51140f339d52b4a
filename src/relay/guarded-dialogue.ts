/** The client's lines that are no commands, under a policy: SASL data and IDLE's DONE, and nothing else in their place. */

import type { Command } from '../imap/commands/index.ts'
import { Message } from '../imap/message.ts'
import { latin1, octetsOf } from '../imap/octets.ts'
import { lineMessage } from '../imap/raw-message.ts'
import type { OpenExchange } from '../session/exchanges.ts'
import { mayAddLayer, readSaslUser } from '../session/sasl.ts'
import { notRecorded } from './clearance-words.ts'
import type { ProxyEvent, Ticket } from './event.ts'
import type { GuardAction, GuardAnswer } from './guard.ts'
import { readInitialResponse, readSaslLine } from './guarded-sasl.ts'
import type { GuardedSession, JudgedSasl } from './guarded-session.ts'
import type { Millis } from './input.ts'

type Authenticate = Extract<Command, { readonly name: 'AUTHENTICATE' }>

/** A line of a login. */
interface Said {
  readonly line: Uint8Array
  readonly exchange: OpenExchange
  /** Asks the guard about it. */
  readonly judge: () => JudgedSasl
}

/** A line that names a user, until that is recorded and its delay is over. */
interface Kept extends Said {
  /** The guard's, when it decided. */
  readonly epoch: unknown
  /** What it waits for. */
  readonly tickets: Set<Ticket>
  readonly delay: Millis
}

export class GuardedDialogue {
  readonly #session: GuardedSession
  readonly #send: (octets: Uint8Array) => void
  #mechanism = ''
  #step = 0
  #kept: Kept | undefined

  constructor(session: GuardedSession, send: (octets: Uint8Array) => void) {
    this.#session = session
    this.#send = send
  }

  /** Nothing of the client's is read before its last line went on, or the server lost its patience. */
  get isKeeping(): boolean {
    return this.#kept !== undefined && this.#kept.exchange.status === undefined
  }

  beginAnew(): void {
    this.#kept = undefined
  }

  /** AUTHENTICATE went upstream; an initial response has been decided about. */
  beginSasl(exchange: OpenExchange, { mechanism, initialResponse }: Authenticate): void {
    this.#kept = undefined
    this.#mechanism = mechanism
    this.#step = initialResponse ? 1 : 0
    this.#session.talk.continuations.await('authenticate', exchange)
  }

  /** Base64 or the star goes on; anything else cancels the dialogue, and is no command (threat 36). */
  takeSasl(line: Uint8Array, exchange: OpenExchange | undefined): void {
    if (!exchange) return
    const message = new Message(lineMessage('client', line), 'sasl-data')
    exchange.octetsIn += line.length
    const said = { line, exchange, judge: this.#read(line, exchange) }
    const judged = said.judge()
    this.#session.talk.noteSaslData(exchange, message, false)
    this.#session.talk.continuations.await('authenticate', exchange)
    this.#follow(judged, said)
  }

  /** Who logs in is on the record, or cannot be: then nobody does. */
  recorded(ticket: Ticket, isDurable: boolean): void {
    const kept = this.#kept
    if (!kept?.tickets.delete(ticket)) return
    if (isDurable) return this.#goOn(kept)
    this.#kept = undefined
    if (this.#isOpen(kept)) this.#cancel(kept.exchange, notRecorded)
  }

  waited(ticket: Ticket): void {
    const kept = this.#kept
    if (kept?.tickets.delete(ticket)) this.#goOn({ ...kept, delay: 0 })
  }

  /** Does what the guard says of a line. */
  #follow({ refusal, ends, due, delay = 0 }: JudgedSasl, { line, exchange, judge }: Said): void {
    if (ends !== undefined) return this.#end(ends)
    if (refusal) return this.#cancel(exchange, refusal)
    if (!due) return this.#send(line)
    const { port, guard } = this.#session
    const tickets = new Set(port.isAudited ? due.map((event) => this.#session.record(event)) : [])
    this.#kept = { line, exchange, judge, epoch: guard.epoch, tickets, delay }
    this.#goOn(this.#kept)
  }

  #goOn(kept: Kept): void {
    const { tickets, delay } = kept
    if (tickets.size > 0) return
    if (delay > 0) {
      const ticket = this.#session.port.makeTicket()
      tickets.add(ticket)
      return this.#session.port.effect({ kind: 'wait', ticket, millis: delay })
    }
    this.#kept = undefined
    if (!this.#isOpen(kept)) return
    if (kept.epoch === this.#session.guard.epoch) return this.#send(kept.line)
    // Another policy holds since.
    this.#follow(kept.judge(), kept)
  }

  /** The server may have lost its patience meanwhile: what it would take next is a command. */
  #isOpen({ exchange }: Kept): boolean {
    return !this.#session.isOver && exchange.status === undefined
  }

  #end(text: string): void {
    this.#kept = undefined
    this.#session.isOver = true
    this.#session.port.close(text, text)
  }

  #cancel(exchange: OpenExchange, { status, code, text }: Omit<GuardAnswer, 'kind'>): void {
    this.#session.replaceCompletion(exchange, { status, text, ...(code !== undefined && { code }) })
    this.#send(cancel)
  }

  #read(line: Uint8Array, exchange: OpenExchange): () => JudgedSasl {
    const read = readSaslLine(line)
    if (read.kind === 'cancel') return () => ({})
    if (read.kind === 'odd') return () => this.#refuseOdd(exchange)
    const step = this.#step
    this.#step += 1
    const sasl = { mechanism: this.#mechanism, step, data: read.data, exchange }
    return () => this.#session.judgeSasl(sasl, exchange)
  }

  #refuseOdd(exchange: OpenExchange): JudgedSasl {
    const text = 'a line in a login that is not base64'
    this.#session.noteRefused({ reason: 'sasl', fault: undefined, text, isCut: false }, exchange)
    return { refusal: { status: 'BAD', text } }
  }

  /** A server ends IDLE at any line, and some take that line for a command: what goes on is DONE (threat 35). */
  takeIdleDone(line: Uint8Array, exchange: OpenExchange | undefined): void {
    if (!exchange) return
    const { talk } = this.#session
    exchange.octetsIn += line.length
    talk.noteIdleDone(new Message(lineMessage('client', line), 'idle-done'))
    if (latin1(line).toUpperCase() !== 'DONE\r\n') {
      const text = 'IDLE ends by DONE and by nothing else'
      this.#session.noteRefused({ reason: 'idle', fault: undefined, text, isCut: false }, exchange)
      this.#session.replaceCompletion(exchange, { status: 'BAD', text })
    }
    talk.continuations.finishIdle()
    this.#send(done)
  }
}

/** What is to be done about a command, once nothing has to be asked first. */
export type SettledAction = Exclude<GuardAction, { readonly kind: 'ask-first' }>

export interface CheckedLogin {
  readonly action: SettledAction
  /** Whom it names, to be recorded before it goes on. */
  readonly due?: readonly ProxyEvent[] | undefined
}

/** Of AUTHENTICATE the first message may stand in the command (RFC 4959), and is decided about before any of it goes on. */
export function checkLogin(
  session: GuardedSession,
  exchange: OpenExchange,
  action: SettledAction,
): CheckedLogin {
  if (action.kind !== 'forward' || action.command.name !== 'AUTHENTICATE') return { action }
  const { mechanism, initialResponse } = action.command
  if (mayAddLayer(mechanism)) return refuse(session, exchange, { status: 'NO', code: 'CANNOT', text: layer })
  if (!initialResponse) return { action }
  const data = readInitialResponse(initialResponse.reveal())
  if (!data) return refuse(session, exchange, { status: 'BAD', text: oddBase64 })
  const { refusal, ends, due } = session.judgeSasl({ mechanism, step: 0, data, exchange }, exchange)
  if (ends !== undefined) return { action: { kind: 'close', text: ends } }
  return refusal ? { action: { kind: 'answer', ...refusal } } : { action, due }
}

/** Whom a command names by itself, for the record. */
export function userNamedBy(command: Command): string | undefined {
  if (command.name === 'LOGIN') return command.user
  if (command.name !== 'AUTHENTICATE' || !command.initialResponse) return undefined
  return readSaslUser(command.mechanism, command.initialResponse.reveal())
}

function refuse(
  session: GuardedSession,
  exchange: OpenExchange,
  answer: Omit<GuardAnswer, 'kind'>,
): CheckedLogin {
  session.noteRefused({ reason: 'sasl', fault: undefined, text: answer.text, isCut: false }, exchange)
  return { action: { kind: 'answer', ...answer } }
}

const layer = 'this mechanism can put a layer over the connection that no policy could see through'
const oddBase64 = 'the initial response is not base64 in its one form'
const cancel = octetsOf('*\r\n')
const done = octetsOf('DONE\r\n')
