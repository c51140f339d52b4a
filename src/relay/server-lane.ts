/** What the server sends: attributes responses to exchanges, lets capabilities be rewritten, reads only what matters. */

import { Assembler } from '../imap/assembler.ts'
import { limits } from '../imap/limits.ts'
import type { Expectation } from '../imap/expectation.ts'
import { Message } from '../imap/message.ts'
import { latin1 } from '../imap/octets.ts'
import { headOfResponse, isPlainData, type ResponseHead } from '../imap/response-head.ts'
import type { Wait } from '../session/continuations.ts'
import type { OpenExchange } from '../session/exchanges.ts'
import { released } from './command-hold.ts'
import { whyUnreadable } from './completion.ts'
import { isUnauthenticate } from './compression.ts'
import type { Conversation } from './conversation.ts'
import { checkEdited } from './edited.ts'
import type { ReleasedHow } from './event.ts'
import type { Gate } from './gate.ts'
import type { Ruling } from './hold-rule.ts'
import { Lane } from './lane.ts'
import type { LaneParts } from './lane-parts.ts'
import { explainGreeting, unopened, type WrongProtocol } from './wrong-protocol.ts'

/** What only the relay can do about a response. */
export interface ServerPort {
  /** A continuation request came for what the client waits for: its next octets may have become clear. */
  resumeClient(wait: Wait | undefined): void
  /** The continuation request that comes next is for a command that was taken in here. */
  isContinuationOurs(): boolean
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

/** A response that waits for a ruling. */
interface HeldResponse {
  readonly message: Message
  readonly isIncomplete: boolean
}

export class ServerLane extends Lane {
  readonly gate: Gate
  readonly #talk: Conversation
  readonly #port: ServerPort
  #isGreetingDue = true
  #head: ResponseHead = 'data'
  #isMidMessage = false
  #isCollected = false
  /** The response at hand is read here; others are read by those who want messages, when they do. */
  #isRead = false
  #owner: OpenExchange | undefined
  /** The response at hand is taken in whole, in case it is to be held. */
  #isAbsorbing = false
  #held: HeldResponse | undefined

  constructor(port: ServerPort, { talk, gate, send, makeDigester, kept }: LaneParts) {
    super('server', send, new Assembler('server', makeDigester, kept))
    this.#talk = talk
    this.#port = port
    this.gate = gate
  }

  override get isHolding(): boolean {
    return this.#held !== undefined
  }

  /** A new upstream connection, whose greeting the client must or must not see. */
  beginAnew(isGreetingDue: boolean): void {
    this.reset()
    this.gate.release('gone')
    this.#held = undefined
    this.#isAbsorbing = false
    this.#isGreetingDue = isGreetingDue
    this.#isMidMessage = false
  }

  /** Does what was ruled; an edited response that does not stand stays held, and none can be answered. */
  rule(ruling: Ruling, how?: ReleasedHow): void {
    const held = this.#held
    if (!held || ruling.kind === 'answer') return
    const edited = ruling.kind === 'replace' ? this.#readEdited(held.message, ruling.octets) : undefined
    if (ruling.kind === 'replace' && !edited) return
    this.#held = undefined
    this.gate.release(how ?? released[ruling.kind])
    this.#deliver(held, { edited, isPassing: false })
  }

  /** The server has sent its last octet: what is held goes on, and what came behind it. */
  override finish(): void {
    this.#letGo()
    super.finish()
  }

  override makeOpaque(reason: string): void {
    this.#letGo()
    super.makeOpaque(reason)
  }

  /** What the octets of a greeting that never ended show of another protocol. */
  explainUnfinished(): WrongProtocol {
    return explainGreeting(latin1(this.framer.partial)) ?? unopened
  }

  protected override expects(): Expectation | 'stopped' {
    if (this.#held) return 'stopped'
    return this.#isGreetingDue ? 'greeting' : 'response'
  }

  protected override mayPassPartial(partial: Uint8Array): boolean {
    if (this.#isAbsorbing || (!this.#isMidMessage && this.#talk.holdRule)) return false
    return this.#isMidMessage || (!this.#isGreetingDue && isPlainData(partial))
  }

  protected override mayPassLong(): boolean {
    this.#spill(true)
    return true
  }

  protected override onOpaque(reason: string): void {
    this.#talk.tell.opaque('server', reason)
  }

  protected override take(): void {
    if (!this.#isMidMessage) this.#begin()
    if (this.#isCollected) this.assembler.add(this.framer)
    this.#owner?.noteAnswered(this.framer.octets, this.#talk.at)
    this.#isMidMessage = !this.framer.isLast
    if (this.#isAbsorbing && !this.framer.isLast) return this.#absorb()
    if (!this.framer.isLast || !this.#isCollected) return this.pass()
    this.#finish()
  }

  #absorb(): void {
    this.drop()
    if (this.framer.announced && (this.#isLongLine() || !this.assembler.keepsAll)) this.#spill(false)
  }

  /** What a line's length comes to must not depend on the chunks it came in. */
  #isLongLine(): boolean {
    return this.framer.octets > limits.lineHeld
  }

  /** What was taken in goes on, and the rest behind it as it comes. */
  #spill(isWithinLiteral: boolean): void {
    if (!this.#isAbsorbing) return
    this.#isAbsorbing = false
    for (const part of this.assembler.soFar(isWithinLiteral)) if (part.octets) this.put(part.octets)
  }

  #begin(): void {
    const { framer } = this
    this.#head = headOfResponse(framer.source, framer.start, framer.end)
    this.#owner = this.#findOwner()
    const isSampled = (this.#owner?.untagged ?? 0) < SAMPLED
    this.#isAbsorbing = this.#mayWait()
    this.#isRead = this.#head !== 'data' || isSampled || this.#isAbsorbing
    this.#isCollected = this.#isRead || this.#talk.wantsMessages
    if (this.#owner && this.#head !== 'tagged' && this.#head !== 'continuation') this.#owner.untagged += 1
  }

  /** What the client waits for in the middle of a command is never held, nor what is no response. */
  #mayWait(): boolean {
    if (this.#head === 'continuation') return this.#port.isContinuationOurs()
    if (!this.#talk.holdRule || this.#head === 'noise') return false
    if (this.alreadyPassed > 0 || this.#isLongLine()) return false
    // What comes behind its completion may no longer be compressed.
    if (this.#head === 'tagged' && this.#owner && isUnauthenticate(this.#owner)) return false
    return this.gate.mayHold(this.#readName(), this.#owner)
  }

  #readName(): string {
    const { source, start, end } = this.framer
    return nameOf(latin1(source, start, Math.min(end, start + HEAD)))
  }

  #findOwner(): OpenExchange | undefined {
    if (this.#head !== 'tagged') return this.#talk.untaggedOwner
    const { source, start, end } = this.framer
    return this.#talk.findTagged(source, start, end)
  }

  #finish(): void {
    const isIncomplete = this.assembler.isIncomplete
    const message = new Message(this.assembler.take(), 'response', this.#talk.session.reading)
    if (this.#isGreetingDue && this.#isRefused(message)) return this.drop()
    if (!this.#owner && this.#port.takeOwn(message)) return this.drop()
    if (this.#head === 'continuation' && this.#port.isContinuationOurs()) return this.#continueOwn()
    if (!this.#isAbsorbing) return this.#deliver({ message, isIncomplete }, { isPassing: true })
    this.#isAbsorbing = false
    const kept = this.#isLongLine() ? undefined : this.#hold(message)
    if (kept) this.#held = { message: kept, isIncomplete }
    else this.#deliver({ message, isIncomplete }, { isPassing: message.raw.parts.length === 1 })
  }

  #hold(message: Message): Message | undefined {
    const [line] = message.raw.parts
    const name =
      line?.kind === 'line' ? nameOf(latin1(line.octets, 0, Math.min(line.octets.length, HEAD))) : ''
    const kept = this.gate.hold({ message, name, exchange: this.#owner, isWhole: true })
    if (kept) this.drop()
    return kept
  }

  /** The client had a `+` of ours. */
  #continueOwn(): void {
    this.#isAbsorbing = false
    this.drop()
    this.#port.resumeClient(this.#talk.continuations.claim())
  }

  /** `isPassing`: it is the fragment at hand, and goes on as it came. */
  #deliver(
    { message, isIncomplete }: HeldResponse,
    { edited, isPassing }: { readonly edited?: Message | undefined; readonly isPassing: boolean },
  ): void {
    const noted = this.#talk.noteResponse({
      message,
      head: this.#head,
      owner: this.#owner,
      isIncomplete,
      isRead: this.#isRead,
      mayRewrite: (edited ?? message).raw.parts.length === 1 && this.alreadyPassed === 0,
      edited,
    })
    const sent = noted.sent instanceof Message ? noted.sent : undefined
    if (isPassing && !sent) this.pass()
    else this.substitute(linesOf(sent ?? message))
    this.#afterwards(noted.completed)
  }

  #letGo(): void {
    this.gate.shut()
    this.#spill(true)
    const held = this.#held
    if (!held) return
    this.#held = undefined
    this.gate.release('gone')
    this.#deliver(held, { isPassing: false })
    this.advance()
  }

  #readEdited(message: Message, octets: Uint8Array): Message | undefined {
    const checked = checkEdited(message, octets)
    return checked.ok && this.gate.isEditable ? checked.message : undefined
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
      return this.#port.resumeClient(continuations.claim())
    }
    if (!completed) return
    const waited = continuations.complete(completed)
    if (waited) this.#port.refuse(waited, completed)
    const reason = whyUnreadable(completed)
    if (reason !== undefined) return this.#port.loseSight(reason)
    this.#port.complete(completed)
  }
}

/** Octets of a response that are looked at for its word. */
const HEAD = 100

/** `EXISTS` of `* 3 EXISTS`, `OK` of `a OK done`; upper case. */
const nameOf = (head: string): string => /^\S+ +(?:\d+ +)?([^ \r\n]+)/u.exec(head)?.[1]?.toUpperCase() ?? ''

const linesOf = ({ raw }: Message): Uint8Array[] => raw.parts.flatMap((part) => part.octets ?? [])
