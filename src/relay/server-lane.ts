/** What the server sends: attributes responses to exchanges, lets capabilities be rewritten, reads only what matters. */

import { Assembler, type MakeDigester } from '../imap/assembler.ts'
import type { Expectation } from '../imap/expectation.ts'
import { Message } from '../imap/message.ts'
import { latin1 } from '../imap/octets.ts'
import { headOfResponse, isPlainData, type ResponseHead } from '../imap/response-head.ts'
import type { Wait } from '../session/continuations.ts'
import type { OpenExchange } from '../session/exchanges.ts'
import { whyUnreadable } from './completion.ts'
import type { Conversation } from './conversation.ts'
import { Lane, type Send } from './lane.ts'
import { explainGreeting, type WrongProtocol } from './wrong-protocol.ts'

/** What only the relay can do about a response. */
export interface ServerPort {
  /** A continuation request came: the client's next octets may have become clear. */
  resumeClient(): void
  /** A command was completed: the same, and the octets behind may stand in another coding. */
  complete(exchange: OpenExchange): void
  /** True for the completion of a command of our own, which is not for the client. */
  takeOwn(message: Message): boolean
  /** What the client waited for was refused. */
  refuse(wait: Wait, exchange: OpenExchange): void
  /** The greeting went to the client. */
  onGreeting(): void
  /** The first line shows another protocol: the session is over. */
  fail(wrong: WrongProtocol): void
  /** Nothing behind this response can be read any more. */
  loseSight(reason: string): void
}

/** Data responses of one exchange that are read whole although nobody asked, so that a fault in them is reported. */
const SAMPLED = 8

export class ServerLane extends Lane {
  readonly #talk: Conversation
  readonly #port: ServerPort
  #isGreetingDue = true
  #head: ResponseHead = 'data'
  #isMidMessage = false
  #isCollected = false
  #owner: OpenExchange | undefined

  constructor(talk: Conversation, port: ServerPort, send: Send, makeDigester: MakeDigester | undefined) {
    super('server', send, new Assembler('server', makeDigester))
    this.#talk = talk
    this.#port = port
  }

  /** A new upstream connection, whose greeting the client must or must not see. */
  beginAnew(isGreetingDue: boolean): void {
    this.reset()
    this.#isGreetingDue = isGreetingDue
    this.#isMidMessage = false
  }

  /** What the octets of a greeting that never ended show of another protocol. */
  explainUnfinished(): WrongProtocol | undefined {
    return explainGreeting(latin1(this.framer.partial))
  }

  protected override expects(): Expectation {
    return this.#isGreetingDue ? 'greeting' : 'response'
  }

  protected override mayPassPartial(partial: Uint8Array): boolean {
    return this.#isMidMessage || (!this.#isGreetingDue && isPlainData(partial))
  }

  protected override onOpaque(reason: string): void {
    this.#talk.reportOpaque('server', reason)
  }

  protected override take(): void {
    if (!this.#isMidMessage) this.#begin()
    if (this.#isCollected) this.assembler.add(this.framer)
    this.#count()
    this.#isMidMessage = !this.framer.isLast
    if (!this.framer.isLast || !this.#isCollected) return this.pass()
    this.#finish()
  }

  #begin(): void {
    const { framer } = this
    this.#head = headOfResponse(framer.source, framer.start, framer.end)
    this.#owner = this.#findOwner()
    const isSampled = (this.#owner?.untagged ?? 0) < SAMPLED
    this.#isCollected = this.#head !== 'data' || isSampled || this.#talk.wantsMessages
    if (this.#owner && this.#head !== 'tagged' && this.#head !== 'continuation') this.#owner.untagged += 1
  }

  #findOwner(): OpenExchange | undefined {
    if (this.#head !== 'tagged') return this.#talk.exchanges.oldest
    const { source, start, end } = this.framer
    return this.#talk.findTagged(source, start, end)
  }

  #count(): void {
    const owner = this.#owner
    if (!owner) return
    owner.firstOctetAt ??= this.#talk.at
    owner.octetsOut += this.framer.octets
  }

  #finish(): void {
    const isIncomplete = this.assembler.isIncomplete
    const message = new Message(this.assembler.take(), 'response', this.#talk.session.reading)
    if (this.#isGreetingDue && this.#isRefused(message)) return this.drop()
    if (!this.#owner && this.#port.takeOwn(message)) return this.drop()
    const { completed, sent } = this.#talk.noteResponse({
      message,
      head: this.#head,
      owner: this.#owner,
      isIncomplete,
      mayRewrite: message.raw.parts.length === 1 && this.alreadyPassed === 0,
    })
    if (sent) this.substitute(linesOf(sent))
    else this.pass()
    this.#afterwards(completed)
  }

  #isRefused(message: Message): boolean {
    const [line] = message.raw.parts
    if (this.#head === 'status' || line?.kind !== 'line') return false
    const wrong = explainGreeting(latin1(line.octets))
    if (wrong) this.#port.fail(wrong)
    return wrong !== undefined
  }

  /** Only behind the response itself may the client lane go on: it may have to send something of our own. */
  #afterwards(completed: OpenExchange | undefined): void {
    if (this.#isGreetingDue) {
      this.#isGreetingDue = false
      return this.#port.onGreeting()
    }
    const { continuations } = this.#talk
    if (this.#head === 'continuation') {
      continuations.claim()
      return this.#port.resumeClient()
    }
    if (!completed) return
    const waited = continuations.complete(completed)
    if (waited) this.#port.refuse(waited, completed)
    const reason = whyUnreadable(completed)
    if (reason !== undefined) return this.#port.loseSight(reason)
    this.#port.complete(completed)
  }
}

const linesOf = ({ raw }: Message): Uint8Array[] => raw.parts.flatMap((part) => part.octets ?? [])
