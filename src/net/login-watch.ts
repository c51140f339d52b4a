/** How long a client may take to log in and how much it may say until then; knows no sockets and no IMAP. */

export interface LoginBounds {
  /** Milliseconds from the connection on. */
  readonly millis: number
  /** Undefined: as many as it likes. */
  readonly octets: number | undefined
}

export class LoginWatch {
  readonly #bounds: LoginBounds
  readonly #onBreach: (reason: string) => void
  readonly #timer: NodeJS.Timeout
  #octets = 0
  #isOver = false

  /** `onBreach` is called once, with what the log and the client are told. */
  constructor(bounds: LoginBounds, onBreach: (reason: string) => void) {
    this.#bounds = bounds
    this.#onBreach = onBreach
    this.#timer = setTimeout(
      () => this.#breach(`no login within ${bounds.millis / 1_000} s (limit preAuthTime)`),
      bounds.millis,
    )
  }

  /** The client sent this many octets. */
  take(octets: number): void {
    this.#octets += octets
    const most = this.#bounds.octets
    if (most !== undefined && this.#octets > most)
      this.#breach(`more than ${most} octets before login (limit preAuthOctets)`)
  }

  /** The client is logged in, or gone. */
  end(): void {
    this.#isOver = true
    clearTimeout(this.#timer)
  }

  #breach(reason: string): void {
    if (this.#isOver) return
    this.end()
    this.#onBreach(reason)
  }
}
