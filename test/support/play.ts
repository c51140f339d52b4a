/** Plays a dialogue against the engine: who says what, and what reaches whom; no sockets. */

import { expect } from 'vitest'

import { latin1, octetsOf } from '../../src/imap/octets.ts'
import type { Side } from '../../src/imap/raw-message.ts'
import { makeRules } from '../../src/policy/rules.ts'
import type { Effect } from '../../src/relay/effect.ts'
import type { ProxyEvent } from '../../src/relay/event.ts'
import type { Input } from '../../src/relay/input.ts'
import { Relay } from '../../src/relay/relay.ts'
import type { RelayOptions } from '../../src/relay/relay-options.ts'

export interface PlayOptions extends Partial<RelayOptions> {
  /** Octets of each chunk that the engine is given; everything at once when undefined. */
  readonly chunk?: number
  readonly hideCapabilities?: readonly string[]
  /** Every message as an event. */
  readonly messages?: boolean
}

type WithoutTime<T> = T extends unknown ? Omit<T, 'at'> : never

export class Dialogue {
  readonly relay: Relay
  readonly events: ProxyEvent[] = []
  /** Effects that are neither octets nor events, in words. */
  readonly acts: string[] = []
  /** Milliseconds of each wait among them. */
  readonly waits: number[] = []
  now = 0
  #received = { client: '', server: '' }
  readonly #chunk: number

  constructor(options: PlayOptions = {}) {
    const { chunk = Number.MAX_SAFE_INTEGER, hideCapabilities = [], messages = false, ...relay } = options
    const { compress = 'follow' } = relay
    this.#chunk = chunk
    this.relay = new Relay({
      session: 'S1',
      decider: makeRules({ hideCapabilities, compress }),
      compress,
      interests: { messages },
      isClientSecure: true,
      startsUpstreamTls: false,
      makeTag: () => 'Tsecret',
      digesters: { client: () => undefined, server: () => undefined },
      ...relay,
    })
  }

  /** Lines get their CRLF; for octets without one use `raw`. */
  client(...lines: string[]): this {
    return this.raw('client', lines.map((line) => `${line}\r\n`).join(''))
  }

  server(...lines: string[]): this {
    return this.raw('server', lines.map((line) => `${line}\r\n`).join(''))
  }

  /** One character is one octet. */
  raw(from: Side, text: string): this {
    const octets = octetsOf(text)
    for (let at = 0; at < octets.length; at += this.#chunk) {
      this.input({ kind: 'received', from, octets: octets.slice(at, at + this.#chunk) })
    }
    return this
  }

  input(input: WithoutTime<Input>): this {
    this.now += 1
    for (const effect of this.relay.handle({ ...input, at: this.now })) this.#note(effect)
    return this
  }

  /** What reached the server since this was last asked, exactly. */
  toServer(...lines: string[]): this {
    return this.#expectAt('server', lines)
  }

  toClient(...lines: string[]): this {
    return this.#expectAt('client', lines)
  }

  /** Takes what reached this side. */
  take(side: Side): string {
    const text = this.#received[side]
    this.#received[side] = ''
    return text
  }

  of<Kind extends ProxyEvent['kind']>(kind: Kind): Extract<ProxyEvent, { kind: Kind }>[] {
    return this.events.filter((event): event is Extract<ProxyEvent, { kind: Kind }> => event.kind === kind)
  }

  #expectAt(side: Side, lines: readonly string[]): this {
    expect(this.take(side), `what reached the ${side}`).toBe(lines.map((line) => `${line}\r\n`).join(''))
    return this
  }

  #note(effect: Effect): void {
    if (effect.kind === 'emit') this.events.push(effect.event)
    else if (effect.kind === 'send') this.#received[effect.to] += latin1(effect.octets)
    else this.acts.push(describe(effect))
    if (effect.kind === 'wait') this.waits.push(effect.millis)
  }
}

/** In words: `secure client`, `write-as client deflate`. */
function describe(effect: Exclude<Effect, { kind: 'send' | 'emit' }>): string {
  if (effect.kind === 'write-as') return `write-as ${effect.to} ${effect.coding}`
  if (effect.kind === 'read-as')
    return `read-as ${effect.from} ${effect.coding} ${latin1(effect.rest)}`.replace(/ $/, '')
  return 'side' in effect ? `${effect.kind} ${effect.side}` : effect.kind
}

/** A dialogue whose upstream is connected and has greeted. */
export function play(options: PlayOptions = {}): Dialogue {
  const dialogue = new Dialogue(options).input({ kind: 'connected' }).server('* OK ready')
  dialogue.take('client')
  return dialogue
}

/** The same after a login. */
export function playLoggedIn(options: PlayOptions = {}): Dialogue {
  const dialogue = play(options).client('l LOGIN ann secret').server('l OK done')
  dialogue.take('client')
  dialogue.take('server')
  dialogue.events.length = 0
  return dialogue
}
