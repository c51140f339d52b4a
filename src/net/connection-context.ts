/** What the connections of one listener are given by the application; type only. */

import type { Listen, Upstream } from '../config/config.ts'
import type { ProxyEvent, SessionId } from '../relay/event.ts'
import type { Guard, SessionOrigin } from '../relay/guard.ts'
import type { RelayOptions } from '../relay/relay-options.ts'
import type { CertificateSource } from './certificate-source.ts'
import type { Connection } from './connection.ts'
import type { Dialer } from './dialer.ts'
import type { LoginBounds } from './login-watch.ts'

export interface Recorder {
  /** Calls back once, never within the call: true when the record is on disk, false when it cannot get there. */
  record(event: ProxyEvent, done: (isDurable: boolean) => void): void
}

/** Who decides in one session, or only says what it would decide (dry run). */
export interface MadeGuard {
  readonly guard: Guard
  readonly isEnforced: boolean
}

/** What all connections of one listener share. */
export interface ConnectionContext {
  readonly listen: Listen
  readonly listenerUrl: string
  readonly upstream: Upstream
  readonly upstreamUrl: string
  readonly dialer: Dialer
  readonly certificates: CertificateSource
  /** Path of the CA's certificate, for advice; undefined with a certificate of the operator's own. */
  readonly caPath: string | undefined
  readonly relay: Pick<RelayOptions, 'decider' | 'interests' | 'digesters' | 'compress' | 'kept'>
  /** Undefined: nothing is enforced. */
  readonly makeGuard?: ((origin: SessionOrigin) => MadeGuard) | undefined
  /** Makes decisions durable before their commands go on; undefined: nothing waits for that. */
  readonly recorder?: Recorder | undefined
  /** Until a client is logged in; undefined: it may take its time. */
  readonly loginBounds?: (() => LoginBounds) | undefined
  /** Hears how many octets a client gets; a reason ends its session. */
  readonly meter?: ((session: SessionId, octets: number) => string | undefined) | undefined
  /** Unguessable, for our own commands. */
  makeTag(): string
  /** Milliseconds of a monotonic clock. */
  now(): number
  publish(event: ProxyEvent): void
  onKeyLog: ((line: Buffer) => void) | undefined
  onClosed(connection: Connection): void
}
