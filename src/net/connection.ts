/** One session's two sockets: turns what they do into the engine's inputs and does what the engine asks; decides nothing. */

import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

import type { Side } from '../imap/raw-message.ts'
import type { Effect } from '../relay/effect.ts'
import type { Address, EventBody, SessionId, TlsFacts } from '../relay/event.ts'
import type { TimelessInput } from '../relay/input.ts'
import { Relay } from '../relay/relay.ts'
import { serverTlsOptions } from './certificate-source.ts'
import type { ConnectionContext } from './connection-context.ts'
import { guardSession } from './guarding.ts'
import { highWaterMark } from './dialer.ts'
import { Leg, type LegListener } from './leg.ts'
import type { Accepted } from './listener.ts'
import { explainMistake } from './mistake.ts'
import { Patience, waits, type Wait } from './patience.ts'
import { SessionWatch } from './session-watch.ts'
import { readSni, tlsFacts } from './tls-facts.ts'
import {
  closedInHandshake,
  closedSilently,
  closedUnused,
  explainTlsFailure,
  isCorrupt,
  type TlsError,
} from './tls-failure.ts'
import { WaitsOfEngine } from './waits-of-engine.ts'

/**
 * Milliseconds that a client has to take its last octets and close. Closing on what it still sends would make the
 * system answer with a reset, which can overtake our BYE.
 */
const CLIENT_LINGER = 500
/** Milliseconds behind the handshake within which a silent end is taken for a refusal of the certificate. */
const REFUSAL = 2_000

export type { ConnectionContext, Recorder } from './connection-context.ts'

export class Connection {
  readonly id: SessionId
  readonly #context: ConnectionContext
  readonly #relay: Relay
  readonly #client: Leg
  /** The client's socket below TLS. */
  readonly #accepted: Socket
  #upstream: Leg | undefined
  #dials = 0
  /** Sides whose TLS handshake is going on. */
  readonly #handshakes = new Set<Side>()
  /** When the client finished its handshake, until it sends something under it. */
  #silentSince: number | undefined
  readonly #watch: SessionWatch
  /** As they stand on the client's leg. */
  #clientTls: TlsFacts | undefined
  readonly #waits: WaitsOfEngine
  readonly #patience = new Patience((wait) => this.#failLate(wait))

  constructor(id: SessionId, { socket, address }: Accepted, context: ConnectionContext) {
    this.id = id
    this.#context = context
    this.#waits = new WaitsOfEngine(context.recorder, (input) => this.#handle(input))
    const guarding = guardSession(context, { session: id, address, tls: () => this.#clientTls })
    this.#relay = new Relay({
      ...context.relay,
      session: id,
      makeTag: () => context.makeTag(),
      isClientSecure: context.listen.protocol === 'imaps',
      startsUpstreamTls: context.upstream.protocol === 'imap+starttls',
      ...guarding,
    })
    this.#accepted = socket
    this.#client = new Leg(socket, this.#listenTo('client'))
    this.#watch = new SessionWatch(context, this.#relay, this)
    this.#open(address)
  }

  /** Ends the session; the client is told where the protocol allows it. */
  kill(reason: string): void {
    this.#handle({ kind: 'failed', reason, tell: reason })
  }

  tell(news: Extract<TimelessInput, { kind: 'ruled' | 'reconsidered' }>): void {
    this.#handle(news)
  }

  #open(address: Address): void {
    this.#emit({
      kind: 'opened',
      address,
      listener: this.#context.listenerUrl,
      upstream: this.#context.upstreamUrl,
      view: this.#relay.view,
    })
    if (this.#context.listen.protocol === 'imaps') return this.#secureClient(() => this.#begin())
    this.#begin()
  }

  #begin(): void {
    // Killed or given up while the handshake went on: nobody would ever close what is dialled now.
    if (this.#relay.isClosed) return
    this.#client.read()
    this.#dial()
  }

  // Upstream.

  #dial(): void {
    this.#dials += 1
    this.#handshakes.delete('server')
    this.#await('greeting')
    const listener = this.#listenTo('server', this.#dials)
    const socket = this.#context.dialer.dial((octets) => leg.receive(octets))
    const leg = new Leg(socket, listener)
    this.#upstream = leg
    if (socket instanceof TLSSocket) {
      socket.once('connect', () => this.#handshakes.add('server'))
      socket.once('secureConnect', () => this.#onUpstreamSecured(socket))
    } else socket.once('connect', () => this.#beginUpstream())
  }

  #beginUpstream(): void {
    if (this.#relay.isClosed) return
    this.#upstream?.read()
    this.#handle({ kind: 'connected' })
  }

  #onUpstreamSecured(secured: TLSSocket): void {
    if (this.#relay.isClosed) return
    this.#tellUpstreamTls(secured)
    this.#beginUpstream()
  }

  #secureUpstream(): void {
    this.#handshakes.add('server')
    const secured = this.#upstream?.replace((socket) => this.#context.dialer.secure(socket))
    secured?.once('secureConnect', () => {
      this.#tellUpstreamTls(secured)
      this.#secured('server')
    })
  }

  #tellUpstreamTls(secured: TLSSocket): void {
    this.#handshakes.delete('server')
    this.#emit({
      kind: 'secured',
      side: 'server',
      tls: tlsFacts(secured, 'server', { name: this.#context.dialer.verifiedName }),
    })
  }

  // The client.

  #secureClient(done: () => void): void {
    this.#handshakes.add('client')
    this.#await('handshake')
    const secured = this.#client.replace((socket) => {
      const options = serverTlsOptions(
        this.#context.certificates,
        socket.localAddress ?? this.#context.listen.host,
      )
      const sized: typeof options & { highWaterMark: number } = { ...options, highWaterMark }
      return new TLSSocket(socket, sized)
    })
    const { onKeyLog } = this.#context
    if (onKeyLog) secured.on('keylog', onKeyLog)
    // Before its handshake is done a server-side socket tells of errors only by this event.
    secured.on('_tlsError', (error: Error) => this.#fail('client', error))
    secured.once('secure', () => {
      this.#patience.end('handshake')
      this.#handshakes.delete('client')
      if (this.#relay.isClosed) return
      this.#silentSince = this.#context.now()
      const { fixed } = this.#context.certificates
      const tls = tlsFacts(secured, 'client', fixed === undefined ? {} : { certificate: fixed })
      this.#clientTls = tls
      this.#emit({ kind: 'secured', side: 'client', tls })
      done()
    })
  }

  // Octets.

  #listenTo(side: Side, dial = 0): LegListener {
    // A leg that was replaced by a redial has nothing more to say.
    const isCurrent = (): boolean => side === 'client' || dial === this.#dials
    return {
      onData: (octets) => {
        if (side === 'client') {
          this.#silentSince = undefined
          this.#watch.heard(octets.length)
        }
        // One side may go on for as long as it has something to say.
        this.#patience.renew('linger')
        if (isCurrent()) this.#handle({ kind: 'received', from: side, octets })
      },
      onEnd: () => {
        if (isCurrent()) this.#onEnd(side)
      },
      onError: (error) => {
        if (isCurrent()) this.#fail(side, error)
      },
      onClose: () => {
        if (isCurrent()) this.#onClose(side)
      },
      onDrain: () => {
        this.#other(side)?.resume('drain')
        this.#leg(side)?.resume('drain')
      },
    }
  }

  #leg(side: Side): Leg | undefined {
    return side === 'client' ? this.#client : this.#upstream
  }

  #other(side: Side): Leg | undefined {
    return side === 'client' ? this.#upstream : this.#client
  }

  #handle(input: TimelessInput): void {
    for (const effect of this.#step(input)) this.#run(effect)
    if (this.#relay.hasGreeted) this.#patience.end('greeting')
    this.#watch.settle()
  }

  /** A mistake of ours costs one session: whatever it was about, nothing more of it goes on. */
  #step(input: TimelessInput): readonly Effect[] {
    try {
      return this.#relay.handle({ ...input, at: this.#context.now() })
    } catch (error) {
      const reason = `imaptap made a mistake, and ended the session: ${explainMistake(error)}`
      return this.#relay.handle({ kind: 'failed', reason, tell: 'internal error', at: this.#context.now() })
    }
  }

  #run(effect: Effect): void {
    if (effect.kind === 'send') return this.#write(effect.to, effect.octets)
    if (effect.kind === 'emit') return this.#context.publish(effect.event)
    if (effect.kind === 'end') return this.#leg(effect.side)?.end()
    if (effect.kind === 'close') return this.#close()
    if (effect.kind === 'redial') return this.#redial()
    if (effect.kind === 'write-as') return this.#leg(effect.to)?.writeAs(effect.coding)
    if (effect.kind === 'read-as') return this.#leg(effect.from)?.readAs(effect.coding, effect.rest)
    if (effect.kind === 'wait' || effect.kind === 'record') return this.#waits.begin(effect)
    if (effect.kind !== 'secure') return this.#leg(effect.side)?.[effect.kind]('engine')
    if (effect.side === 'server') this.#secureUpstream()
    else this.#secureClient(() => this.#secured('client'))
  }

  #write(to: Side, octets: Uint8Array): void {
    const leg = this.#leg(to)
    if (to === 'client') this.#watch.said(octets.length)
    if (!leg || leg.write(octets)) return
    this.#other(to)?.pause('drain')
    if (leg.isOverfull) leg.pause('drain')
  }

  #secured(side: Side): void {
    const leg = this.#leg(side)
    leg?.read()
    this.#handle({ kind: 'secured', side })
  }

  #redial(): void {
    this.#upstream?.destroy()
    this.#dial()
  }

  #onEnd(side: Side): void {
    if (this.#handshakes.has(side)) return this.#fail(side, this.#explainCutOff(side))
    if (side === 'client' && this.#isRefusal()) return this.#fail(side, closedUnused())
    this.#await('linger')
    this.#handle({ kind: 'ended', side })
  }

  #explainCutOff(side: Side): TlsError {
    return side === 'client' && this.#accepted.bytesRead === 0 ? closedSilently() : closedInHandshake()
  }

  #onClose(side: Side): void {
    // Some clients refuse a certificate without a word.
    if (side === 'client' && this.#handshakes.has(side)) return this.#fail(side, this.#explainCutOff(side))
    this.#handle({ kind: 'failed', reason: `the connection to the ${side} was closed` })
  }

  #fail(side: Side, cause: TlsError): void {
    if (this.#relay.isClosed) return
    if (this.#relay.view.state === 'logout') return this.#handle({ kind: 'failed', reason: cause.message })
    const error =
      side === 'client' && cause.code === 'ECONNRESET' && this.#isRefusal() ? closedUnused() : cause
    const context = {
      name: this.#nameOf(side),
      caPath: this.#context.caPath,
      upstreamUrl: this.#context.upstreamUrl,
      isEstablished: !this.#handshakes.has(side),
    }
    const { reason, advice } = explainTlsFailure(side, error, context)
    const isTls = this.#isTlsFault(side, error)
    if (isTls) this.#emit({ kind: 'tls-failed', side, reason, advice })
    // Whoever broke its connection is not told; whoever sent octets that cannot be inflated can be.
    const isMute = side === 'client' && !isCorrupt(error)
    if (!isTls && !isMute) this.#emit({ kind: 'warning', reason, advice })
    this.#handle({ kind: 'failed', reason, ...(!isMute && { tell: reason }) })
  }

  /** Some clients look at the certificate when the handshake is done, and leave without a word. */
  #isRefusal(): boolean {
    return this.#silentSince !== undefined && this.#context.now() - this.#silentSince < REFUSAL
  }

  #isTlsFault(side: Side, { code = '' }: TlsError): boolean {
    return this.#handshakes.has(side) || code === closedUnused().code || /^ERR_(?:SSL|TLS)/.test(code)
  }

  #nameOf(side: Side): string {
    if (side === 'server') return this.#context.dialer.verifiedName
    const { socket } = this.#client
    return (
      (socket instanceof TLSSocket && readSni(socket)) || (socket.localAddress ?? this.#context.listen.host)
    )
  }

  #close(): void {
    this.#patience.endAll()
    this.#waits.end()
    this.#watch.end()
    this.#client.close(CLIENT_LINGER)
    this.#upstream?.close()
    this.#context.onClosed(this)
  }

  #emit(event: EventBody): void {
    this.#context.publish({ session: this.id, at: this.#context.now(), ...event })
  }

  #await(wait: Wait): void {
    if (!this.#relay.isClosed) this.#patience.begin(wait)
  }

  #failLate(wait: Wait): void {
    // A held message has a deadline of its own.
    if (wait === 'linger' && this.#relay.holds.isHolding) return this.#await(wait)
    const { reason, advice } = waits[wait]
    if (wait === 'handshake') this.#emit({ kind: 'tls-failed', side: 'client', reason, advice })
    else this.#emit({ kind: 'warning', reason, advice })
    this.#handle({ kind: 'failed', reason, tell: reason })
  }
}
