/** Who is owed the server's next continuation request, and what the client's next octets mean until it comes. */

import type { Expectation } from '../imap/expectation.ts'
import type { OpenExchange } from './exchanges.ts'

/** What the client waits for: its literal's octets, a SASL step, or IDLE. */
export type Wait = 'literal' | 'authenticate' | 'idle'

/**
 * Between a command that asks for a continuation request and the server's answer, the client's next octets can be
 * either of two things: `+` makes them the literal, the SASL data or DONE, a completion makes them a new command
 * (RFC 9051 sections 4.3, 6.2.2, 6.3.13). Until then they are `undecided`.
 */
export class Continuations {
  #wait: { readonly kind: Wait; readonly exchange: OpenExchange } | undefined
  #dialogue: { readonly kind: 'authenticate' | 'idle'; readonly exchange: OpenExchange } | undefined

  get isUndecided(): boolean {
    return this.#wait !== undefined
  }

  get isIdle(): boolean {
    return this.#dialogue?.kind === 'idle'
  }

  /** The exchange whose dialogue is open: an AUTHENTICATE between its steps, or an IDLE. */
  get exchange(): OpenExchange | undefined {
    return (this.#wait ?? this.#dialogue)?.exchange
  }

  /** True from the AUTHENTICATE command to its completion. */
  get isAuthenticating(): boolean {
    return this.#wait?.kind === 'authenticate' || this.#dialogue?.kind === 'authenticate'
  }

  /** What the client's next line is, once it is not undecided. */
  expects(): Expectation {
    if (this.#dialogue === undefined) return 'command'
    return this.#dialogue.kind === 'idle' ? 'idle-done' : 'authenticate-data'
  }

  /** TLS stands, or upstream is a new one: nobody waits for anything. */
  beginAnew(): void {
    this.#wait = undefined
    this.#dialogue = undefined
  }

  await(kind: Wait, exchange: OpenExchange): void {
    this.#wait = { kind, exchange }
  }

  /** The server sent `+`: what it was for, or undefined where nobody waited. */
  claim(): Wait | undefined {
    const wait = this.#wait
    if (!wait) return undefined
    this.#wait = undefined
    if (wait.kind !== 'literal') this.#dialogue = { kind: wait.kind, exchange: wait.exchange }
    return wait.kind
  }

  /** The client ended IDLE by DONE. */
  finishIdle(): void {
    if (this.isIdle) this.#dialogue = undefined
  }

  /** This exchange was completed: says what it still waited for, so that the rest can be dropped. */
  complete(exchange: OpenExchange): Wait | undefined {
    const wait = this.#wait?.exchange === exchange ? this.#wait.kind : undefined
    if (wait) this.#wait = undefined
    if (this.#dialogue?.exchange === exchange) this.#dialogue = undefined
    return wait
  }
}
