/** Makes the guards of sessions: what they share is the policy of the moment, the ledger and this machine's clock; decides nothing. */

import { randomBytes } from 'node:crypto'

import type { LimitsDocument } from '../config/policy-document.ts'
import type { MadeGuard } from '../net/connection-context.ts'
import type { LoginBounds } from '../net/login-watch.ts'
import type { CompiledPolicy } from '../policy/compile.ts'
import type { CurrentPolicy, GuardHost } from '../policy/guard-host.ts'
import { FailClosedGuard } from '../policy/fail-closed-guard.ts'
import { Ledger, type SessionAccount } from '../policy/ledger.ts'
import { makeMailboxView } from '../policy/mailbox-view.ts'
import { weekdays } from '../policy/context.ts'
import type { WallTime } from '../policy/rule-context.ts'
import { SessionGuard } from '../policy/session-guard.ts'
import type { CompressMode } from '../relay/compression.ts'
import type { SessionId } from '../relay/event.ts'
import type { SessionOrigin } from '../relay/guard.ts'

export interface PolicyGuardsHost {
  /** Another object as soon as another policy holds. */
  readonly current: CompiledPolicy
  readonly compress: CompressMode
  /** Hidden whatever the policy says. */
  readonly hideCapabilities: readonly string[]
  /** A mistake of ours ended a session. */
  onFault?(error: unknown): void
}

export class PolicyGuards implements GuardHost {
  readonly #host: PolicyGuardsHost
  readonly ledger: Ledger
  readonly #accounts = new Map<SessionId, SessionAccount>()
  #current: CurrentPolicy

  constructor(host: PolicyGuardsHost) {
    this.#host = host
    this.#current = prepare(host.current)
    this.ledger = new Ledger(limitsOf(this.#current))
  }

  get compress(): CompressMode {
    return this.#host.compress
  }

  get hideCapabilities(): readonly string[] {
    return this.#host.hideCapabilities
  }

  /** All of one policy: a reload puts another in its place between two decisions. */
  get current(): CurrentPolicy {
    const { current } = this.#host
    if (this.#current.compiled !== current) {
      this.#current = prepare(current)
      this.ledger.setLimits(limitsOf(this.#current))
    }
    return this.#current
  }

  /** For the lanes of a new session: under a dry run all passes as if there was no policy. */
  get isEnforced(): boolean {
    return this.current.compiled.mode === 'enforce'
  }

  get loginBounds(): LoginBounds {
    return this.isEnforced ? this.ledger.loginBounds : unbounded
  }

  wallTime(): WallTime {
    const now = new Date()
    return { hour: now.getHours(), minute: now.getMinutes(), weekday: weekdays[now.getDay()] ?? 'sunday' }
  }

  makeAlias(): string {
    return randomBytes(16).toString('hex')
  }

  /** Octets for the client of this session; a text ends it. */
  meter(session: SessionId, octets: number): string | undefined {
    const refusal = this.#accounts.get(session)?.chargeServerOctets(octets, performance.now())
    return this.isEnforced ? refusal?.why : undefined
  }

  forget(session: SessionId): void {
    this.#accounts.get(session)?.close(performance.now())
    this.#accounts.delete(session)
  }

  /** The session was let in; its guard uses the account. */
  admit(session: SessionId, account: SessionAccount): void {
    this.#accounts.set(session, account)
  }

  makeGuard(origin: SessionOrigin): MadeGuard {
    const account = this.#accounts.get(origin.session)
    if (!account) throw new Error(`no account was opened for ${origin.session}`)
    const guard = new SessionGuard({ host: this, origin, account })
    const onFault = (error: unknown): void => this.#host.onFault?.(error)
    return { guard: new FailClosedGuard(guard, onFault), isEnforced: this.isEnforced }
  }
}

/** A dry run turns nobody away. */
const limitsOf = ({ compiled, document }: CurrentPolicy): LimitsDocument =>
  compiled.mode === 'enforce' ? document.limits : {}

/** A dry run ends nobody; Node has no longer timers. */
const unbounded: LoginBounds = { millis: 2 ** 31 - 1, octets: undefined }

function prepare(compiled: CompiledPolicy): CurrentPolicy {
  return { document: compiled.document, compiled, view: makeMailboxView(compiled.document) }
}
