/** The waits of one session, each with its time and with what is said when it was too long; knows no sockets. */

/** How long a session waits for a peer, and what is said when it has waited enough. */
export const waits = {
  /** For the client's TLS handshake. */
  handshake: {
    milliseconds: 10_000,
    reason: 'the client did not finish its TLS handshake in time',
    advice:
      'a client that waits for a cleartext greeting does that: set its security to SSL/TLS, or use the port of an imap:// listener',
  },
  /** From the dial to upstream's greeting. */
  greeting: {
    milliseconds: 30_000,
    reason: 'upstream sent no greeting in time',
    advice:
      'check the port of --upstream: a server that expects TLS at once is silent until then, so try imaps://',
  },
  /** From one side's end to the other's. */
  linger: {
    milliseconds: 60_000,
    reason: 'one side ended and the other did not within a minute',
    advice: 'look in the logs of the client and the server for why one of them went on',
  },
} as const
export type Wait = keyof typeof waits

export class Patience {
  readonly #timers: { [Name in Wait]?: NodeJS.Timeout } = {}
  readonly #onLate: (wait: Wait) => void

  constructor(onLate: (wait: Wait) => void) {
    this.#onLate = onLate
  }

  begin(wait: Wait): void {
    this.end(wait)
    this.#timers[wait] = setTimeout(() => this.#onLate(wait), waits[wait].milliseconds)
  }

  /** Something happened: the wait begins anew, if it goes on. */
  renew(wait: Wait): void {
    this.#timers[wait]?.refresh()
  }

  end(wait: Wait): void {
    const timer = this.#timers[wait]
    if (!timer) return
    clearTimeout(timer)
    delete this.#timers[wait]
  }

  endAll(): void {
    for (const timer of Object.values(this.#timers)) clearTimeout(timer)
  }
}
