/** How long a client may take to log in and how much it may say until then; knows no sockets and no IMAP. */

export interface LoginBounds {
  /** Milliseconds from the connection on. */
  readonly millis: number
  /** Undefined: as many as it likes. */
  readonly octets: number | undefined
}

/** `reason` is for the client and for how the session ended; `why` is for the record and begins with the limit's name. */
export type OnBreach = (reason: string, why: string) => void

export class LoginWatch {
  readonly #bounds: LoginBounds
  readonly #onBreach: OnBreach
  readonly #timer: NodeJS.Timeout
  #octets = 0
  #isOver = false

  /** `onBreach` is called once. */
  constructor(bounds: LoginBounds, onBreach: OnBreach) {
    this.#bounds = bounds
    this.#onBreach = onBreach
    this.#timer = setTimeout(
      () => this.#breach('preAuthTime', `no login within ${bounds.millis / 1_000} s`),
      bounds.millis,
    )
  }

  /** The client sent this many octets. */
  take(octets: number): void {
    this.#octets += octets
    const most = this.#bounds.octets
    if (most !== undefined && this.#octets > most)
      this.#breach('preAuthOctets', `more than ${most} octets before login`)
  }

  /** The client is logged in, or gone. */
  end(): void {
    this.#isOver = true
    clearTimeout(this.#timer)
  }

  #breach(limit: 'preAuthTime' | 'preAuthOctets', what: string): void {
    if (this.#isOver) return
    this.end()
    this.#onBreach(`${what} (limit ${limit})`, `${limit}: ${what}`)
  }
}
