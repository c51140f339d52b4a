/** What the two lanes of a session share: its state, its exchanges, and what observers are told of both. */

import { capabilitiesOf } from '../imap/announced-capabilities.ts'
import { commandName, isKnownCommandWord } from '../imap/commands/index.ts'
import { Message } from '../imap/message.ts'
import { latin1, SP } from '../imap/octets.ts'
import { lineMessage } from '../imap/raw-message.ts'
import { REDACTED } from '../imap/redact.ts'
import { codeWord } from '../imap/response-code.ts'
import type { ResponseHead } from '../imap/response-head.ts'
import { writeResponse, type Response } from '../imap/responses/index.ts'
import { Exchanges, type OpenExchange } from '../session/exchanges.ts'
import { Session } from '../session/session.ts'
import { completionOf, isLogin } from './completion.ts'
import { DryRun } from './dry-run.ts'
import { Discretion, isBad, isDone, isOdd } from './discretion.ts'
import { readEdited } from './edited.ts'
import type { EventBody, Totals } from './event.ts'
import type { Guard } from './guard.ts'
import { isHarmless } from './harmless.ts'
import type { HoldRule } from './hold-rule.ts'
import type { Millis } from './input.ts'
import type { Interests } from './relay-options.ts'
import { showCodeArguments, showText, tooLong } from './shown.ts'
import { Telling, type Told } from './telling.ts'
import type { CommandVerdict, Decider, LegFacts, OwnAnswer } from './verdict.ts'

export interface ConversationOptions {
  readonly decider: Decider
  readonly interests: Interests
  readonly dryGuard?: Guard | undefined
  canStartTls(): boolean
  isCompressed(): boolean
  emit(event: EventBody): void
}

/** A response that was taken in whole. */
export interface TakenResponse {
  readonly message: Message
  readonly head: ResponseHead
  readonly owner: OpenExchange | undefined
  /** More of it came than the limits keep. */
  readonly isIncomplete: boolean
  /** False for data that says nothing of the session, beyond the sample: observers read it, when they do. */
  readonly isRead: boolean
  /** None of it has gone on, and it can be written anew. */
  readonly mayRewrite: boolean
  /** What a person put in its place. */
  readonly edited: Message | undefined
  /** Decides in place of the decider: what goes on instead, or that nothing does. */
  readonly rule?: (response: Response | undefined) => Message | 'drop' | 'cut' | undefined
}

export interface NotedResponse {
  readonly completed: OpenExchange | undefined
  readonly sent: Message | 'drop' | 'cut' | undefined
}

export class Conversation {
  readonly session = new Session()
  readonly exchanges = new Exchanges()
  readonly continuations = this.session.continuations
  readonly discretion = new Discretion(this.session)
  readonly tell: Telling
  /** The time of the input at hand. */
  at: Millis = 0
  commands = 0
  /** The client has sent a command that the server may remember. */
  hasActed = false
  /** Kept back here, so that no response can be its own; no command is in flight behind it. */
  keptBack: OpenExchange | undefined
  /** Lines without tag and word that the server has not complained of yet. */
  #unread = 0
  readonly #options: ConversationOptions
  readonly #dryRun: DryRun | undefined

  constructor(options: ConversationOptions) {
    this.#options = options
    const { interests, dryGuard } = options
    this.#dryRun = dryGuard && new DryRun(dryGuard, this)
    this.tell = new Telling({ interests, discretion: this.discretion, emit: (event) => options.emit(event) })
  }

  /** No command and no stray line of the client's waits for an answer. */
  get owesNothing(): boolean {
    return this.exchanges.pending === 0 && this.#unread === 0
  }

  /** The client's leg is compressed. */
  get isCompressed(): boolean {
    return this.#options.isCompressed()
  }

  get wantsMessages(): boolean {
    return this.#options.interests.messages
  }

  get holdRule(): HoldRule | undefined {
    return this.#options.interests.hold
  }

  /** A new connection to upstream, which knows nothing of what was said to the old one. */
  beginAnew(): void {
    this.session.beginAnew()
    this.hasActed = false
    this.#unread = 0
  }

  emit(event: EventBody): void {
    this.#options.emit(event)
  }

  noteOwnGreeting(): void {
    this.session.greet()
    this.#tellChange()
  }

  // Commands.

  /** Undefined when more are in flight than are kept. */
  open(tag: string, word: string): OpenExchange | undefined {
    this.commands += 1
    const exchange = this.exchanges.open(tag, word, this.at)
    if (!exchange) return undefined
    // It may be anything, a password on a line of its own too: nothing of it is shown.
    if (this.discretion.isDistrusting && !isKnownCommandWord(word)) exchange.hide()
    return exchange
  }

  /** Tells of an exchange once, as soon as its command is whole, and in any case before it is completed. */
  announce(exchange: OpenExchange): void {
    if (exchange.isAnnounced) return
    exchange.isAnnounced = true
    this.#options.emit({ kind: 'exchange-opened', exchange })
  }

  /** Of an `edited` command it is decided by the word that goes on. */
  decideCommand(exchange: OpenExchange, message: Message | undefined, edited?: Message): CommandVerdict {
    const { wireTag: tag, wireName } = exchange
    const is = edited?.command()
    const name = is?.ok ? commandName(is.value) : wireName
    const verdict = this.#options.decider.decideCommand({ tag, name, message }, this.legs())
    if (verdict.kind === 'forward' && !isHarmless(name, message)) this.hasActed = true
    return verdict
  }

  /** The command is whole: its arguments can be shown, and a fault in it told. */
  describe(exchange: OpenExchange | undefined, message: Message, isIncomplete: boolean): void {
    const command = message.command()
    const hidesAll = this.discretion.hidesLine(message)
    if (exchange) {
      if (hidesAll) exchange.hide()
      else if (command.ok) exchange.name = commandName(command.value)
      exchange.keep(message)
    }
    if (isIncomplete) this.tell.unreadable(message, tooLong('client'), hidesAll)
    else if (!command.ok) this.tell.unreadable(message, command.fault, hidesAll)
    if (exchange && !isIncomplete) this.#dryRun?.command(exchange, message)
  }

  tellCommand(message: Message, told: Told): void {
    if (told.exchange) this.announce(told.exchange)
    this.tell.message('client', message, told)
  }

  /** The command went to the server. */
  noteCommand(message: Message): void {
    const command = message.command()
    if (command.ok) this.session.observeCommand(command.value)
    this.discretion.settleDoubt(message)
    if (command.ok && command.value.name === 'ID') this.#tellChange()
  }

  noteSaslData(exchange: OpenExchange, message: Message, isAhead: boolean): void {
    const command = exchange.message?.command()
    if (command?.ok && command.value.name === 'AUTHENTICATE') {
      this.session.observeSaslData(command.value.mechanism, message)
    }
    this.tell.message('client', message, { exchange, isAhead })
  }

  noteIdleDone(message: Message): void {
    const { exchange } = this.continuations
    const command = new Message(message.raw, 'command', this.session.reading)
    // A client that forgot its IDLE sends a command, to be shown without its credentials.
    const shown = isDone(message) || isOdd(command) ? message : command
    this.tell.message('client', shown, { exchange })
    if (isDone(message)) return
    const text = 'a line that is not DONE came while IDLE was open'
    this.tell.unreadable(
      shown,
      { rule: 'idle-without-done', at: 0, text, side: 'client' },
      this.discretion.hidesLine(shown),
    )
  }

  /** A line that imaptap said itself to the client. */
  noteOwnLine(line: Uint8Array, exchange: OpenExchange | undefined): void {
    exchange?.noteAnswered(line.length, this.at)
    this.tellOwnLine(line, exchange)
  }

  /** The same for a line that answers nothing: it counts for no exchange. */
  tellOwnLine(line: Uint8Array, exchange: OpenExchange | undefined): void {
    if (!this.wantsMessages) return
    this.#options.emit({
      kind: 'message',
      side: 'server',
      message: new Message(lineMessage('server', line), 'response'),
      isOurs: true,
      hidesAll: exchange?.isHidden ?? false,
      ...(exchange && { exchange }),
    })
  }

  completeLocally(exchange: OpenExchange, { status, code, text }: OwnAnswer): void {
    exchange.code = code
    exchange.text = text
    this.#complete(exchange, status)
  }

  // Responses.

  /** The exchange whose tag begins this line. */
  findTagged(octets: Uint8Array, start: number, end: number): OpenExchange | undefined {
    const space = octets.indexOf(SP, start)
    const found = space < 0 || space > end ? undefined : this.exchanges.find(latin1(octets, start, space))
    return found === this.keptBack ? undefined : found
  }

  /** The exchange that untagged responses are attributed to. */
  get untaggedOwner(): OpenExchange | undefined {
    const { oldest } = this.exchanges
    return oldest === this.keptBack ? undefined : oldest
  }

  /** What goes on in the response's place, or undefined. Only what carries capabilities is ever asked about. */
  #rewrite(response: Response, owner: OpenExchange | undefined): Message | undefined {
    if (!capabilitiesOf(response)) return undefined
    const isLoginOpen = response.kind === 'untagged' && owner !== undefined && isLogin(owner)
    const verdict = this.#options.decider.decideResponse(response, this.legs(isLoginOpen))
    if (verdict.kind === 'forward') return undefined
    for (const note of verdict.notes) this.tell.rewrite('server', verdict.rule, note)
    const pieces = writeResponse(verdict.response)
    const parts = pieces.map((octets) => ({ kind: 'line', octets }) as const)
    const octets = pieces.reduce((sum, piece) => sum + piece.length, 0)
    return new Message({ from: 'server', parts, octets }, 'response')
  }

  /** The exchange that this response completed, and what goes on in the response's place. */
  noteResponse(taken: TakenResponse): NotedResponse {
    const { message, head, owner, isIncomplete, isRead, mayRewrite, edited } = taken
    const response = isRead || isIncomplete ? this.#readResponse(message, head, isIncomplete) : undefined
    const isChanged = response ? this.session.observeResponse(response, owner) : false
    if (response) this.#dryRun?.response(response, owner)
    // Only now: what is announced holds behind the response, a login's OK as well.
    const due = edited ? readEdited(edited) : response
    const ruled = taken.rule ? taken.rule(due) : due && mayRewrite ? this.#rewrite(due, owner) : undefined
    const sent = ruled ?? edited
    const told = sent instanceof Message ? sent : undefined
    this.tell.message('server', message, { exchange: owner, sent: told, isDropped: sent !== told })
    // An answer to a command that we did not see: whatever the server did then, it may remember.
    if (head === 'tagged' && !owner) this.hasActed = true
    const completed = head === 'tagged' ? owner : taken.rule ? undefined : this.#findRejected(response)
    const heard = taken.rule && told ? readEdited(told) : response
    if (completed) this.#completeBy(completed, heard, this.discretion.mayEcho(message, completed))
    if (isChanged) this.#tellChange()
    return { completed, sent }
  }

  /** A line without tag and word went to the server. */
  noteUnread(): void {
    this.hasActed = true
    this.#unread += 1
  }

  /** Untagged BAD: the server could not read whose it is (RFC 9051 section 7.1.3), and answers nothing else to it. */
  #findRejected(response: Response | undefined): OpenExchange | undefined {
    if (response?.kind !== 'untagged' || response.data.name !== 'BAD') return undefined
    if (this.#unread > 0) {
      this.#unread -= 1
      return undefined
    }
    if (this.continuations.isUndecided) return this.continuations.exchange
    const kept = this.keptBack === undefined ? 0 : 1
    return this.exchanges.pending - kept === 1 ? this.untaggedOwner : undefined
  }

  /** The session is over: everything still in flight ends without an answer. */
  end(reason: string, octets: Omit<Totals, 'commands'>): void {
    const view = this.session
    for (const exchange of this.exchanges.abort()) {
      exchange.status = 'aborted'
      exchange.completedAt = this.at
      this.#options.emit({ kind: 'exchange-completed', exchange, view })
    }
    this.#options.emit({ kind: 'closed', reason, totals: { ...octets, commands: this.commands }, view })
  }

  #readResponse(message: Message, head: ResponseHead, isIncomplete: boolean): Response | undefined {
    // A challenge may hold anything, and says nothing about the session.
    if (head === 'continuation') return undefined
    if (isIncomplete) {
      this.tell.unreadable(message, tooLong('server'), this.discretion.hidesLine(message) || isBad(message))
      return undefined
    }
    const response = message.response()
    if (response.ok) return response.value
    const hidesAll = this.discretion.hidesLine(message) || this.discretion.mayEcho(message, undefined)
    if (message.raw.octets > 2) this.tell.unreadable(message, response.fault, hidesAll)
    return undefined
  }

  #completeBy(exchange: OpenExchange, response: Response | undefined, mayEcho: boolean): void {
    const completion = completionOf(response)
    if (!completion) return this.#complete(exchange, 'BAD')
    const { code, text } = completion.text
    const hidesText = exchange.isHidden || mayEcho
    exchange.code = hidesText ? undefined : code && codeWord(code)
    exchange.codeArgs = hidesText || !code ? undefined : showCodeArguments(code)
    exchange.text = hidesText ? REDACTED : showText(text)
    this.#complete(exchange, completion.status)
  }

  #complete(exchange: OpenExchange, status: 'OK' | 'NO' | 'BAD'): void {
    this.announce(exchange)
    exchange.status = status
    exchange.completedAt = this.at
    this.exchanges.complete(exchange)
    this.#options.emit({ kind: 'exchange-completed', exchange, view: this.session })
  }

  legs(isLoginOpen = false): LegFacts {
    return {
      view: this.session,
      isLoginOpen,
      canStartTls: this.#options.canStartTls(),
      isCompressed: this.#options.isCompressed(),
    }
  }

  #tellChange(): void {
    this.#options.emit({ kind: 'changed', view: this.session })
  }
}
