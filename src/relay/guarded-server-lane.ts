/** What a server sends under a policy: frames it strictly, puts to the guard what it wants to see, and lets the rest pass. */

import { Assembler } from '../imap/assembler.ts'
import type { Expectation } from '../imap/expectation.ts'
import { limits } from '../imap/limits.ts'
import { Message } from '../imap/message.ts'
import { latin1 } from '../imap/octets.ts'
import { headOfResponse, type ResponseHead } from '../imap/response-head.ts'
import type { OpenExchange } from '../session/exchanges.ts'
import { released } from './command-hold.ts'
import type { Conversation } from './conversation.ts'
import { checkEdited } from './edited.ts'
import type { ReleasedHow } from './event.ts'
import type { Gate } from './gate.ts'
import type { GuardedSession } from './guarded-session.ts'
import type { Ruling } from './hold-rule.ts'
import { Lane } from './lane.ts'
import type { LaneParts } from './lane-parts.ts'
import type { ServerLaneSurface } from './lane-surface.ts'
import { ResponseRuling, type Farewell } from './response-ruling.ts'
import { nameOfResponse } from './response-name.ts'
import type { ServerPort } from './server-lane.ts'
import { faultOfLine } from './strict-line.ts'
import { explainGreeting, unopened, type WrongProtocol } from './wrong-protocol.ts'

/** Octets of one response that the guard has to see: none of it goes on before that. */
const keptForGuard = { literalKept: limits.heldOctets, messageOctets: 2 * limits.heldOctets }

export class GuardedServerLane extends Lane implements ServerLaneSurface {
  readonly #gate: Gate
  readonly #talk: Conversation
  readonly #session: GuardedSession
  readonly #port: ServerPort
  readonly #ruling: ResponseRuling
  #isGreetingDue = true
  #head: ResponseHead = 'data'
  #name = ''
  #owner: OpenExchange | undefined
  #isMidMessage = false
  /** The response is taken in whole, since the guard, a person or our own question has to see it first. */
  #isAbsorbing = false
  #isCollected = false
  #isRead = false
  #held: Message | undefined

  constructor(
    port: ServerPort,
    session: GuardedSession,
    { talk, gate, send, makeDigester, kept }: LaneParts,
  ) {
    super('server', send, new Assembler('server', makeDigester, kept ?? keptForGuard))
    this.#port = port
    this.#session = session
    this.#ruling = new ResponseRuling(session, (...how) => this.#cut(...how))
    this.#talk = talk
    this.#gate = gate
  }

  override get isHolding(): boolean {
    return this.#held !== undefined
  }

  beginAnew(isGreetingDue: boolean): void {
    this.reset()
    this.#gate.release('gone')
    this.#held = undefined
    this.#isGreetingDue = isGreetingDue
    this.#isMidMessage = false
  }

  rule(ruling: Ruling, how?: ReleasedHow): void {
    const held = this.#held
    if (!held || ruling.kind === 'answer') return
    const edited = ruling.kind === 'replace' ? this.#readEdited(held, ruling.octets) : undefined
    if (ruling.kind === 'replace' && !edited) return
    this.#held = undefined
    this.#gate.release(how ?? released[ruling.kind])
    this.#deliver(held, edited)
  }

  /** What is not whole was never seen by the guard, and goes nowhere. */
  override finish(): void {
    this.#gate.shut()
    const held = this.#held
    if (held) {
      this.#held = undefined
      this.#gate.release('gone')
      this.#deliver(held)
      this.advance()
    }
    this.flush()
    this.framer.takeRest()
  }

  override makeOpaque(reason: string): void {
    this.#cut(`the server's stream cannot be read any more: ${reason}`)
  }

  explainUnfinished(): WrongProtocol {
    return explainGreeting(latin1(this.framer.partial)) ?? unopened
  }

  protected override expects(): Expectation | 'stopped' {
    if (this.#held || this.#session.isOver) return 'stopped'
    return this.#isGreetingDue ? 'greeting' : 'response'
  }

  /** A line is looked at before it goes on. */
  protected override mayPassPartial(): boolean {
    return false
  }

  /** Results of a search can be longer than any line that is kept; what the guard has to see cannot. */
  protected override mayPassLong(): boolean {
    if (this.#isMidMessage) return !this.#isAbsorbing
    const partial = this.framer.partial
    const head = headOfResponse(partial, 0, partial.length)
    if (head === 'data' && !this.#isForGuard(nameOfResponse(partial, 0, partial.length))) return true
    if (this.framer.pending > limits.heldOctets) this.#cut('a line of the server is longer than is taken')
    return false
  }

  protected override onOpaque(): void {}

  protected override take(): void {
    if (!this.#isMidMessage && !this.#begin()) return
    const { framer } = this
    const fault = this.#findFault()
    if (fault !== undefined) return void this.#cut(`the server was cut off: ${fault}`)
    if (this.#ruling.endsAt(framer, { name: this.#name, isFirst: !this.#isMidMessage })) return
    if (this.#isCollected) this.assembler.add(framer)
    this.#owner?.noteAnswered(this.framer.octets, this.#talk.at)
    this.#isMidMessage = !framer.isLast
    if (framer.isLast && this.#isCollected) return this.#finish()
    if (!this.#isAbsorbing) return this.pass()
    this.drop()
    if (this.assembler.octets > keptForGuard.messageOctets) this.#cut(tooLarge)
  }

  #findFault(): string | undefined {
    const { framer } = this
    if (framer.kind !== 'line') return undefined
    const isText = this.#head !== 'data' && this.#head !== 'state'
    // A result of a search that is longer than is kept has passed by already.
    if (framer.isCut && this.alreadyPassed > 0) return undefined
    const isOdd = framer.announced?.isSynchronizing === false
    return isOdd ? 'a literal of a server that waits for nobody' : faultOfLine(framer, isText)
  }

  /** False where the session is over for it. */
  #begin(): boolean {
    const { source, start, end } = this.framer
    this.#head = headOfResponse(source, start, end)
    this.#name = nameOfResponse(source, start, end)
    this.#owner = this.#findOwner()
    if (!this.#isGreetingDue && !this.#isExpected()) return false
    const mayWait = this.#mayWait()
    const isReplaced = this.#session.insteadOf(this.#owner) !== undefined && this.#head === 'tagged'
    const isAwaited = mayWait || isReplaced || this.#isForGuard(this.#name)
    this.#isAbsorbing = this.alreadyPassed === 0 && isAwaited
    this.#isRead = this.#isAbsorbing || this.#head !== 'data' || this.#isGreetingDue
    this.#isCollected = this.#isRead || this.#talk.wantsMessages
    if (this.#owner && this.#head !== 'tagged' && this.#head !== 'continuation') this.#owner.untagged += 1
    return true
  }

  /** A tag or a `+` that nobody waits for, and what is no response at all, show that the two ends disagree. */
  #isExpected(): boolean {
    if (this.#head === 'noise' || this.#name === '')
      return this.#cut('the server sent a line that is no response')
    if (this.#head === 'continuation') {
      const isDue = this.#port.isContinuationOurs() || this.#talk.continuations.isUndecided
      const isCancelled = this.#session.insteadOf(this.#talk.continuations.exchange) !== undefined
      return (
        (isDue && !isCancelled) || this.#cut('the server sent a continuation request that nobody waits for')
      )
    }
    if (this.#name === 'PREAUTH') return this.#cut('the server greeted twice')
    return true
  }

  #mayWait(): boolean {
    if (!this.#talk.holdRule || this.#head === 'continuation' || this.#isGreetingDue) return false
    // Nothing may come between what begins compression and the octets behind it.
    if (this.#head === 'tagged' && this.#owner?.name === 'COMPRESS') return false
    return this.#gate.mayHold(this.#name, this.#owner)
  }

  #isForGuard(name: string): boolean {
    return this.#session.guard.reads(name) || this.#session.mayBeForGuard(name)
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
    if (this.#isOurs(message)) return
    if (this.#head === 'continuation' && this.#port.isContinuationOurs()) return this.#continueOwn()
    if (this.#isAbsorbing && (isIncomplete || message.raw.parts.some(({ octets }) => !octets)))
      return void this.#cut(tooLarge)
    const isHeld = this.#isAbsorbing && this.#hold(message)
    if (!isHeld) this.#deliver(message)
  }

  /** What answers a command of our own is not for the client. */
  #isOurs(message: Message): boolean {
    if (this.#head === 'tagged' && !this.#owner) {
      this.drop()
      return this.#port.takeOwn(message) || this.#takeAnswer(message) || this.#cutUnknown()
    }
    if (!this.#session.asked || this.#head === 'continuation') return false
    const read = message.response()
    if (!read.ok) return this.#spoil()
    if (read.value.kind !== 'untagged' || !this.#session.isForGuard(read.value.data)) return false
    this.drop()
    this.#session.guard.learn(read.value.data)
    this.#talk.tell.message('server', message, { isDropped: true, isForUs: true })
    return true
  }

  /** What may be an answer to the guard's question, and says nothing: whatever comes of it, the answer is not whole. */
  #spoil(): boolean {
    if (!this.#session.mayBeForGuard(this.#name)) return false
    this.#session.spoil()
    this.drop()
    return true
  }

  #takeAnswer(message: Message): boolean {
    const read = message.response()
    const completion = read.ok && read.value.kind === 'tagged' ? read.value : undefined
    if (!completion || completion.tag !== this.#session.asked?.tag) return false
    this.#talk.tell.message('server', message, { isDropped: true, isForUs: true })
    this.#session.learned(completion.status)
    this.#port.resumeClient(undefined)
    return true
  }

  #cutUnknown(): true {
    this.#cut('the server completed a command that is not in flight')
    return true
  }

  #hold(message: Message): boolean {
    const kept = this.#mayWait()
      ? this.#gate.hold({ message, name: this.#name, exchange: this.#owner, isWhole: true })
      : undefined
    if (!kept) return false
    this.drop()
    this.#held = kept
    return true
  }

  #continueOwn(): void {
    this.drop()
    this.#port.resumeClient(this.#talk.continuations.claim())
  }

  #deliver(message: Message, edited?: Message): void {
    const isPassing = this.#held === undefined && !this.#isAbsorbing
    const { completed, sent } = this.#talk.noteResponse({
      message,
      head: this.#head,
      owner: this.#owner,
      isIncomplete: this.#isRead && message.raw.parts.some(({ octets }) => !octets),
      isRead: this.#isRead,
      mayRewrite: false,
      edited,
      rule: (response) =>
        this.#ruling.rule({
          message,
          response,
          head: this.#head,
          name: this.#name,
          owner: this.#owner,
          isRead: this.#isRead,
        }),
    })
    if (this.#session.isOver) return
    if (sent === 'drop') this.drop()
    else if (isPassing && !sent) this.pass()
    else if (sent !== 'cut') this.substitute(linesOf(sent ?? message))
    this.#afterwards(completed)
  }

  #isRefused(message: Message): boolean {
    const [line] = message.raw.parts
    const text = line?.kind === 'line' ? latin1(line.octets) : ''
    const wrong = explainGreeting(text)
    if (wrong) this.#port.fail(wrong)
    else if (!/^\* (?:OK|PREAUTH|BYE)(?: |\r)/iu.test(text))
      this.#cut('the server did not greet as an IMAP server does')
    else return false
    return true
  }

  /** Only behind the response itself may the client lane go on: it may have to send something of our own. */
  #afterwards(completed: OpenExchange | undefined): void {
    if (this.#isGreetingDue) {
      this.#isGreetingDue = false
      return this.#port.onGreeting()
    }
    const { continuations } = this.#talk
    if (this.#head === 'continuation') return this.#port.resumeClient(continuations.claim())
    if (!completed) return
    const waited = continuations.complete(completed)
    if (waited) this.#port.refuse(waited, completed)
    this.#port.complete(completed)
  }

  #readEdited(message: Message, octets: Uint8Array): Message | undefined {
    const checked = checkEdited(message, octets)
    return checked.ok && this.#gate.isEditable ? checked.message : undefined
  }

  #cut(reason: string, farewell: Farewell = toBlame): false {
    this.flush()
    this.#session.cut(reason, farewell.text, farewell.code, farewell.decided)
    return false
  }
}

const toBlame = { text: 'the server sent what no policy can be applied to', code: 'UNAVAILABLE' }

const tooLarge = 'a response that the policy has to see is larger than is kept'

const linesOf = ({ raw }: Message): Uint8Array[] => raw.parts.flatMap((part) => part.octets ?? [])
