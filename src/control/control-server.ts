/** Answers viewers on the control socket and tells them what happens; never waits for one, and does not know the sessions. */

import { createServer, type Server, type Socket } from 'node:net'
import type { ObservedEvent } from '../findings/finding.ts'
import type { SessionId, Ticket } from '../relay/event.ts'
import type { Ruling } from '../relay/hold-rule.ts'
import type { PolicyPort } from '../relay/policy-status.ts'
import { Channel, type Encoder } from './channel.ts'
import type { ControlPlace } from './control-path.ts'
import { bindControlSocket, bindOwnSocket, type BoundSocket } from './control-socket.ts'
import {
  controlLimits,
  protocolVersion,
  writeAnswer,
  writeBye,
  writeHello,
  writePart,
  type ApprovalFacts,
  type Hello,
  type Request,
  type SessionFacts,
} from './protocol.ts'
import { Viewer } from './viewer.ts'

/** The proxy, as far as viewers may reach it. */
export interface ControlHost {
  describe(): Pick<Hello, 'upstream' | 'listen' | 'caPath' | 'hasFindings' | 'capture'>
  /** The clock of the events. */
  now(): number
  makeEncoder(): Encoder
  subscribe(listener: (event: ObservedEvent) => void, wants: { readonly messages: boolean }): () => void
  /** What tells a newcomer of the live sessions: how each began, and what is in flight. */
  recall(): Iterable<ObservedEvent>
  sessions(): Iterable<SessionFacts>
  /** False when there is no such session. */
  kill(session: SessionId): boolean
  readonly breakpoints?: BreakpointHost | undefined
  /** What waits for a person to agree; it is ruled on as breakpoints are. */
  approvals?(): Iterable<ApprovalFacts>
  readonly policy?: PolicyPort | undefined
}

/** Breakpoints by their owner, which is any object; both answer what is wrong. */
export interface BreakpointHost {
  set(owner: object, rule: BreakRule): string | undefined
  /** `by` is the viewer's own word for who rules. */
  rule(session: SessionId, ticket: Ticket, ruling: Ruling, by?: string): string | undefined
  /** What it holds goes on. */
  drop(owner: object): void
}

export interface BreakRule {
  /** In the words of the filter language. */
  readonly filter: string
  readonly timeoutMillis: number
}

export class ControlServer {
  readonly #host: ControlHost
  readonly #server: Server
  readonly #viewers = new Set<Viewer>()
  /** Apart, since lines tell what has changed: who hears no messages must not miss what they told. */
  readonly #all: Channel
  readonly #withoutMessages: Channel
  #socket: BoundSocket | undefined
  #unsubscribe: (() => void) | undefined

  constructor(host: ControlHost) {
    this.#host = host
    this.#all = new Channel(() => host.makeEncoder())
    this.#withoutMessages = new Channel(() => host.makeEncoder())
    this.#server = createServer((socket) => this.#accept(socket))
    // Out of descriptors, say: a viewer can come again, and whoever starts the server hears of it there.
    this.#server.on('error', () => undefined)
  }

  /** Where it listens; undefined before it does. */
  get path(): string | undefined {
    return this.#socket?.path
  }

  async start({ path, folder }: ControlPlace): Promise<void> {
    const bind = folder === 'own' ? bindOwnSocket : bindControlSocket
    this.#socket = await bind(this.#server, path)
  }

  /** Resolves when every viewer has the last line, or has had the time for it. */
  async stop(): Promise<void> {
    this.#socket?.release()
    this.#all.flush()
    this.#withoutMessages.flush()
    this.#dismissAll('it has ended')
    if (!this.#server.listening) return
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #accept(socket: Socket): void {
    if (this.#viewers.size >= controlLimits.viewers) {
      socket.on('error', () => undefined).write(writeBye('it has as many viewers as it takes'))
      return socket.destroySoon()
    }
    const viewer = new Viewer(socket, {
      onRequest: (from, request) => this.#answer(from, request),
      onGone: (gone) => this.#forget(gone),
    })
    this.#viewers.add(viewer)
    const clock = this.#host.now()
    const facts = { version: protocolVersion, pid: process.pid, clock, wall: Date.now() }
    viewer.send(writeHello({ ...facts, ...this.#host.describe() }))
  }

  #answer(viewer: Viewer, request: Request): void {
    const { id } = request
    if (!viewer.isGreeted && request.ask !== 'hello') return viewer.dismiss('say hello first')
    switch (request.ask) {
      case 'hello':
        return this.#greet(viewer, id, request.version)
      case 'subscribe':
        return this.#subscribe(viewer, request)
      case 'sessions':
        return this.#tell(viewer, id, [...this.#host.sessions()])
      case 'kill':
        return viewer.send(
          writeAnswer(id, this.#host.kill(request.session) ? undefined : 'there is no such session'),
        )
      case 'break':
        return viewer.send(writeAnswer(id, this.#break(viewer, request)))
      case 'rule':
        return viewer.send(writeAnswer(id, this.#rule(request)))
      case 'approvals':
        return this.#tell(viewer, id, [...(this.#host.approvals?.() ?? [])])
      case 'policy': {
        const status = this.#host.policy?.status()
        return this.#tell(viewer, id, status ? [status] : [])
      }
      case 'dry-run':
        return void this.#setDryRun(viewer, request)
    }
  }

  #tell(viewer: Viewer, id: number, parts: readonly Parameters<typeof writePart>[1][]): void {
    viewer.send(parts.map((part) => writePart(id, part)).join('') + writeAnswer(id))
  }

  #greet(viewer: Viewer, id: number, version: number): void {
    if (version !== protocolVersion)
      return viewer.dismiss(`it speaks version ${protocolVersion} of the control protocol`)
    viewer.greet()
    viewer.send(writeAnswer(id))
  }

  #subscribe(viewer: Viewer, { id, messages }: RequestOf<'subscribe'>): void {
    // Every recall goes to all: one viewer that asks and asks would drown the others.
    if (this.#all.has(viewer) || this.#withoutMessages.has(viewer))
      return viewer.send(writeAnswer(id, 'it is subscribed already'))
    viewer.send(writeAnswer(id))
    const channel = messages ? this.#all : this.#withoutMessages
    channel.join(viewer, this.#host.recall())
    this.#listen()
  }

  #break(owner: Viewer, { filter, timeoutMillis }: RequestOf<'break'>): string | undefined {
    const { breakpoints } = this.#host
    if (!breakpoints) return noBreakpoints
    if (filter !== undefined) return breakpoints.set(owner, { filter, timeoutMillis })
    breakpoints.drop(owner)
    return undefined
  }

  #rule({ session, ticket, ruling, by }: RequestOf<'rule'>): string | undefined {
    const { breakpoints } = this.#host
    return breakpoints ? breakpoints.rule(session, ticket, ruling, by) : noBreakpoints
  }

  /** Where it has to be on record first, the answer comes behind others. */
  async #setDryRun(viewer: Viewer, { id, rule, on, by }: RequestOf<'dry-run'>): Promise<void> {
    const { policy } = this.#host
    if (!policy) return viewer.send(writeAnswer(id, 'this imaptap has no policy'))
    const who = by ?? 'somebody at the control socket'
    const problem = await policy.setDryRun(rule, on, who).catch((error: unknown) => String(error))
    viewer.send(writeAnswer(id, problem))
  }

  /** Nobody is left to rule on what it holds. */
  #forget(viewer: Viewer): void {
    this.#viewers.delete(viewer)
    this.#host.breakpoints?.drop(viewer)
    this.#all.leave(viewer)
    this.#withoutMessages.leave(viewer)
    this.#listen()
  }

  /** Nothing is put into words for nobody. */
  #listen(): void {
    const before = this.#unsubscribe
    const messages = this.#all.isWanted
    this.#unsubscribe =
      messages || this.#withoutMessages.isWanted
        ? this.#host.subscribe((event) => this.#observe(event), { messages })
        : undefined
    before?.()
  }

  /** An event that cannot be told ends the telling: nobody must believe to have seen all. */
  #observe(event: ObservedEvent): void {
    try {
      this.#all.tell(event)
      if (event.kind !== 'message') this.#withoutMessages.tell(event)
    } catch (error) {
      this.#dismissAll('it could not tell an event; its log says why')
      throw error
    }
  }

  #dismissAll(reason: string): void {
    for (const viewer of this.#viewers) viewer.dismiss(reason)
  }
}

type RequestOf<Ask extends Request['ask']> = Extract<Request, { ask: Ask }>

const noBreakpoints = 'this imaptap has no breakpoints'
