/** A shell without sockets: legs whose compressed octets are each turned over, so that a switch at a wrong octet shows. */

import { latin1, octetsOf } from '../../src/imap/octets.ts'
import type { Side } from '../../src/imap/raw-message.ts'
import { makeRules } from '../../src/policy/rules.ts'
import type { CompressMode } from '../../src/relay/compression.ts'
import type { Coding, Effect } from '../../src/relay/effect.ts'
import type { ProxyEvent } from '../../src/relay/event.ts'
import type { Ruling } from '../../src/relay/hold-rule.ts'
import { Relay } from '../../src/relay/relay.ts'
import type { Interests } from '../../src/relay/relay-options.ts'

/** Its own inverse. */
export const turnOver = (text: string): string =>
  text.replaceAll(/[^]/gu, (octet) => String.fromCharCode(octet.charCodeAt(0) ^ 0xff))

interface Leg {
  /** What the peer got, each octet as it came. */
  sent: string
  writes: Coding
  reads: Coding | 'undecided'
  /** Octets that came and have not been given to the engine. */
  held: string
}

const makeLeg = (): Leg => ({ sent: '', writes: 'plain', reads: 'plain', held: '' })

export class CodedShell {
  readonly relay: Relay
  readonly events: ProxyEvent[] = []
  readonly legs: Readonly<Record<Side, Leg>> = { client: makeLeg(), server: makeLeg() }
  isClosed = false
  #now = 0

  /** `interests` may change at any time. */
  constructor(compress: CompressMode = 'follow', interests: Interests = { messages: false }) {
    this.relay = new Relay({
      session: 'S1',
      decider: makeRules({ hideCapabilities: [], compress }),
      compress,
      interests,
      isClientSecure: true,
      startsUpstreamTls: false,
      makeTag: () => 'Tsecret',
      digesters: { client: () => undefined, server: () => undefined },
    })
    this.#run(this.relay.handle({ kind: 'connected', at: 0 }))
  }

  /** Octets as they stand on the wire. */
  receive(from: Side, wire: string): void {
    const leg = this.legs[from]
    leg.held += wire
    if (leg.reads === 'plain') this.#give(from, leg.held.length)
    // One by one: each may end the compression.
    while (leg.reads === 'deflate' && leg.held !== '') this.#give(from, 1)
    if (leg.reads === 'plain' && leg.held !== '') this.#give(from, leg.held.length)
  }

  rule(ticket: number, ruling: Ruling): void {
    this.#now += 1
    this.#run(this.relay.handle({ kind: 'ruled', ticket, ruling, at: this.#now }))
  }

  /** This side has sent its last octet. */
  end(side: Side): void {
    this.#now += 1
    this.#run(this.relay.handle({ kind: 'ended', side, at: this.#now }))
  }

  /** Takes what reached this side, as it stands on the wire. */
  take(side: Side): string {
    const { sent } = this.legs[side]
    this.legs[side].sent = ''
    return sent
  }

  #give(from: Side, count: number): void {
    const leg = this.legs[from]
    const wire = leg.held.slice(0, count)
    leg.held = leg.held.slice(count)
    const octets = octetsOf(leg.reads === 'deflate' ? turnOver(wire) : wire)
    this.#now += 1
    if (octets.length > 0) this.#run(this.relay.handle({ kind: 'received', from, octets, at: this.#now }))
  }

  #run(effects: readonly Effect[]): void {
    const switched: Side[] = []
    for (const effect of effects) {
      if (effect.kind === 'send') this.#send(effect.to, latin1(effect.octets))
      else if (effect.kind === 'write-as') this.legs[effect.to].writes = effect.coding
      else if (effect.kind === 'read-as') {
        const leg = this.legs[effect.from]
        leg.reads = effect.coding
        leg.held = latin1(effect.rest) + leg.held
        switched.push(effect.from)
      } else if (effect.kind === 'close') this.isClosed = true
      else if (effect.kind === 'emit') this.events.push(effect.event)
    }
    for (const side of switched) this.receive(side, '')
  }

  /** Octets that this side says, in the coding that it has now. */
  say(from: Side, text: string): void {
    this.receive(from, this.legs[from].reads === 'deflate' ? turnOver(text) : text)
  }

  /** The same of what reached this side since its coding changed last. */
  hear(side: Side): string {
    const wire = this.take(side)
    return this.legs[side].writes === 'deflate' ? turnOver(wire) : wire
  }

  #send(to: Side, text: string): void {
    this.legs[to].sent += this.legs[to].writes === 'deflate' ? turnOver(text) : text
  }
}
