/** Builds a proxy from its configuration: wires listeners, sessions, rules, log and bus; holds no protocol. */

import { createHash, randomBytes } from 'node:crypto'

import type { Config, Listen } from '../config/config.ts'
import { writeListenUrl } from '../config/listen-url.ts'
import { writeUpstreamUrl } from '../config/upstream-url.ts'
import type { ControlServer } from '../control/control-server.ts'
import { FindingsEngine } from '../findings/engine.ts'
import type { ObservedEvent } from '../findings/finding.ts'
import type { Digester } from '../imap/assembler.ts'
import { createLogger, type Logger } from '../log/logger.ts'
import { Connection, type ConnectionContext } from '../net/connection.ts'
import { Dialer } from '../net/dialer.ts'
import { Listener } from '../net/listener.ts'
import { listNetworks, type Networks } from '../net/networks.ts'
import { refuseOwnListener } from '../net/own-listener.ts'
import { readUpstreamCa } from '../net/upstream-ca.ts'
import { makeRules } from '../policy/rules.ts'
import type { SessionId, Ticket } from '../relay/event.ts'
import type { Ruling } from '../relay/hold-rule.ts'
import type { PolicyPort } from '../relay/policy-status.ts'
import { Admission } from './admission.ts'
import { Approvals } from './approvals.ts'
import { Breakpoints, type Ruled } from './breakpoints.ts'
import { keptFor, openCapture, type OpenCapture } from './capture-host.ts'
import { openCertificates, type Certificates } from './certificates.ts'
import { explainRefusal, openControl, ViewerEncoder, type ControlHost } from './control-host.ts'
import { EventBus } from './event-bus.ts'
import { makeFilterBreakpoint, type FilterRule } from './filter-breakpoint.ts'
import { Gateway } from './gateway.ts'
import { openKeyLog, type KeyLog } from './key-log.ts'
import { LiveSessions } from './live-sessions.ts'

export interface Proxy {
  /** Listens on every address, or rejects and listens on none. */
  start(): Promise<void>
  /** Accepts nobody more, tells the clients BYE, and resolves when every session and the log are closed. */
  stop(): Promise<void>
  /** Holds what a filter fits, for this owner; answers what is wrong with the filter. */
  breakAt(owner: object, rule: FilterRule): string | undefined
  /** Ends one session; false when there is none of that name. */
  kill(session: SessionId): boolean
  /** The listeners with the ports they really have. */
  readonly addresses: readonly Listen[]
  readonly bus: EventBus
  readonly breakpoints: Breakpoints
  readonly approvals: Approvals
  /** How the policy stands; undefined without one. */
  readonly policy: PolicyPort | undefined
  /** Reads the policy again, and begins an audit file that was renamed; undefined where there is none. */
  readonly reload: ((by?: string) => void) | undefined
  /** Rules on a held message, whoever holds it; `by` is told where it is an approval. */
  ruleHeld(session: SessionId, ticket: Ticket, ruling: Ruling, by?: string): Ruled
  /** Where viewers attach; undefined where nobody can. */
  readonly controlPath: string | undefined
  /** Path of the local CA's certificate; undefined with a certificate of the operator's own. */
  readonly caPath: string | undefined
}

/** Milliseconds that sessions have to end once the proxy stops. */
const DRAIN_TIMEOUT = 5_000

export async function createProxy(config: Config): Promise<Proxy> {
  const certificates = await openCertificates(config)
  const upstreamCa = config.upstream.ca === undefined ? undefined : readUpstreamCa(config.upstream.ca)
  const logger = createLogger(config.log)
  const keyLog = openKeyLog(config, logger)
  const dialer = new Dialer({ upstream: config.upstream, ca: upstreamCa, onKeyLog: keyLog?.write })
  return new RunningProxy({ config, certificates, dialer, logger, keyLog })
}

interface Parts {
  readonly config: Config
  readonly certificates: Certificates
  readonly dialer: Dialer
  readonly logger: Logger
  readonly keyLog: KeyLog | undefined
}

class RunningProxy implements Proxy {
  readonly bus: EventBus
  readonly breakpoints: Breakpoints
  readonly approvals: Approvals
  readonly caPath: string | undefined
  readonly #parts: Parts
  readonly #connections = new Map<SessionId, Connection>()
  readonly #live = new LiveSessions()
  readonly #admission: Admission
  readonly #gateway: Gateway | undefined
  readonly policy: PolicyPort | undefined
  readonly reload: Proxy['reload']
  /** Load balancers that say who the client is. */
  readonly #from: Networks | undefined
  #control: ControlServer | undefined
  #capture: OpenCapture | undefined
  #listeners: Listener[] = []
  #addresses: Listen[] = []
  #sessions = 0
  #onEmpty: (() => void) | undefined

  constructor(parts: Parts) {
    this.#parts = parts
    this.caPath = parts.certificates.caPath
    const { logger, config } = parts
    this.#from = config.proxyProtocol && listNetworks(config.proxyProtocol.from)
    this.bus = new EventBus((error) => logger.fault(error))
    this.#gateway = Gateway.open(config, {
      bus: this.bus,
      onProblem: (problem) => logger.fault(problem),
      onNews: (news) => logger.note(news),
      onEnforced: () => this.#endUnguarded(),
      onReload: () => this.#connections.forEach((one) => one.tell({ kind: 'reconsidered' })),
    })
    const gateway = this.#gateway
    this.policy = gateway && {
      status: () => gateway.policy.status(),
      setDryRun: (...asked) => gateway.setDryRun(...asked),
    }
    this.reload = gateway && ((by): void => gateway.reload(by))
    this.#admission = new Admission({
      ledger: gateway?.ledger,
      upstreamUrl: writeUpstreamUrl(config.upstream),
      nextSession: () => this.#nextSession(),
      now: () => performance.now(),
      publish: (event) => this.bus.publish(event),
    })
    this.breakpoints = new Breakpoints({
      bus: this.bus,
      rule: (session, ruled) => this.#connections.get(session)?.tell({ kind: 'ruled', ...ruled }),
      onFault: (error) => logger.fault(error),
    })
    this.approvals = new Approvals({
      bus: this.bus,
      rule: (session, ruled) => this.#connections.get(session)?.tell({ kind: 'ruled', ...ruled }),
      now: () => performance.now(),
    })
    this.bus.subscribe(logger.listen, { messages: parts.config.log.wire })
    this.bus.subscribe(this.#live.listen)
    if (parts.config.findings.isEnabled === true) this.#watch(parts.config.findings.ignore)
  }

  get controlPath(): string | undefined {
    return this.#control?.path
  }

  get addresses(): readonly Listen[] {
    return this.#addresses
  }

  async start(): Promise<void> {
    // Before the first session, so that it has its beginning.
    this.#openCapture()
    try {
      await this.#gateway?.start()
      for (const listen of this.#parts.config.listen) await this.#listen(listen)
      await refuseOwnListener(this.#parts.config.upstream, this.#addresses)
      await this.#openControl()
    } catch (error) {
      for (const listener of this.#listeners) listener.stop()
      await this.#capture?.discard()
      await this.#gateway?.close()
      throw error
    }
  }

  async stop(): Promise<void> {
    for (const listener of this.#listeners) listener.stop()
    for (const connection of this.#connections.values()) connection.kill('the proxy is stopping')
    await this.#drained()
    // Behind the sessions: viewers see them end.
    await this.#control?.stop()
    await this.#capture?.close()
    await this.#gateway?.close()
    this.#parts.keyLog?.close()
    await this.#parts.logger.close()
  }

  #openCapture(): void {
    const { config, logger } = this.#parts
    if (!config.capture) return
    const onProblem = (problem: string): void => logger.fault(problem)
    this.#capture = openCapture(config.capture, { bus: this.bus, onProblem })
  }

  async #openControl(): Promise<void> {
    const { config, logger } = this.#parts
    if (!config.control) return
    this.#control = await openControl(config.control, this.#makeHost(), (problem) => logger.fault(problem))
  }

  #makeHost(): ControlHost {
    return {
      describe: () => ({
        upstream: writeUpstreamUrl(this.#parts.config.upstream),
        listen: this.#addresses.map(writeListenUrl),
        caPath: this.caPath,
        hasFindings: this.#parts.config.findings.isEnabled === true,
        ...(this.#parts.config.capture && { capture: this.#parts.config.capture.path }),
      }),
      now: () => performance.now(),
      makeEncoder: () => new ViewerEncoder(),
      subscribe: (listener, wants) => this.bus.subscribe(listener, wants),
      recall: () => [...this.#live.recall(), ...this.#recallHeld()],
      sessions: () => this.#live.table(performance.now()),
      kill: (session) => this.kill(session),
      breakpoints: {
        set: (owner, rule) => this.breakAt(owner, rule),
        rule: (...ruled) => explainRefusal(this.ruleHeld(...ruled)),
        drop: (owner) => this.breakpoints.drop(owner),
      },
      approvals: () => this.approvals.table(),
      policy: this.policy,
    }
  }

  #watch(suppressed: readonly string[]): void {
    const engine = new FindingsEngine({ suppressed })
    const listen = (event: ObservedEvent): void => {
      if (event.kind === 'finding') return
      for (const found of engine.observe(event)) this.bus.publish(found)
    }
    this.bus.subscribe(listen, { messages: true })
  }

  #recallHeld(): readonly ObservedEvent[] {
    const at = performance.now()
    return [...this.breakpoints.list(), ...this.approvals.list()].map((held) => ({
      kind: 'held',
      at,
      ...held,
    }))
  }

  ruleHeld(session: SessionId, ticket: Ticket, ruling: Ruling, by?: string): Ruled {
    const isApproval = this.approvals.has(session, ticket)
    return isApproval
      ? this.approvals.rule(session, ticket, ruling, by)
      : this.breakpoints.rule(session, ticket, ruling)
  }

  breakAt(owner: object, rule: FilterRule): string | undefined {
    const made = makeFilterBreakpoint(rule, (session) => this.#live.originOf(session))
    if (!made.ok) return made.text
    this.breakpoints.set(owner, made.breakpoint)
    return undefined
  }

  kill(session: SessionId): boolean {
    const connection = this.#connections.get(session)
    connection?.kill('the session was ended by the operator')
    return connection !== undefined
  }

  /** Under a dry run anything passed: who logged in, what was selected, and what the server was told to tell of. */
  #endUnguarded(): void {
    for (const connection of this.#connections.values())
      connection.kill('the policy is enforced from now on: log in again')
  }

  async #listen(listen: Listen): Promise<void> {
    let actual = listen
    let context: ConnectionContext | undefined
    const listener = new Listener({
      host: listen.host,
      port: listen.port,
      onClient: (accepted) => {
        const admitted = this.#admission.admit(accepted, actual)
        if (!admitted) return
        const id = this.#nextSession()
        if (admitted.account) this.#gateway?.admit(id, admitted.account)
        // Shared by the listener's connections; made for the first, when the port is known.
        context ??= this.#makeContext(actual)
        this.#connections.set(id, new Connection(id, accepted, context))
      },
      onError: (error) => this.#parts.logger.fault(error),
      proxyProtocol: this.#from && {
        from: this.#from,
        onFault: (peer, reason) => this.#admission.noteProxyFault(peer, actual, reason),
      },
    })
    this.#listeners.push(listener)
    actual = { ...listen, port: await listener.start() }
    this.#addresses = [...this.#addresses, actual]
  }

  #nextSession(): SessionId {
    this.#sessions += 1
    return `S${this.#sessions}`
  }

  #makeContext(listen: Listen): ConnectionContext {
    const { config, certificates, dialer, keyLog } = this.#parts
    return {
      listen,
      listenerUrl: writeListenUrl(listen),
      upstream: config.upstream,
      upstreamUrl: writeUpstreamUrl(config.upstream),
      dialer,
      certificates: certificates.source,
      caPath: certificates.caPath,
      relay: {
        decider: makeRules({ hideCapabilities: config.hideCapabilities, compress: config.compress }),
        compress: config.compress,
        interests: this.bus.interests,
        kept: keptFor(config.capture),
        digesters: {
          client: makeDigester,
          server: () => (wantsDigests(config) ? makeDigester() : undefined),
        },
      },
      ...this.#gateway?.parts,
      makeTag: () => `T${randomBytes(9).toString('hex')}`,
      now: () => performance.now(),
      publish: (event) => this.bus.publish(this.approvals.sign(event)),
      onKeyLog: keyLog?.write,
      onClosed: (connection) => this.#forget(connection),
    }
  }

  #forget(connection: Connection): void {
    this.#connections.delete(connection.id)
    this.#gateway?.forget(connection.id)
    if (this.#connections.size === 0) this.#onEmpty?.()
  }

  #drained(): Promise<void> {
    if (this.#connections.size === 0) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, DRAIN_TIMEOUT)
      this.#onEmpty = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

/** Hashing what the server sends costs more than passing it on. */
const wantsDigests = ({ log, capture }: Config): boolean => log.wire || capture !== undefined

/** Twelve hex digits of SHA-256: enough to tell literals apart in a log, too few to be of use for anything else. */
function makeDigester(): Digester {
  const hash = createHash('sha256')
  return { update: (octets) => void hash.update(octets), hex: () => hash.digest('hex').slice(0, 12) }
}
