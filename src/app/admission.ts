/** Who is let in: asks the ledger before anything is spent on a client, and tells of those that were turned away; it moves no octets. */

import type { Listen } from '../config/config.ts'
import { writeListenUrl } from '../config/listen-url.ts'
import type { Accepted } from '../net/listener.ts'
import { turnAway } from '../net/turn-away.ts'
import { isRefusal, type Ledger, type Refusal, type SessionAccount } from '../policy/ledger.ts'
import { decidedBy } from '../policy/refusals.ts'
import type { Address, EventBody, ProxyEvent, SessionId } from '../relay/event.ts'
import { Session } from '../session/session.ts'

export interface AdmissionHost {
  /** Undefined: there are no limits. */
  readonly ledger: Ledger | undefined
  readonly upstreamUrl: string
  /** For a client that gets no session of its own. */
  nextSession(): SessionId
  now(): number
  publish(event: ProxyEvent): void
}

export interface Admitted {
  /** To be closed when the session ends. */
  readonly account: SessionAccount | undefined
}

/** Clients turned away that are told of within `WINDOW` milliseconds; of more the number is told with the next. */
const TOLD = 10
const WINDOW = 10_000

export class Admission {
  readonly #host: AdmissionHost
  #windowFrom = Number.NEGATIVE_INFINITY
  #told = 0
  #untold = 0

  constructor(host: AdmissionHost) {
    this.#host = host
  }

  /** Undefined: it is closed, or about to be. */
  admit({ socket, address }: Accepted, listen: Listen): Admitted | undefined {
    const opened = this.#host.ledger?.openSession({ address: address.host, at: this.#host.now() })
    if (!opened || !isRefusal(opened)) return { account: opened }
    turnAway(socket, listen.protocol === 'imap' ? `* BYE [${opened.code}] ${opened.text}` : undefined)
    this.#tell(address, listen, (more) => toldRefusal(opened, more))
    return undefined
  }

  /** A load balancer began without its PROXY header, or with one that cannot be read; it is closed already. */
  noteProxyFault(peer: Address, listen: Listen, reason: string): void {
    this.#tell(peer, listen, (more) => ({
      kind: 'warning',
      reason: `the connection of ${peer.host} was cut: ${reason}${more}`,
      advice: 'make it send a PROXY header, or take it out of --proxy-protocol-from',
    }))
  }

  /** As a session that ends where it begins; a flood of them must not become a flood of records. */
  #tell(address: Address, listen: Listen, describe: (more: string) => EventBody): void {
    if (!this.#mayTell()) return
    const about = describe(this.#untold === 0 ? '' : ` (and ${this.#untold} more like it)`)
    this.#untold = 0
    const session = this.#host.nextSession()
    const reason = about.kind === 'decided' ? about.decided.why : 'no PROXY header'
    const bodies: readonly EventBody[] = [
      {
        kind: 'opened',
        address,
        listener: writeListenUrl(listen),
        upstream: this.#host.upstreamUrl,
        view: unbegun,
      },
      about,
      { kind: 'closed', reason, totals: { fromClient: 0, fromServer: 0, commands: 0 }, view: unbegun },
    ]
    for (const body of bodies) this.#host.publish({ session, at: this.#host.now(), ...body })
  }

  #mayTell(): boolean {
    const now = this.#host.now()
    if (now - this.#windowFrom >= WINDOW) {
      this.#windowFrom = now
      this.#told = 0
    }
    this.#told += 1
    if (this.#told > TOLD) this.#untold += 1
    return this.#told <= TOLD
  }
}

const unbegun = new Session()

const toldRefusal = ({ why }: Refusal, more: string): EventBody => ({
  kind: 'decided',
  decided: decidedBy({ rule: 'limit', why: `${why}${more}` }, 'close'),
  view: unbegun,
})
