/** A proxy's policy, its sessions' guards and its audit, as one: opened, read again and closed together; decides nothing. */

import type { Config } from '../config/config.ts'
import type { ConnectionContext } from '../net/connection-context.ts'
import { explainMistake } from '../net/mistake.ts'
import type { Ledger, SessionAccount } from '../policy/ledger.ts'
import type { SessionId } from '../relay/event.ts'
import type { OpenAudit } from './audit-host.ts'
import type { EventBus } from './event-bus.ts'
import { PolicyGuards } from './policy-guards.ts'
import { PolicyHost, type Reload } from './policy-host.ts'

export interface GatewayHost {
  readonly bus: EventBus
  /** One sentence for the log. */
  onProblem(problem: string): void
  onNews(news: string): void
  /** The policy is enforced from now on: sessions that it could not see must not go on. */
  onEnforced(): void
}

/** What a listener's connections are given of it. */
export type GatewayParts = Pick<ConnectionContext, 'makeGuard' | 'recorder' | 'loginBounds' | 'meter'>

export class Gateway {
  readonly policy: PolicyHost
  readonly #guards: PolicyGuards
  readonly #config: Config
  readonly #host: GatewayHost
  #audit: OpenAudit | undefined
  #wasEnforced: boolean

  private constructor(policy: PolicyHost, config: Config, host: GatewayHost) {
    this.policy = policy
    this.#config = config
    this.#host = host
    this.#guards = new PolicyGuards({
      get current() {
        return policy.current
      },
      compress: config.compress,
      hideCapabilities: config.hideCapabilities,
      onFault: (error) =>
        host.onProblem(`the guard of a session failed, and the session ends: ${explainMistake(error)}`),
    })
    this.#wasEnforced = this.#guards.isEnforced
    policy.onReload((reload) => this.#tellReload(reload))
  }

  /** Undefined where nothing is enforced; throws BadConfiguration for a policy with mistakes. */
  static open(config: Config, host: GatewayHost): Gateway | undefined {
    if (!config.policy) return undefined
    const policy = PolicyHost.open(config.policy, {
      now: () => performance.now(),
      onProblem: (problem) => host.onProblem(problem),
    })
    return new Gateway(policy, config, host)
  }

  get ledger(): Ledger {
    return this.#guards.ledger
  }

  /** Before the first session: what cannot be audited must not happen. */
  async start(): Promise<void> {
    const { audit } = this.#config
    if (audit) this.#audit = await this.#openAudit(audit)
    this.policy.watch()
  }

  admit(session: SessionId, account: SessionAccount): void {
    this.#guards.admit(session, account)
  }

  forget(session: SessionId): void {
    this.#guards.forget(session)
  }

  get parts(): GatewayParts {
    const guards = this.#guards
    return {
      makeGuard: (origin) => guards.makeGuard(origin),
      recorder: this.#audit?.recorder,
      loginBounds: () => guards.loginBounds,
      meter: (session, octets) => guards.meter(session, octets),
    }
  }

  /** SIGHUP: the policy is read again, and an audit file that was renamed is begun anew. */
  reload(): void {
    this.policy.reload()
    this.#audit?.reopen().catch((error: unknown) => this.#host.onProblem(String(error)))
  }

  setDryRun(rule: string | undefined, on: boolean): string | undefined {
    const problem = this.policy.setDryRun(rule, on)
    if (problem === undefined) {
      const what = rule === undefined ? 'the policy' : `rule ${rule}`
      this.#host.onNews(`${what} ${on ? 'is only recorded (dry run)' : 'holds'} from now on`)
      this.#audit?.notePolicy({ policy: this.policy.version, by: `dry run ${on ? 'on' : 'off'}: ${what}` })
      this.#settleMode()
    }
    return problem
  }

  async close(): Promise<void> {
    this.policy.close()
    await this.#audit?.close()
  }

  async #openAudit(config: NonNullable<Config['audit']>): Promise<OpenAudit> {
    const { openAudit } = await import('./audit-host.ts')
    return openAudit(config, {
      bus: this.#host.bus,
      onProblem: (problem) => this.#host.onProblem(problem),
      policy: this.policy.version,
    })
  }

  #tellReload(reload: Reload): void {
    if (reload.ok) {
      this.#audit?.notePolicy({ policy: reload.version })
      if (reload.version !== reload.before) this.#host.onNews(`the policy was read again: ${reload.version}`)
      return this.#settleMode()
    }
    const problem = reload.problems.join('; ')
    this.#audit?.notePolicy({ policy: this.policy.version, problem })
    this.#host.onProblem(`the policy was not taken, and the one before goes on: ${problem}`)
  }

  /** Transparent sessions pass what no guard has seen: they end where a policy begins to hold. */
  #settleMode(): void {
    const isEnforced = this.#guards.isEnforced
    if (isEnforced && !this.#wasEnforced) this.#host.onEnforced()
    this.#wasEnforced = isEnforced
  }
}
