/** STARTTLS between the client and us: upstream has its own TLS or none, and never sees the command; knows no certificates. */

import type { OpenExchange } from '../session/exchanges.ts'
import type { Conversation } from './conversation.ts'
import type { LaneSurface } from './lane-surface.ts'
import type { Answer, OwnAnswer } from './verdict.ts'

/** What only the relay can do about it. */
export interface ClientTlsPort {
  readonly client: LaneSurface
  readonly server: LaneSurface
  readonly talk: Conversation
  answer(exchange: OpenExchange, answer: Answer): void
  complete(exchange: OpenExchange, answer: OwnAnswer): void
  /** The session is over. */
  cut(reason: string): void
  /** Behind our OK: TLS begins on the client's leg. */
  begin(): void
}

export class ClientTls {
  /** The client's leg has TLS. */
  isSecure: boolean
  readonly #port: ClientTlsPort
  #phase: 'open' | 'starting' | 'securing' = 'open'
  #exchange: OpenExchange | undefined

  constructor(isSecure: boolean, port: ClientTlsPort) {
    this.isSecure = isSecure
    this.#port = port
  }

  /** False from STARTTLS until TLS stands: the client has to wait. */
  get isOpen(): boolean {
    return this.#phase === 'open'
  }

  take(exchange: OpenExchange, isSound: boolean): void {
    const refusal = isSound ? this.#whyNot() : 'STARTTLS takes no arguments'
    if (refusal)
      return this.#port.answer(exchange, { kind: 'answer', status: 'BAD', text: refusal, ...startTlsRule })
    if (this.#port.client.unframed > 0) return this.#port.cut(behindStartTls)
    this.#exchange = exchange
    this.#phase = 'starting'
    this.settle()
  }

  /** What was asked before must be answered before: the answers belong to the cleartext. */
  settle(): void {
    const exchange = this.#exchange
    const { talk, server } = this.#port
    if (!exchange || talk.exchanges.pending > 1) return
    if (!server.isBetweenMessages || server.isHolding) return
    this.#exchange = undefined
    this.#port.complete(exchange, { status: 'OK', text: 'Begin TLS negotiation now' })
    this.#phase = 'securing'
    this.#port.begin()
  }

  secured(): void {
    this.isSecure = true
    this.#phase = 'open'
  }

  #whyNot(): string | undefined {
    const { talk } = this.#port
    if (this.isSecure) return 'TLS is already active'
    if (talk.isCompressed) return 'TLS cannot begin within compression'
    return talk.session.state === 'not-authenticated' ? undefined : 'STARTTLS is only for before login'
  }
}

export const behindStartTls = 'octets behind STARTTLS before TLS'
const startTlsRule = { rule: 'starttls', note: 'STARTTLS is answered by imaptap' } as const
