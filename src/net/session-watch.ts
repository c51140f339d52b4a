/** Whether a session stays within its bounds: the time and octets before its login, and what its client gets; knows no sockets. */

import type { SessionId } from '../relay/event.ts'
import type { Relay } from '../relay/relay.ts'
import { isAuthenticated } from '../session/state.ts'
import type { ConnectionContext } from './connection-context.ts'
import { LoginWatch } from './login-watch.ts'

/** A connection, as far as it matters here. */
export interface Watched {
  readonly id: SessionId
  /** Ends the session. */
  kill(reason: string): void
}

type WatchedRelay = Pick<Relay, 'view' | 'isClosed'>
type WatchContext = Pick<ConnectionContext, 'loginBounds' | 'meter' | 'now' | 'publish'>

export class SessionWatch {
  readonly #context: WatchContext
  readonly #relay: WatchedRelay
  readonly #watched: Watched
  #login: LoginWatch | undefined
  /** Octets for the client that the meter has not heard of. */
  #said = 0

  constructor(context: WatchContext, relay: WatchedRelay, watched: Watched) {
    this.#context = context
    this.#relay = relay
    this.#watched = watched
    const bounds = context.loginBounds?.()
    this.#login = bounds && new LoginWatch(bounds, (reason, why) => this.#breach(reason, why))
  }

  /** The client sent this many octets. */
  heard(octets: number): void {
    this.#login?.take(octets)
  }

  /** The client gets this many octets. */
  said(octets: number): void {
    if (this.#context.meter) this.#said += octets
  }

  /** The engine has done a step: only between two of them it can be ended. */
  settle(): void {
    if (this.#login && isAuthenticated(this.#relay.view.state)) this.end()
    if (this.#said === 0) return
    const reason = this.#context.meter?.(this.#watched.id, this.#said)
    this.#said = 0
    if (reason !== undefined) this.#breach(reason, reason)
  }

  /** The client is logged in, or gone. */
  end(): void {
    this.#login?.end()
    this.#login = undefined
  }

  /** A limit ends the session: that is a decision, as it is where a command is refused. */
  #breach(reason: string, why: string): void {
    const { isClosed, view } = this.#relay
    // Whoever has said farewell is kept from nothing.
    if (!isClosed && view.state !== 'logout')
      this.#context.publish({
        kind: 'decided',
        session: this.#watched.id,
        at: this.#context.now(),
        decided: { rule: 'limit', effect: 'close', why, isDryRun: false, mailboxes: [], level: 'audit' },
        view,
      })
    this.#watched.kill(reason)
  }
}
