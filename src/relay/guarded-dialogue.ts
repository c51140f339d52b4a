/** The client's lines that are no commands, under a policy: SASL data and IDLE's DONE, and nothing else in their place. */

import type { Command } from '../imap/commands/index.ts'
import { Message } from '../imap/message.ts'
import { latin1, octetsOf } from '../imap/octets.ts'
import { lineMessage } from '../imap/raw-message.ts'
import type { OpenExchange } from '../session/exchanges.ts'
import { mayAddLayer } from '../session/sasl.ts'
import { notRecorded } from './clearance-words.ts'
import type { ProxyEvent, Ticket } from './event.ts'
import type { GuardAction, GuardAnswer } from './guard.ts'
import { readInitialResponse, readSaslLine } from './guarded-sasl.ts'
import type { GuardedSession, JudgedSasl } from './guarded-session.ts'

type Authenticate = Extract<Command, { readonly name: 'AUTHENTICATE' }>

export class GuardedDialogue {
  readonly #session: GuardedSession
  readonly #send: (octets: Uint8Array) => void
  #mechanism = ''
  #step = 0
  /** The line that names a user, until that is recorded. */
  #kept: { readonly line: Uint8Array; readonly exchange: OpenExchange; readonly ticket: Ticket } | undefined

  constructor(session: GuardedSession, send: (octets: Uint8Array) => void) {
    this.#session = session
    this.#send = send
  }

  /** Nothing of the client's is read before its last line went on. */
  get isKeeping(): boolean {
    return this.#kept !== undefined
  }

  beginAnew(): void {
    this.#kept = undefined
  }

  /** AUTHENTICATE went upstream; an initial response has been decided about. */
  beginSasl(exchange: OpenExchange, { mechanism, initialResponse }: Authenticate): void {
    this.#mechanism = mechanism
    this.#step = initialResponse ? 1 : 0
    this.#session.talk.continuations.await('authenticate', exchange)
  }

  /** Base64 or the star goes on; anything else cancels the dialogue, and is no command (threat 36). */
  takeSasl(line: Uint8Array, exchange: OpenExchange | undefined): void {
    if (!exchange) return
    const message = new Message(lineMessage('client', line), 'sasl-data')
    exchange.octetsIn += line.length
    const { refusal, named } = this.#judge(line, exchange)
    this.#session.talk.noteSaslData(exchange, message, false)
    this.#session.talk.continuations.await('authenticate', exchange)
    if (refusal) return this.#cancel(exchange, refusal)
    if (!named || !this.#session.port.isAudited) return this.#send(line)
    this.#kept = { line, exchange, ticket: this.#session.record(named) }
  }

  /** Who logs in is on the record, or cannot be: then nobody does. */
  recorded(ticket: Ticket, isDurable: boolean): void {
    const kept = this.#kept
    if (kept?.ticket !== ticket) return
    this.#kept = undefined
    // The server may have lost its patience meanwhile: what it would take next is a command.
    if (this.#session.isOver || kept.exchange.status !== undefined) return
    if (isDurable) this.#send(kept.line)
    else this.#cancel(kept.exchange, notRecorded)
  }

  #cancel(exchange: OpenExchange, { status, code, text }: Omit<GuardAnswer, 'kind'>): void {
    this.#session.replaceCompletion(exchange, { status, text, ...(code !== undefined && { code }) })
    this.#send(cancel)
  }

  #judge(line: Uint8Array, exchange: OpenExchange): JudgedSasl {
    const read = readSaslLine(line)
    if (read.kind === 'cancel') return {}
    if (read.kind === 'odd') {
      const text = 'a line in a login that is not base64'
      this.#session.noteRefused({ reason: 'sasl', fault: undefined, text, isCut: false }, exchange)
      return { refusal: { status: 'BAD', text } }
    }
    const step = this.#step
    this.#step += 1
    return this.#session.judgeSasl({ mechanism: this.#mechanism, step, data: read.data, exchange }, exchange)
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
  readonly named?: ProxyEvent | undefined
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
  const { refusal, named } = session.judgeSasl({ mechanism, step: 0, data, exchange }, exchange)
  return refusal ? { action: { kind: 'answer', ...refusal } } : { action, named }
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
