/** Reads recorded octets, of one side or of both in context, into messages; knows no sockets, and hides nothing. */

import { commandName, nameOfCommandLine, type Command } from '../imap/commands/index.ts'
import { tolerant, type Reading } from '../imap/cursor.ts'
import type { Expectation } from '../imap/expectation.ts'
import { limits } from '../imap/limits.ts'
import type { Side } from '../imap/raw-message.ts'
import type { Response } from '../imap/responses/index.ts'
import { Exchanges, type OpenExchange } from './exchanges.ts'
import { impliesLogin } from './login-evidence.ts'
import { LoneDialogue } from './lone-dialogue.ts'
import { Session } from './session.ts'
import { isBlank, WireLane, type Taken } from './wire-lane.ts'
import type { IncompleteTail, WireMessage } from './wire-message.ts'
import { WireParser } from './wire-parser.ts'

/** Whose octets there are. */
export type WireSides = Side | 'both'

/**
 * `push` gives messages as they are completed, one at a time: while a message is looked at, `session` says what was
 * known right behind it. What it gives must be taken to its end before the next push. Layers such as TLS and COMPRESS
 * must have been taken off before.
 *
 * With both sides, what a client's line is depends on what the server answered: octets that follow a synchronizing
 * literal's announcement, AUTHENTICATE or IDLE wait for that. With the client alone they are taken for what they look
 * like. The first octets may come from anywhere within a session.
 */
export class WireReader {
  readonly session = new Session()
  /** The server's first line was a greeting, so that the state of the session is known and not guessed. */
  hasGreeting = false
  readonly #sides: WireSides
  readonly #parser: WireParser
  readonly #exchanges = new Exchanges()
  readonly #lone = new LoneDialogue()
  readonly #client = new WireLane('client')
  readonly #server = new WireLane('server')
  /** The exchange whose command is being taken in. */
  #opened: OpenExchange | undefined
  #isUntouched = true
  #isFinishing = false

  constructor(sides: WireSides, reading: Reading = tolerant) {
    this.#sides = sides
    this.#parser = new WireParser(reading, this.session)
  }

  /** Octets of this side, in any splits. A message may hold views of them: what is kept longer must be copied. */
  *push(from: Side, octets: Uint8Array): Generator<WireMessage, void> {
    if (from === 'client' && octets.length > 0) this.#isUntouched &&= this.#sides === 'client'
    // A line that lies whole within a piece is not cut: in pieces of this size none lies so that has to be.
    for (let at = 0; at < octets.length; at += limits.lineOctets) {
      const piece = octets.subarray(at, at + limits.lineOctets)
      if (from === 'server') this.#server.push(piece)
      else this.#client.push(piece)
      yield* from === 'server' ? this.#readServer() : this.#readClient()
    }
  }

  /** No more octets come: what waited for an answer is read as it looks, and what has no end is told. */
  *finish(): Generator<WireMessage | IncompleteTail, void> {
    this.#isFinishing = true
    yield* this.#readClient()
    for (const lane of [this.#client, this.#server]) {
      const tail = lane.finish()
      if (tail) yield tail
    }
  }

  // The client's side.

  get #isInContext(): boolean {
    return this.#sides === 'both' && !this.#isFinishing
  }

  *#readClient(): Generator<WireMessage, void> {
    for (;;) {
      if (this.#isInContext && this.session.continuations.isUndecided) return this.#client.park()
      const expects = this.#isInContext ? this.session.continuations.expects() : 'command'
      const begins = this.#client.isBetweenMessages
      const step = this.#client.next(expects)
      if (step === undefined) return
      if (begins && expects === 'command') this.#open()
      if (step === 'message') yield this.#takeClient(expects)
      else if (step === 'literal-announced' && this.#opened && this.#isInContext)
        this.session.continuations.await('literal', this.#opened)
    }
  }

  #open(): void {
    if (this.#sides !== 'both') return
    const head = nameOfCommandLine(this.#client.line)
    this.#opened = head && this.#exchanges.open(head.tag, head.word, 0)
  }

  #takeClient(expects: Expectation): WireMessage {
    const taken = this.#client.take()
    if (expects === 'authenticate-data' || expects === 'idle-done') return this.#takeDialogue(taken, expects)
    const lone = this.#isInContext ? undefined : this.#lone.claims(taken.raw)
    if (lone) return this.#parser.readData(taken, lone, undefined)
    return this.#takeCommand(taken)
  }

  #takeDialogue(taken: Taken, expects: 'authenticate-data' | 'idle-done'): WireMessage {
    const { continuations } = this.session
    const { exchange } = continuations
    if (expects === 'authenticate-data' && exchange) continuations.await('authenticate', exchange)
    else continuations.finishIdle()
    return this.#parser.readData(taken, expects === 'idle-done' ? 'idle-done' : 'sasl-data', exchange)
  }

  #takeCommand(taken: Taken): WireMessage {
    const exchange = this.#opened
    this.#opened = undefined
    if (isBlank(taken.raw)) return this.#parser.readBlank(taken)
    const { seen, found } = this.#parser.readCommand(taken, exchange)
    exchange?.keep(found.message)
    this.#lone.observe(seen)
    if (this.#isInContext) this.#awaitDialogue(exchange)
    if (!seen) return found
    this.session.observeCommand(seen)
    if (this.#sides === 'client') this.#assumeEnabled(seen)
    if (!this.hasGreeting && impliesLogin(commandName(seen))) this.#assumeLogin()
    return found
  }

  #awaitDialogue(exchange: OpenExchange | undefined): void {
    if (exchange?.name === 'AUTHENTICATE') this.session.continuations.await('authenticate', exchange)
    if (exchange?.name === 'IDLE') this.session.continuations.await('idle', exchange)
  }

  /** With nobody to contradict, the server did what it was asked. */
  #assumeEnabled(command: Command): void {
    if (command.name === 'ENABLE') {
      const { capabilities } = command
      this.session.observeResponse({ kind: 'untagged', data: { name: 'ENABLED', capabilities } }, undefined)
    }
    if (commandName(command) !== 'UNAUTHENTICATE') return
    this.session.enabled = []
    this.session.reading = tolerant
    this.session.state = 'not-authenticated'
  }

  #assumeLogin(): void {
    if (!this.session.isAuthenticated) this.session.state = 'authenticated'
  }

  // The server's side.

  *#readServer(): Generator<WireMessage, void> {
    for (;;) {
      const step = this.#server.next('response')
      if (step === undefined) return
      if (step === 'message') yield* this.#takeServer(this.#server.take())
    }
  }

  *#takeServer(taken: Taken): Generator<WireMessage, void> {
    const mayGreet = this.#isUntouched
    this.#isUntouched = false
    if (isBlank(taken.raw)) {
      this.#isUntouched = mayGreet
      return yield this.#parser.readBlank(taken)
    }
    const { seen, found } = this.#parser.readResponse(taken, mayGreet)
    if (mayGreet) this.#begin(found.kind === 'greeting')
    const owner = seen?.kind === 'tagged' ? this.#exchanges.find(seen.tag) : seen && this.#exchanges.oldest
    if (seen) this.#observe(seen, owner)
    const completed = seen && this.#findCompleted(seen, owner)
    if (completed) yield* this.#refuse(completed)
    yield { ...found, exchange: owner }
    if (seen?.kind === 'continuation') this.session.continuations.claim()
    if (completed) this.#exchanges.complete(completed)
    if (completed || seen?.kind === 'continuation') yield* this.#readClient()
  }

  /** Where the octets begin in the middle of a session, nobody knows more than that it stands. */
  #begin(isGreeting: boolean): void {
    this.hasGreeting = isGreeting
    if (!isGreeting) this.session.greet()
  }

  #observe(response: Response, owner: OpenExchange | undefined): void {
    this.session.observeResponse(response, owner)
    if (this.hasGreeting && this.#sides === 'both') return
    if (response.kind === 'untagged' && impliesLogin(response.data.name)) this.#assumeLogin()
  }

  /** Untagged BAD completes what waits: the server could not read whose it is (RFC 9051 section 7.1.3). */
  #findCompleted(response: Response, owner: OpenExchange | undefined): OpenExchange | undefined {
    if (response.kind === 'tagged') return owner
    const isBad = response.kind === 'untagged' && response.data.name === 'BAD'
    const { continuations } = this.session
    return isBad && continuations.isUndecided ? continuations.exchange : undefined
  }

  /** What the client has sent of a command whose literal was refused is all of it. */
  *#refuse(completed: OpenExchange): Generator<WireMessage, void> {
    const waited = this.session.continuations.complete(completed)
    if (waited !== 'literal') return
    this.#opened = undefined
    yield this.#parser.readRefused(this.#client.cutShort(), completed)
  }
}
