/** Which legs are compressed, and at which octet that begins and ends (RFC 4978, RFC 8437); knows no codec and no socket. */

import { limits } from '../imap/limits.ts'
import type { Message } from '../imap/message.ts'
import { latin1, octetsOf } from '../imap/octets.ts'
import type { Side } from '../imap/raw-message.ts'
import type { OpenExchange } from '../session/exchanges.ts'
import { completionOf } from './completion.ts'
import type { Conversation } from './conversation.ts'
import type { Effect } from './effect.ts'
import type { LaneSurface } from './lane-surface.ts'
import { showText } from './shown.ts'
import type { OwnAnswer } from './verdict.ts'

/**
 * `follow`: the client's COMPRESS goes upstream, and both legs switch when upstream agrees. `client`: imaptap answers
 * it and upstream stays as it is. `upstream`: imaptap compresses towards upstream by itself, and the client may not.
 * `both`: each leg by itself. `never`: the client may not.
 */
export type CompressMode = 'follow' | 'client' | 'upstream' | 'both' | 'never'

/** What only the relay can do about a switch. */
export interface CompressionPort {
  readonly client: LaneSurface
  readonly server: LaneSurface
  readonly talk: Conversation
  readonly mode: CompressMode
  makeTag(): string
  /** False while the client's leg is being secured: behind that upstream may be another connection. */
  mayAsk(): boolean
  effect(effect: Effect): void
  /** Completes a command of the client's here. */
  complete(exchange: OpenExchange, answer: OwnAnswer): void
  warn(reason: string, advice: string): void
  /** What stands on the two legs cannot be told any more, and both are as they were: they go on unread. */
  loseSight(reason: string): void
  /** The same, but one leg is compressed already: nothing can go on. */
  loseStep(reason: string): void
  /** The client's lane stands still no longer; its end, where it came meanwhile, stands behind what it holds. */
  release(isEndDue: boolean): void
}

/** What the client's lane waits for: nothing of the client's goes on until it is known how it is to be read. */
type Hold =
  /** The client's COMPRESS or UNAUTHENTICATE is upstream. */
  | { readonly kind: 'asked'; readonly exchange: OpenExchange }
  /** Ours to answer, once the server's message has ended. */
  | { readonly kind: 'answering'; readonly exchange: OpenExchange }
  /** Our own COMPRESS is upstream. */
  | { readonly kind: 'own'; readonly tag: string }

export class Compression {
  readonly #port: CompressionPort
  readonly #isActive: Record<Side, boolean> = { client: false, server: false }
  #hold: Hold | undefined
  /** Our own COMPRESS was sent in this login; whatever came of it, it is not sent twice. */
  #hasTried = false
  #isPaused = false
  /** The client's end came while its lane stood still. */
  isEndKept = false

  constructor(port: CompressionPort) {
    this.#port = port
  }

  get isHolding(): boolean {
    return this.#hold !== undefined
  }

  /** True when the client's end has to wait: what it sent before that is not understood yet. */
  keepEnd(): boolean {
    this.isEndKept = this.isHolding
    return this.isEndKept
  }

  /** What comes from this side is a compressed stream. */
  isActive(side: Side): boolean {
    return this.#isActive[side]
  }

  /** A command of the client's went upstream whole. */
  noteForwarded(exchange: OpenExchange): void {
    const isEnd = isUnauthenticate(exchange)
    if (exchange.name !== 'COMPRESS' && !(isEnd && (this.#isActive.client || this.#isActive.server))) return
    this.#hold = { kind: 'asked', exchange }
    // The client's stream ends behind this command if the server agrees, and goes on if it does not.
    if (isEnd && this.#isActive.client) this.#readAs('client', 'undecided')
  }

  /** The client's COMPRESS is answered here: its own leg is compressed, whatever upstream's is. */
  answer(exchange: OpenExchange): void {
    this.#hold = { kind: 'answering', exchange }
    this.settle()
  }

  /** Something came from the server: its message may have ended, so that our answer can be said. */
  settle(): void {
    if (this.#hold?.kind !== 'answering' || !this.#port.server.isBetweenMessages) return
    const { exchange } = this.#hold
    this.#port.complete(exchange, { status: 'OK', text: 'DEFLATE active' })
    this.#begin('client', this.#port.client.takeUnread())
    this.#letGo()
  }

  /** A command was completed by the server. */
  complete(exchange: OpenExchange): void {
    if (this.#hold?.kind === 'asked' && this.#hold.exchange === exchange) this.#decide(exchange)
    if (exchange.status === 'OK' && isUnauthenticate(exchange)) this.#hasTried = false
    this.#tryUpstream()
  }

  /** The completion of our own COMPRESS, which is not for the client; one that cannot be read is no OK. */
  takeOwn(message: Message): boolean {
    if (this.#hold?.kind !== 'own') return false
    const read = message.response()
    const response = read.ok ? read.value : undefined
    const completion = completionOf(response)
    const isRejected = response?.kind === 'untagged' && completion && this.#port.talk.owesNothing
    if (!isRejected && !beginsWith(message, `${this.#hold.tag} `)) return false
    const isAgreed = completion?.status === 'OK'
    this.#port.talk.tell.rewrite('server', 'compress', isAgreed ? compressed : refused(completion?.text.text))
    if (isAgreed) this.#begin('server', this.#port.server.takeUnread())
    this.#letGo()
    return true
  }

  /** Octets of the client's wait for a switch. Only those that wait for our own are the client's good right. */
  boundHeld(): void {
    if (this.#port.client.unframed <= limits.undecidedOctets) return
    if (this.#hold?.kind !== 'own')
      return this.#port.loseStep(
        'the client sent too much ahead of an answer that ends or begins compression',
      )
    this.#isPaused = true
    this.#port.effect({ kind: 'pause', side: 'client' })
  }

  #decide(exchange: OpenExchange): void {
    if (exchange.name === 'COMPRESS') {
      if (exchange.status === 'OK') this.#follow()
    } else if (exchange.status === 'OK') this.#end()
    else if (this.#isActive.client) this.#readAs('client', 'deflate')
    this.#letGo()
  }

  /** Both legs switch behind the tagged OK, each with what came behind it. */
  #follow(): void {
    const { client, server, mode } = this.#port
    if (this.#isActive.client || this.#isActive.server) {
      return this.#port.loseStep('the server agreed to compress what is compressed already')
    }
    // The client did not wait, and what came behind its command has gone on: it is between the two ends now.
    if (client.sentAhead > 0) return this.#port.loseSight('it is compressed from here on')
    if (mode !== 'follow') this.#port.warn(overruled, `--compress ${mode} does not hold for this session`)
    server.flush()
    this.#begin('server', server.takeUnread())
    this.#begin('client', client.takeUnread())
  }

  #begin(side: Side, rest: Uint8Array): void {
    this.#isActive[side] = true
    this.#port.effect({ kind: 'write-as', to: side, coding: 'deflate' })
    this.#readAs(side, 'deflate', rest)
  }

  #end(): void {
    this.#port.server.flush()
    for (const side of ['server', 'client'] as const) {
      if (!this.#isActive[side]) continue
      this.#isActive[side] = false
      this.#port.effect({ kind: 'write-as', to: side, coding: 'plain' })
      this.#readAs(side, 'plain')
    }
  }

  /** After a login, as soon as the client's commands that went on are whole. */
  #tryUpstream(): void {
    const { mode, client, talk } = this.#port
    const { session } = talk
    if ((mode !== 'upstream' && mode !== 'both') || this.#hasTried || this.#hold) return
    // What is held back is plain, and would go out behind our COMPRESS.
    if (!this.#port.mayAsk() || client.isHolding) return
    if (!session.isAuthenticated || this.#isActive.server) return
    if (!session.capabilities.includes('COMPRESS=DEFLATE')) return
    const { continuations } = session
    const isCommandNext = !continuations.isUndecided && continuations.expects() === 'command'
    if (!isCommandNext || !client.isBetweenMessages) return
    const tag = this.#port.makeTag()
    this.#hasTried = true
    this.#hold = { kind: 'own', tag }
    this.#port.effect({ kind: 'send', to: 'server', octets: octetsOf(`${tag} COMPRESS DEFLATE\r\n`) })
  }

  #letGo(): void {
    this.#hold = undefined
    if (this.#isPaused) this.#port.effect({ kind: 'resume', side: 'client' })
    this.#isPaused = false
    const isEndDue = this.isEndKept
    this.isEndKept = false
    this.#port.release(isEndDue)
  }

  #readAs(from: Side, coding: 'plain' | 'deflate' | 'undecided', rest = nothing): void {
    // The shell tells of the end again, behind what it has decoded.
    if (from === 'client') this.isEndKept = false
    this.#port.effect({ kind: 'read-as', from, coding, rest })
  }
}

const nothing: Uint8Array = new Uint8Array(0)
const compressed = 'imaptap compresses the connection to the server'
const overruled =
  'a COMPRESS that came ahead of the answer before it went upstream, and the server agreed: both legs are compressed'
const refused = (words = ''): string =>
  `the connection to the server goes on as it is: the server refused to compress (${showText(words)})`

/** Oracle's spelling is older than the RFC. */
export const isUnauthenticate = ({ name }: OpenExchange): boolean =>
  name === 'UNAUTHENTICATE' || name === 'X-UNAUTHENTICATE'

/** Whether or not the rest can be read. */
function beginsWith({ raw }: Message, text: string): boolean {
  const [line] = raw.parts
  return line?.kind === 'line' && latin1(line.octets, 0, Math.min(line.octets.length, text.length)) === text
}
