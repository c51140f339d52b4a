/** Whether a session stays within its bounds: the time and octets before its login, and what its client gets; knows no sockets. */

import type { SessionId } from '../relay/event.ts'
import { isAuthenticated, type SessionState } from '../session/state.ts'
import type { ConnectionContext } from './connection-context.ts'
import { LoginWatch } from './login-watch.ts'

export class SessionWatch {
  readonly #session: SessionId
  readonly #meter: ConnectionContext['meter']
  readonly #onBreach: (reason: string) => void
  #login: LoginWatch | undefined
  /** Octets for the client that the meter has not heard of. */
  #said = 0

  /** `onBreach` ends the session, and is told why. */
  constructor(
    { loginBounds, meter }: Pick<ConnectionContext, 'loginBounds' | 'meter'>,
    session: SessionId,
    onBreach: (reason: string) => void,
  ) {
    this.#session = session
    this.#meter = meter
    this.#onBreach = onBreach
    const bounds = loginBounds?.()
    this.#login = bounds && new LoginWatch(bounds, onBreach)
  }

  /** The client sent this many octets. */
  heard(octets: number): void {
    this.#login?.take(octets)
  }

  /** The client gets this many octets. */
  said(octets: number): void {
    if (this.#meter) this.#said += octets
  }

  /** The engine has done a step: only between two of them it can be ended. */
  settle(state: SessionState): void {
    if (this.#login && isAuthenticated(state)) this.end()
    if (this.#said === 0) return
    const reason = this.#meter?.(this.#session, this.#said)
    this.#said = 0
    if (reason !== undefined) this.#onBreach(reason)
  }

  /** The client is logged in, or gone. */
  end(): void {
    this.#login?.end()
    this.#login = undefined
  }
}
