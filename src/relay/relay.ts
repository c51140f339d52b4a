/** The engine of one session, inputs in and effects out: it owns the two lanes and never waits, reads a clock or opens a socket. */

import { limits } from '../imap/limits.ts'
import type { Side } from '../imap/raw-message.ts'
import type { ClientPort } from './client-lane.ts'
import { behindStartTls, ClientTls } from './client-tls.ts'
import { Compression } from './compression.ts'
import { Conversation } from './conversation.ts'
import type { Effect } from './effect.ts'
import type { EventBody, ProxyEvent } from './event.ts'
import { beforeTls, checkPath, outOfStep, whoEnded, whoLeft } from './ending.ts'
import { Holds } from './holds.ts'
import type { Input } from './input.ts'
import { makeLanes, type Lanes } from './lanes.ts'
import type { ClientLaneSurface, ServerLaneSurface } from './lane-surface.ts'
import { OwnVoice } from './own-voice.ts'
import { Prelude, type PreludeStep } from './prelude.ts'
import type { RelayOptions } from './relay-options.ts'
import type { ServerPort } from './server-lane.ts'
import { openingOf, unopened, type ClientOpening } from './wrong-protocol.ts'

/** Upstream's leg, in the order of its life. `prelude` is said by us; in `greeting` and `open` the lane is in charge. */
type UpstreamPhase = 'dialing' | 'prelude' | 'securing' | 'greeting' | 'open'

export class Relay {
  readonly #options: RelayOptions
  readonly #talk: Conversation
  readonly #lanes: Lanes
  readonly #clientLane: ClientLaneSurface
  readonly #serverLane: ServerLaneSurface
  #upstreamPhase: UpstreamPhase = 'dialing'
  #prelude: Prelude | undefined
  /** False once the client has had a greeting: one after a second dial is not for it. */
  #isGreetingOwed = true
  readonly #clientTls: ClientTls
  readonly #compression: Compression
  readonly #voice: OwnVoice
  readonly holds: Holds
  #opening: ClientOpening | undefined
  #hasEnded = { client: false, server: false }
  #isClosed = false
  #effects: Effect[] = []
  #events: Effect[] = []

  constructor(options: RelayOptions) {
    this.#options = options
    this.#opening = openingOf(options.isClientSecure, options.guard)
    this.#talk = new Conversation({
      decider: options.decider,
      interests: options.interests,
      dryGuard: options.dryGuard,
      canStartTls: () => !this.#clientTls.isSecure,
      isCompressed: () => this.#compression.isActive('client'),
      emit: (event) => this.#emit(event),
    })
    this.holds = new Holds({
      session: options.session,
      talk: this.#talk,
      lanes: () => ({ client: this.#clientLane, server: this.#serverLane }),
      effect: (effect) => this.#effects.push(effect),
    })
    this.#lanes = makeLanes({
      options,
      talk: this.#talk,
      holds: this.holds,
      client: this.#clientPort(),
      server: this.#serverPort(),
      effect: (effect) => this.#effects.push(effect),
      voice: () => this.#voice,
      close: (...how) => this.#close(...how),
    })
    this.#clientLane = this.#lanes.client
    this.#serverLane = this.#lanes.server
    this.#voice = new OwnVoice(this.#talk, this.#serverLane, (reason) => this.#close(reason))
    this.#clientTls = this.#makeClientTls()
    this.#compression = this.#makeCompression()
  }

  get view(): Conversation['session'] {
    return this.#talk.session
  }

  /** Upstream has greeted, whether or not the client has heard it. */
  get hasGreeted(): boolean {
    return this.#upstreamPhase === 'open' || this.#serverLane.isHolding
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** The effects of one input: octets first, so that nobody waits for an observer. */
  handle(input: Input): readonly Effect[] {
    this.#talk.at = input.at
    if (!this.#isClosed) this.#take(input)
    if (!this.#isClosed) this.holds.bound(this.#clientLane, this.#serverLane)
    const effects = this.#events.length > 0 ? this.#effects.concat(this.#events) : this.#effects
    this.#effects = []
    if (this.#events.length > 0) this.#events = []
    return effects
  }

  #take(input: Input): void {
    if (input.kind === 'received') {
      if (input.from === 'server') this.#takeFromServer(input.octets)
      else this.#takeFromClient(input.octets)
    } else if (input.kind === 'connected') this.#beginUpstream()
    else if (input.kind === 'secured') this.#takeSecured(input.side)
    else if (input.kind === 'ended') this.#takeEnd(input.side)
    else if (input.kind === 'failed') this.#takeFailure(input.reason, input.tell)
    else {
      if (input.kind === 'ruled') this.holds.rule(input)
      else this.#lanes.take(input)
      this.#settle()
    }
  }

  /** What waited for the end of the server's message or for its `+`. */
  #settle(): void {
    this.#clientTls.settle()
    this.#compression.settle()
    if (this.holds.isEndDue) this.#takeEnd('client')
  }

  // The client's leg.

  #takeFromClient(octets: Uint8Array): void {
    // Before TLS stands nothing may follow STARTTLS (RFC 9051 section 6.2.1): whoever sent it, the session is over.
    if (!this.#clientTls.isOpen) return this.#cut('client', behindStartTls)
    const wrong = this.#opening?.take(octets)
    if (wrong) return this.#fail(wrong.reason, wrong.advice, 'this is an IMAP server')
    this.#clientLane.receive(octets)
    if (this.#compression.isHolding) return this.#compression.boundHeld()
    if (this.#upstreamPhase !== 'open' && this.#clientLane.unframed > limits.undecidedOctets) {
      this.#fail(
        'the client sent too much before the greeting',
        'point only IMAP clients at this port: they wait for the greeting',
      )
    }
  }

  #clientPort(): ClientPort {
    return {
      isOpen: () => this.#mayClientSpeak(),
      startTls: (exchange, isSound) => this.#clientTls.take(exchange, isSound),
      compress: (exchange) => this.#compression.answer(exchange),
      noteForwarded: (exchange) => this.#compression.noteForwarded(exchange),
      answer: (exchange, verdict) => this.#voice.answer(exchange, verdict),
      askForLiteral: (exchange) => this.#voice.askForLiteral(exchange),
      loseStep: (reason) => this.#cut('client', reason),
      loseSight: (reason) => this.#loseSight(reason),
    }
  }

  #mayClientSpeak(): boolean {
    if (this.#upstreamPhase !== 'open' || this.#isClosed) return false
    return this.#clientTls.isOpen && !this.#compression.isHolding
  }

  #makeClientTls(): ClientTls {
    return new ClientTls(this.#options.isClientSecure, {
      client: this.#clientLane,
      server: this.#serverLane,
      talk: this.#talk,
      answer: (exchange, answer) => this.#voice.answer(exchange, answer),
      complete: (exchange, answer) => this.#voice.complete(exchange, answer),
      cut: (reason) => this.#cut('client', reason),
      begin: () => {
        this.#effects.push({ kind: 'secure', side: 'client' })
        if (this.#talk.hasActed) this.#redial()
      },
    })
  }

  #makeCompression(): Compression {
    return new Compression({
      client: this.#clientLane,
      server: this.#serverLane,
      talk: this.#talk,
      mode: this.#options.compress ?? 'follow',
      makeTag: () => this.#options.makeTag(),
      mayAsk: () => this.#clientTls.isOpen,
      effect: (effect) => this.#effects.push(effect),
      complete: (exchange, answer) => this.#voice.complete(exchange, answer),
      warn: (reason, advice) => this.#emit({ kind: 'warning', reason, advice }),
      loseSight: (reason) => this.#loseSight(reason),
      loseStep: (reason) => this.#fail(reason, outOfStep),
      release: (isEndDue) => {
        this.#clientLane.advance()
        if (isEndDue) this.#takeEnd('client')
      },
    })
  }

  #redial(): void {
    this.#upstreamPhase = 'dialing'
    this.#talk.beginAnew()
    this.#effects.push({ kind: 'redial' })
  }

  // Upstream's leg.

  #beginUpstream(): void {
    const needsPrelude = this.#options.startsUpstreamTls || !this.#isGreetingOwed
    this.#upstreamPhase = needsPrelude ? 'prelude' : 'greeting'
    this.#serverLane.beginAnew(!needsPrelude)
    if (needsPrelude) this.#prelude = new Prelude(this.#options.makeTag(), this.#options.startsUpstreamTls)
  }

  #takeFromServer(octets: Uint8Array): void {
    // Not verified yet: whatever this is, nobody may see it.
    if (this.#upstreamPhase === 'dialing') return
    if (this.#upstreamPhase === 'securing') {
      return this.#fail('upstream sent octets in the clear behind its STARTTLS answer', checkPath)
    }
    if (this.#upstreamPhase === 'prelude') return this.#takePrelude(octets)
    this.#serverLane.receive(octets)
    this.#settle()
  }

  #takePrelude(octets: Uint8Array): void {
    const step: PreludeStep = this.#prelude?.receive(octets) ?? { kind: 'more' }
    if (step.kind === 'send') this.#effects.push({ ...step, to: 'server' })
    if (step.kind === 'ready') this.#openInTheClear()
    if (step.kind === 'failed') this.#fail(step.reason, step.advice)
    if (step.kind !== 'secure') return
    this.#upstreamPhase = 'securing'
    this.#effects.push({ kind: 'secure', side: 'server' })
  }

  #openInTheClear(): void {
    const rest = this.#prelude?.takeRest()
    this.#openUpstream()
    if (rest && rest.length > 0) this.#serverLane.receive(rest)
  }

  #takeSecured(side: Side): void {
    if (side === 'server') return this.#openUpstream()
    this.#clientTls.secured()
    this.#opening = openingOf(true, this.#options.guard)
    this.#talk.continuations.beginAnew()
    this.#clientLane.beginAnew()
    this.#clientLane.advance()
  }

  /** Upstream is ready and its greeting was ours to read: the client gets one of our own. */
  #openUpstream(): void {
    this.#prelude = undefined
    if (this.#isGreetingOwed) this.#voice.say('* OK imaptap ready')
    this.#talk.noteOwnGreeting()
    this.#onGreeting()
  }

  #onGreeting(): void {
    this.#isGreetingOwed = false
    this.#upstreamPhase = 'open'
    this.#clientLane.advance()
  }

  #serverPort(): ServerPort {
    return {
      resumeClient: (wait) => {
        this.#clientLane.noteContinuation(wait)
        this.#clientLane.advance()
      },
      isContinuationOurs: () => this.#clientLane.hold.isSending,
      complete: (exchange) => {
        this.#compression.complete(exchange)
        this.#clientLane.advance()
      },
      takeOwn: (message) => this.#compression.takeOwn(message),
      refuse: (wait, exchange) => this.#clientLane.refuse(wait, exchange),
      onGreeting: () => this.#onGreeting(),
      fail: ({ reason, advice }) => this.#fail(reason, advice),
      loseSight: (reason) => this.#loseSight(reason),
    }
  }

  /** From here on the octets are not IMAP any more: they still go on. */
  #loseSight(reason: string): void {
    this.#serverLane.makeOpaque(reason)
    this.#clientLane.makeOpaque(reason)
  }

  // Ends.

  #takeEnd(side: Side): void {
    if (side === 'server' && !this.hasGreeted) return this.#failUnopened()
    // What it sent before its end is not understood yet.
    const mayWait = side === 'client' && !this.#hasEnded.server
    if (mayWait && (this.holds.keepEnd() || this.#compression.keepEnd())) return
    this.#hasEnded[side] = true
    const lane = side === 'client' ? this.#clientLane : this.#serverLane
    lane.finish()
    this.#effects.push({ kind: 'end', side: side === 'client' ? 'server' : 'client' })
    if (this.#hasEnded.client && this.#hasEnded.server) this.#close(whoEnded(this.#talk.session, side))
    else if (side === 'client' && this.#upstreamPhase !== 'open')
      this.#close('the client left before the greeting')
    if (side === 'client') return
    this.holds.endServer()
    if (this.#compression.isEndKept || this.holds.isEndKept) this.#takeEnd('client')
  }

  /** After the farewells it does not matter who cut the line, and nobody waits for one more. */
  #takeFailure(reason: string, tell: string | undefined): void {
    if (this.#talk.session.state === 'logout') this.#close(whoLeft(this.#talk.session))
    else this.#close(reason, tell)
  }

  #failUnopened(): void {
    const isGreeting = this.#upstreamPhase === 'greeting'
    const { reason, advice } = isGreeting ? this.#serverLane.explainUnfinished() : unopened
    this.#fail(reason, advice)
  }

  /** Upstream cannot be used: the client is told in IMAP's words, the operator what to do. */
  #fail(reason: string, advice: string, tell = reason): void {
    this.#emit({ kind: 'warning', reason, advice })
    this.#close(reason, tell)
  }

  #cut(side: Side, reason: string): void {
    this.#emit({ kind: 'warning', reason: `the ${side} sent ${reason}`, advice: beforeTls })
    this.#close(reason)
  }

  #close(reason: string, tell?: string, code?: string): void {
    if (this.#isClosed) return
    if (tell !== undefined) this.#sayBye(tell, code)
    this.#isClosed = true
    ;(this.#options.guard ?? this.#options.dryGuard)?.end(this.#talk.at)
    this.holds.release()
    this.#talk.end(reason, { fromClient: this.#clientLane.total, fromServer: this.#serverLane.total })
    this.#effects.push({ kind: 'close' })
  }

  /** Within a literal or a line begun, a BYE would be taken for content. */
  #sayBye(text: string, code?: string): void {
    const mayTell = this.#clientTls.isOpen && !this.#hasEnded.server && this.#serverLane.isBetweenMessages
    if (mayTell) this.#voice.sayBye(text, code)
  }

  #emit(event: EventBody): void {
    // Made for this call by whoever tells it: a copy would be most of what an event costs. It is whole once both are there.
    const told = event as { -readonly [Key in 'session' | 'at']: ProxyEvent[Key] } & EventBody
    told.session = this.#options.session
    told.at = this.#talk.at
    this.#events.push({ kind: 'emit', event: told })
  }
}
