/** What the two guarded lanes of a session share: the guard, what it keeps with exchanges, and how a session is cut; moves no octets. */

import type { Command } from '../imap/commands/index.ts'
import { printable } from '../imap/printable.ts'
import type { Response, UntaggedData } from '../imap/responses/index.ts'
import type { OpenExchange } from '../session/exchanges.ts'
import { isLogin } from './completion.ts'
import type { Conversation } from './conversation.ts'
import type { Effect } from './effect.ts'
import type { ProxyEvent, SessionId, Ticket } from './event.ts'
import type {
  Decided,
  DecidedAnswer,
  Guard,
  GuardedResponseAction,
  GuardedSasl,
  RefusedInput,
} from './guard.ts'
import type { Millis } from './input.ts'
import type { OwnAnswer } from './verdict.ts'

/** What only the relay can do for guarded lanes. */
export interface GuardedPort {
  readonly session: SessionId
  readonly guard: Guard
  /** Decisions have to be durable before their commands go on. */
  readonly isAudited: boolean
  makeTag(): string
  makeTicket(): Ticket
  effect(effect: Effect): void
  /** Completes a command of the client's here. */
  complete(exchange: OpenExchange, answer: OwnAnswer): void
  /** A line of our own to the client. */
  say(text: string): void
  /** Ends the session; `tell` goes to the client as BYE. */
  close(reason: string, tell?: string, code?: string): void
}

/** A command of our own that upstream was asked for the guard. */
interface Asked {
  readonly tag: string
  readonly command: Command
  /** An answer to it could not be read. */
  isSpoiled: boolean
}

/** What a client hears in place of the server's completion, or without one. */
export type Refusal = OwnAnswer & { readonly status: 'NO' | 'BAD' }

/** What the guard says of a line of a login; none of it lets it go on without more. */
export interface JudgedSasl {
  readonly refusal?: Refusal
  /** The session ends, in these words. */
  readonly ends?: string
  /** To be recorded before the line goes on: whom it names, behind what was decided about that. */
  readonly due?: readonly ProxyEvent[]
  readonly delay?: Millis | undefined
}

/** Characters of a user's name that are shown. */
const NAME = 200

export class GuardedSession {
  readonly guard: Guard
  readonly talk: Conversation
  readonly port: GuardedPort
  /** The session was cut: nothing more of either side is taken. */
  isOver = false
  asked: Asked | undefined
  readonly #memories = new WeakMap<OpenExchange, { readonly memory: unknown }>()
  /** What the client hears in place of the server's completion. */
  readonly #instead = new WeakMap<OpenExchange, OwnAnswer>()

  constructor(talk: Conversation, port: GuardedPort) {
    this.guard = port.guard
    this.talk = talk
    this.port = port
  }

  remember(exchange: OpenExchange, memory: unknown): void {
    this.#memories.set(exchange, { memory })
  }

  /** Whatever upstream says of this command, the client hears this. */
  replaceCompletion(exchange: OpenExchange, answer: OwnAnswer): void {
    this.#instead.set(exchange, answer)
  }

  insteadOf(exchange: OpenExchange | undefined): OwnAnswer | undefined {
    return exchange && this.#instead.get(exchange)
  }

  /** Tells observers, and says what is to be recorded where that has to be durable. */
  tell(decided: Decided, exchange: OpenExchange | undefined): ProxyEvent {
    const { talk, port } = this
    const event = {
      kind: 'decided' as const,
      session: port.session,
      at: talk.at,
      decided,
      ...(exchange && { exchange }),
      view: talk.session,
    }
    if (exchange) talk.announce(exchange)
    talk.emit(event)
    return event
  }

  /** Records what stops nothing: no command of it goes upstream. */
  record(event: ProxyEvent): Ticket {
    const ticket = this.port.makeTicket()
    if (this.port.isAudited) this.port.effect({ kind: 'record', ticket, event })
    return ticket
  }

  /** The engine itself refused something: it never came before `decide`. */
  noteRefused(refused: Omit<RefusedInput, 'at' | 'exchange'>, exchange?: OpenExchange): void {
    const decided = this.guard.noteRefused({ ...refused, exchange, at: this.talk.at })
    this.record(this.tell(decided, exchange))
  }

  /** Undefined lets the client be asked for its literal; the answer was told. */
  refuseHead(exchange: OpenExchange): Refusal | undefined {
    const refusal = this.guard.refuseHead?.({ name: exchange.wireName, at: this.talk.at })
    return refusal && this.#refuse(refusal, exchange)
  }

  /** The answer is what the client is to hear, and was told; the record of whom the line names is still to be made. */
  judgeSasl(sasl: Omit<GuardedSasl, 'legs' | 'at'>, exchange: OpenExchange): JudgedSasl {
    const judged = this.guard.decideSasl({ ...sasl, legs: this.talk.legs(), at: this.talk.at })
    if (!judged) return {}
    if (judged.user !== undefined) this.nameUser(exchange, judged.user)
    const due = (judged.also ?? []).map((decided) => this.tell(decided, exchange))
    if (judged.kind === 'named')
      return { due: [...due, this.tell(judged.decided, exchange)], delay: judged.delay }
    for (const event of due) this.record(event)
    if (judged.kind === 'answer') return { refusal: this.#refuse(judged, exchange) }
    this.record(this.tell(judged.decided, exchange))
    return { ends: judged.text }
  }

  /** Whoever is named, for the record. */
  nameUser(exchange: OpenExchange, user: string): void {
    exchange.user = printable(user, NAME)
  }

  #refuse({ decided, status, code, text }: DecidedAnswer, exchange: OpenExchange): Refusal {
    this.record(this.tell(decided, exchange))
    return { status, text, ...(code !== undefined && { code }) }
  }

  /** Another policy holds: a session that it leaves nothing to go on with ends. */
  reconsider(): void {
    const action = this.isOver ? undefined : this.guard.reconsider?.(this.talk.at)
    if (!action) return
    this.record(this.tell(action.decided, undefined))
    this.cut(action.decided.why, action.text, action.code, action.decided)
  }

  filter(response: Response, owner: OpenExchange | undefined): GuardedResponseAction {
    const isLoginOpen = response.kind === 'untagged' && owner !== undefined && isLogin(owner)
    return this.guard.filter({
      response,
      exchange: owner,
      memory: owner && this.#memories.get(owner)?.memory,
      legs: this.talk.legs(),
      isLoginOpen,
      at: this.talk.at,
    })
  }

  /** True where this is an answer to what the guard asked: it is not for the client. */
  isForGuard(data: UntaggedData): boolean {
    const name = this.asked?.command.name
    if (name === 'FETCH' && (data.name === 'FETCH' || data.name === 'UIDFETCH')) {
      // Changes of flags come unasked, and are the client's.
      return data.items.some((item) => !unasked.has(item.name))
    }
    return name !== undefined && data.name === name
  }

  /** Whether responses of this word may be answers to what the guard asked. */
  mayBeForGuard(word: string): boolean {
    const name = this.asked?.command.name
    return name !== undefined && (word === name || (word === 'UIDFETCH' && name === 'FETCH'))
  }

  /** Sends upstream a command of our own; nothing else may be in flight. */
  ask(command: Command): Command {
    const asked = { ...command, tag: this.port.makeTag() }
    this.asked = { tag: asked.tag, command: asked, isSpoiled: false }
    return asked
  }

  /** What the guard asked is answered; a completion that cannot be read is no OK. */
  learned(status: 'OK' | 'NO' | 'BAD'): void {
    const { asked } = this
    this.asked = undefined
    if (asked) this.guard.learned(asked.isSpoiled ? 'NO' : status, asked.command)
  }

  /** An answer to what was asked cannot be read: it counts as refused. */
  spoil(): void {
    if (this.asked) this.asked.isSpoiled = true
  }

  /** Both sides are closed; the client hears BYE where a text is given. `decided` where it was the guard that ended it. */
  cut(reason: string, tell?: string, code?: string, decided?: Decided): void {
    if (this.isOver) return
    this.isOver = true
    const advice = decided ? `the session was ended by the policy (rule ${decided.rule})` : notAlike
    this.talk.emit({ kind: 'warning', reason, advice })
    this.port.close(reason, tell, code)
  }
}

const notAlike = 'the session was cut: under a policy only what all readers understand alike may go on'

const unasked: ReadonlySet<string> = new Set(['FLAGS', 'MODSEQ', 'UID'])
