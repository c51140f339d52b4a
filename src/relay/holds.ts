/** The messages that a session's two lanes hold: hands rulings to them, and asks their sides to wait meanwhile. */

import type { Side } from '../imap/raw-message.ts'
import type { Conversation } from './conversation.ts'
import type { Effect } from './effect.ts'
import type { SessionId, Ticket } from './event.ts'
import { Gate } from './gate.ts'
import type { RuledInput } from './input.ts'
import type { ClientLaneSurface, ServerLaneSurface } from './lane-surface.ts'

export interface HoldsPort {
  readonly session: SessionId
  readonly talk: Conversation
  lanes(): { readonly client: ClientLaneSurface; readonly server: ServerLaneSurface }
  effect(effect: Effect): void
}

export class Holds {
  readonly client: Gate
  readonly server: Gate
  readonly #port: HoldsPort
  #tickets: Ticket = 0
  /** The client's end came while commands of its own wait here: it may have sent all it wants and still listen. */
  isEndKept = false

  constructor(port: HoldsPort) {
    this.#port = port
    this.client = this.#makeGate('client')
    this.server = this.#makeGate('server')
  }

  /** A message of either side waits for a ruling. */
  get isHolding(): boolean {
    return this.client.ticket !== undefined || this.server.ticket !== undefined
  }

  /** A ticket that was released already says nothing. */
  rule({ ticket, ruling, how }: RuledInput): void {
    const { client, server } = this.#port.lanes()
    if (this.client.ticket === ticket) {
      client.hold.rule(ruling, how)
      client.advance()
    } else if (this.server.ticket === ticket) {
      server.rule(ruling, how)
      server.advance()
    }
  }

  /** Behind every input. */
  bound(client: ClientLaneSurface, server: ServerLaneSurface): void {
    this.client.bound(client.hold.isStopped, client.unframed)
    this.server.bound(server.isHolding, server.unframed)
  }

  /** True when the client's end has to wait. */
  keepEnd(): boolean {
    this.isEndKept = this.#port.lanes().client.hold.isStopped
    return this.isEndKept
  }

  /** The client's end came, and waits no longer. */
  get isEndDue(): boolean {
    return this.isEndKept && !this.#port.lanes().client.hold.isStopped
  }

  /** Upstream takes nothing any more. */
  endServer(): void {
    this.client.shut()
    this.#port.lanes().client.hold.abandon()
  }

  /** The session is over: whatever is still framed goes nowhere, and nobody would ever let it go. */
  release(): void {
    for (const gate of [this.client, this.server]) {
      gate.shut()
      gate.release('gone')
    }
  }

  makeTicket(): Ticket {
    this.#tickets += 1
    return this.#tickets
  }

  #makeGate(side: Side): Gate {
    const { session, talk } = this.#port
    return new Gate(side, talk, {
      session,
      makeTicket: () => this.makeTicket(),
      effect: (effect) => this.#port.effect(effect),
    })
  }
}
