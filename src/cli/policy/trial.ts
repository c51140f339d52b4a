/** Tries one command on a policy: the real engine and the real guard between an invented client and server; opens no socket. */

import { latin1, octetsOf } from '../../imap/octets.ts'
import type { Effect } from '../../relay/effect.ts'
import type { ProxyEvent } from '../../relay/event.ts'
import type { Decided, Guard, SessionOrigin } from '../../relay/guard.ts'
import type { TimelessInput } from '../../relay/input.ts'
import { Relay } from '../../relay/relay.ts'
import type { SessionView } from '../../session/session.ts'
import { trialGreeting, TrialServer, type Received } from './trial-server.ts'

export interface TrialOptions {
  makeGuard(origin: SessionOrigin): Guard
  readonly separator: string
  /** Whether a command names what stands for a hidden mailbox. */
  isMissing(text: string): boolean
  readonly address: string
  readonly listener: string
}

/** What came of one command. */
export interface Tried {
  readonly decided: readonly Decided[]
  /** What upstream got of it, octet for octet; undefined where it got nothing. */
  readonly upstream: string | undefined
  /** What imaptap asked upstream by itself, to be able to decide. */
  readonly asked: readonly string[]
  /** Lines for the client; those of the imaginary server's are told apart. */
  readonly client: readonly HeardLine[]
  readonly approval: Extract<ProxyEvent, { kind: 'held' }>['approval']
  readonly waitMillis: number
  readonly isClosed: boolean
}

export interface HeardLine {
  readonly line: string
  readonly isOurs: boolean
}

/** Turns of the loop: more than any command takes. */
const STEPS = 1_000

export class Trial {
  readonly #relay: Relay
  readonly #server: TrialServer
  #heard = ''
  #events: ProxyEvent[] = []
  #waitMillis = 0
  #approval: Tried['approval']
  #tags = 0
  #at = 1_000

  constructor(options: TrialOptions) {
    this.#server = new TrialServer(options)
    const origin: SessionOrigin = {
      session: 'S1',
      address: { host: options.address, port: 50_000 },
      listener: options.listener,
      isLoopback: true,
      tls: () => trialTls,
    }
    this.#relay = new Relay({
      session: 'S1',
      decider: undecided,
      interests: { messages: true },
      isClientSecure: true,
      startsUpstreamTls: false,
      makeTag: () => `imaptap${++this.#tags}`,
      guard: options.makeGuard(origin),
      digesters: { client: () => undefined, server: () => undefined },
    })
    this.#run({ kind: 'connected' })
    this.#run({ kind: 'received', from: 'server', octets: octetsOf(trialGreeting) })
  }

  get isClosed(): boolean {
    return this.#relay.isClosed
  }

  get view(): SessionView {
    return this.#relay.view
  }

  /** The text is all of the command, its tag and line ends included. */
  try(text: string): Tried {
    const before = this.#server.received.length
    this.#heard = ''
    this.#events = []
    this.#waitMillis = 0
    this.#approval = undefined
    this.#at += 1_000
    this.#run({ kind: 'received', from: 'client', octets: octetsOf(text) })
    const received = this.#server.received.slice(before)
    return {
      decided: this.#events.flatMap((event) => (event.kind === 'decided' ? [event.decided] : [])),
      upstream: upstreamOf(received),
      asked: received.filter(isOurs).map(({ octets }) => octets),
      client: this.#lines(),
      approval: this.#approval,
      waitMillis: this.#waitMillis,
      isClosed: this.isClosed,
    }
  }

  /** A message that is ours is told as such. */
  #lines(): readonly HeardLine[] {
    const ours = new Set(
      this.#events.flatMap((event) =>
        event.kind === 'message' && event.isOurs === true ? [lineOf(event.message.raw.parts[0])] : [],
      ),
    )
    const lines = this.#heard.split('\r\n').filter((line) => line !== '')
    return lines.map((line) => ({ line, isOurs: ours.has(line) }))
  }

  #run(first: TimelessInput): void {
    const inputs: TimelessInput[] = [first]
    for (let step = 0; step < STEPS; step++) {
      const input = inputs.shift()
      if (!input) return
      for (const effect of this.#relay.handle({ ...input, at: this.#at }))
        inputs.push(...this.#perform(effect))
    }
    throw new Error('the trial does not come to an end')
  }

  /** What follows from an effect: time passes at once, and whoever is asked agrees. */
  #perform(effect: Effect): readonly TimelessInput[] {
    switch (effect.kind) {
      case 'send':
        return this.#send(effect)
      case 'wait':
        this.#waitMillis += effect.millis
        return [{ kind: 'waited', ticket: effect.ticket }]
      case 'record':
        return [{ kind: 'recorded', ticket: effect.ticket, isDurable: true }]
      case 'emit':
        return this.#hear(effect.event)
      default:
        return []
    }
  }

  #send({ to, octets }: Extract<Effect, { kind: 'send' }>): readonly TimelessInput[] {
    if (to === 'client') this.#heard += latin1(octets)
    const said = to === 'server' ? this.#server.take(octets) : ''
    return said === '' ? [] : [{ kind: 'received', from: 'server', octets: octetsOf(said) }]
  }

  #hear(event: ProxyEvent): readonly TimelessInput[] {
    this.#events.push(event)
    if (event.kind !== 'held' || !event.approval) return []
    this.#approval = event.approval
    return [{ kind: 'ruled', ticket: event.ticket, ruling: { kind: 'forward' } }]
  }
}

const isOurs = ({ tag }: Received): boolean => tag.startsWith('imaptap')

function upstreamOf(received: readonly Received[]): string | undefined {
  const its = received.filter((one) => !isOurs(one)).map(({ octets }) => octets)
  return its.length === 0 ? undefined : its.join('')
}

function lineOf(part: { readonly kind: string; readonly octets?: Uint8Array } | undefined): string {
  return part?.octets ? latin1(part.octets).trimEnd() : ''
}

const trialTls = {
  version: 'TLSv1.3',
  cipher: 'TLS_AES_256_GCM_SHA384',
  name: 'localhost',
  certificate: 'CN=localhost',
  isResumed: false,
}

/** A guarded session asks its guard alone. */
const undecided = {
  decideCommand: () => ({ kind: 'forward' }) as const,
  decideResponse: () => ({ kind: 'forward' }) as const,
}
