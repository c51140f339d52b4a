/** A proxy's policy, its sessions' guards and its audit, as one: opened, read again and closed together; decides nothing. */

import type { Config } from '../config/config.ts'
import type { ConnectionContext } from '../net/connection-context.ts'
import { explainMistake } from '../net/mistake.ts'
import type { CompiledPolicy } from '../policy/compile.ts'
import type { Ledger, SessionAccount } from '../policy/ledger.ts'
import type { SessionId } from '../relay/event.ts'
import { writeSwitch } from '../relay/policy-status.ts'
import type { OpenAudit, PolicyNews } from './audit-host.ts'
import type { EventBus } from './event-bus.ts'
import { PolicyGuards } from './policy-guards.ts'
import { PolicyHost, type Reload, type Switch } from './policy-host.ts'

export interface GatewayHost {
  readonly bus: EventBus
  /** One sentence for the log. */
  onProblem(problem: string): void
  onNews(news: string): void
  /** The policy is enforced from now on: sessions that it could not see must not go on. */
  onEnforced(): void
  /** Another policy may hold: each session looks whether it can go on under it. */
  onReload(): void
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
  /** One switch at a time: their records have to stand in the order in which they came to hold. */
  #switching: Promise<unknown> = Promise.resolve()
  /** Another begins where files are read or something is tightened: what was to be loosened before is not done then. */
  #era = 0

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
      findObstacle: (next) => gateway.#findObstacle(next),
    })
    const gateway = new Gateway(policy, config, host)
    return gateway
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

  /** The policy is read again, and an audit file that was renamed is begun anew; `by` says who asks, as SIGHUP does. */
  reload(by = 'the program around the proxy'): void {
    const wasFailing = this.#audit?.isFailing === true
    const { ok } = this.policy.reload(by)
    this.#audit
      ?.reopen()
      .then(() => {
        // It may have been refused for the audit's sake alone.
        if (!ok && wasFailing && this.#audit?.isFailing === false) this.policy.reload(by)
      })
      .catch((error: unknown) => this.#host.onProblem(String(error)))
  }

  /** Under a strict audit nothing is loosened that is not on record; answers why it was not done. */
  setDryRun(rule: string | undefined, on: boolean, by: string): Promise<string | undefined> {
    const asked = { rule, isDryRun: on, by }
    // Nothing that tightens waits for a disk that hangs.
    if (this.policy.weigh(asked) === 'tighter') return this.#switch(asked, ++this.#era)
    const era = this.#era
    const done = this.#switching.then(() => this.#switch(asked, era))
    this.#switching = done.catch(() => undefined)
    return done
  }

  async close(): Promise<void> {
    this.policy.close()
    await this.#audit?.close()
  }

  async #switch(asked: Switch, era: number): Promise<string | undefined> {
    const { policy } = this
    const weight = policy.weigh(asked)
    if (weight === 'unknown') return `there is no rule "${asked.rule}"`
    if (weight === 'none') return undefined
    const switched = writeSwitch(asked)
    const isDryRun = asked.rule === undefined ? asked.isDryRun : this.#isDryRun
    const noted = this.#note({ isDryRun, switched, by: asked.by })
    if (weight === 'looser' && this.#audit?.recorder && (await noted) !== true)
      return this.#refuseSwitch(asked, 'the audit is strict and cannot be written')
    if (this.#era !== era) {
      const problem = 'the policy was read again or tightened meanwhile'
      void this.#note({ isDryRun: this.#isDryRun, switched, problem, by: asked.by })
      return this.#refuseSwitch(asked, problem)
    }
    policy.take(asked)
    const what = asked.rule === undefined ? 'the policy' : `rule ${asked.rule}`
    const words = asked.isDryRun ? 'is only recorded (dry run)' : 'holds'
    this.#host.onNews(`${what} ${words} from now on, switched by ${asked.by}`)
    this.#settleMode()
    return undefined
  }

  /** Files are no other way to switch everything off while nothing can be put on record. */
  #findObstacle({ mode }: CompiledPolicy): string | undefined {
    const isLost = this.#audit?.recorder !== undefined && this.#audit.isFailing
    return isLost && mode === 'dry-run' && !this.#isDryRun
      ? 'mode: dry-run is not taken while the audit is strict and cannot be written: mend that, then send SIGHUP'
      : undefined
  }

  /** The disk was not known to be full, or the file to be gone, before the record of it could not be kept. */
  #takeBack(): void {
    if (!this.#isDryRun) return
    this.#era += 1
    this.policy.take({
      rule: undefined,
      isDryRun: false,
      by: 'the strict audit, which cannot be written',
    })
    this.#host.onProblem(
      'mode: dry-run is taken back: the audit is strict and cannot be written: mend that, then send SIGHUP',
    )
    this.#settleMode()
  }

  #refuseSwitch(asked: Switch, problem: string): string {
    this.#host.onProblem(`${writeSwitch(asked)}: ${asked.by} could not switch that: ${problem}`)
    return `Not switched: ${problem}.`
  }

  get #isDryRun(): boolean {
    return !this.#guards.isEnforced
  }

  #note(news: Omit<PolicyNews, 'policy'>): Promise<boolean> | undefined {
    return this.#audit?.notePolicy({ policy: this.policy.version, ...news })
  }

  async #openAudit(config: NonNullable<Config['audit']>): Promise<OpenAudit> {
    const { openAudit } = await import('./audit-host.ts')
    return openAudit(config, {
      bus: this.#host.bus,
      onProblem: (problem) => this.#host.onProblem(problem),
      policy: this.policy.version,
      isDryRun: this.#isDryRun,
    })
  }

  #tellReload(reload: Reload): void {
    this.#era += 1
    const isDryRun = this.#isDryRun
    const { by } = reload
    if (reload.ok) {
      const { version, before } = reload
      const ended = reload.ended.map((one) => `${writeSwitch(one)} (${one.by})`)
      const noted = this.#note({ isDryRun, ended, by })
      if (isDryRun && this.#wasEnforced && this.#audit?.recorder)
        void noted?.then((isKept) => {
          if (!isKept) this.#takeBack()
        })
      const words =
        ended.length === 0 ? '' : `; switched by hand before, and ended with it: ${ended.join(', ')}`
      if (version !== before || words !== '')
        this.#host.onNews(`the policy was read again (${by}): ${version}${words}`)
      this.#host.onReload()
      return this.#settleMode()
    }
    const problem = reload.problems.join('; ')
    void this.#note({ isDryRun, problem, by })
    this.#host.onProblem(`the policy was not taken (${by}), and the one before goes on: ${problem}`)
  }

  /** Transparent sessions pass what no guard has seen: they end where a policy begins to hold. */
  #settleMode(): void {
    const isEnforced = this.#guards.isEnforced
    if (isEnforced && !this.#wasEnforced) {
      this.#host.onEnforced()
      this.#host.onReload()
    }
    this.#wasEnforced = isEnforced
  }
}
