/** Keeps the audit of a running proxy: hears its decisions, gives sessions their recorder; it does not know the file. */

import { randomBytes } from 'node:crypto'

import type { AuditFiles } from '../audit/audit-files.ts'
import type { Link } from '../audit/chain.ts'
import { openAuditWriter } from '../audit/open-writer.ts'
import { writeDecision, type ApprovalNote, type DecidedEvent, type Origin } from '../audit/record.ts'
import type { AuditWriter, Done } from '../audit/writer.ts'
import type { AuditConfig } from '../config/config.ts'
import type { ObservedEvent } from '../findings/finding.ts'
import type { Recorder } from '../net/connection.ts'
import type { ProxyEvent, SessionId, Ticket } from '../relay/event.ts'
import type { Decided } from '../relay/guard.ts'
import type { EventBus } from './event-bus.ts'

export interface AuditHost {
  readonly bus: EventBus
  /** For the log; once when records cannot be written, and once when they can again. */
  readonly onProblem: (problem: string) => void
  /** The hash of the policy in force. */
  readonly policy?: string | undefined
  /** Nothing of it is enforced. */
  readonly isDryRun?: boolean
  /** The real ones when undefined. */
  readonly files?: AuditFiles
  /** Milliseconds between attempts to write again. */
  readonly patience?: { readonly first: number; readonly most: number }
}

/** A policy that came into force, was refused, or was switched to a dry run or back. */
export interface PolicyNews {
  /** The hash of what is in force from now on. */
  readonly policy: string | undefined
  /** Why a new one was refused. */
  readonly problem?: string | undefined
  /** Nothing is enforced from now on. */
  readonly isDryRun: boolean
  /** What was switched by hand. */
  readonly switched?: string | undefined
  /** What was switched by hand before, and ended with the files being read again. */
  readonly ended?: readonly string[]
  /** Who asked for it: `SIGHUP`, `file change`, `ann by the dashboard`, ... */
  readonly by: string
}

/** Throws AuditFault when it cannot be begun. */
export async function openAudit(config: AuditConfig, host: AuditHost): Promise<OpenAudit> {
  const { mode, path } = config
  const writer = await openAuditWriter(path, {
    wallNow: () => Date.now(),
    makeChain: () => randomBytes(8).toString('hex'),
    start: {
      kind: 'start',
      run: randomBytes(4).toString('hex'),
      writer: 'imaptap',
      pid: process.pid,
      mode,
      policy: host.policy,
      dryRun: host.isDryRun === true || undefined,
    },
    onProblem: host.onProblem,
    ...(host.files && { files: host.files }),
    ...(host.patience && { patience: host.patience }),
  })
  return new OpenAudit(writer, mode, host)
}

interface Known {
  readonly origin: Origin
  /** Approvals that wait, with their rule. */
  readonly approvals: Map<Ticket, string>
}

/** How far a decision has come: an engine may tell of it before, or after, it asks for it to be durable. */
type Progress = Promise<boolean>

export class OpenAudit {
  /** Undefined in relaxed mode: nothing waits. */
  readonly recorder: Recorder | undefined
  readonly #writer: AuditWriter
  readonly #unsubscribe: () => void
  readonly #sessions = new Map<SessionId, Known>()
  readonly #written = new WeakMap<Decided, Progress>()
  #policy: string | undefined

  constructor(writer: AuditWriter, mode: AuditConfig['mode'], host: AuditHost) {
    this.#writer = writer
    this.#policy = host.policy
    this.recorder = mode === 'strict' ? { record: (event, done) => this.#record(event, done) } : undefined
    this.#unsubscribe = host.bus.subscribe((event) => this.#listen(event))
  }

  /** The last record on the disk, to be noted elsewhere. */
  get head(): Link {
    return this.#writer.head
  }

  /** Records cannot be written. */
  get isFailing(): boolean {
    return this.#writer.isFailing
  }

  /** For SIGHUP: where the file was renamed, a new one goes on with the chain. */
  reopen(): Promise<void> {
    return this.#writer.reopen()
  }

  /** Whether it is durable; in relaxed mode nobody needs to wait for that. */
  notePolicy({ policy, problem, isDryRun, switched, ended = [], by }: PolicyNews): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    this.#writer.note(
      {
        kind: 'policy',
        old: this.#policy,
        policy,
        dryRun: isDryRun || undefined,
        switched,
        ended: ended.length > 0 ? ended : undefined,
        problem,
        by,
      },
      resolve,
    )
    this.#policy = policy
    return promise
  }

  async close(): Promise<void> {
    this.#unsubscribe()
    await this.#writer.close()
  }

  #record(event: ProxyEvent, done: Done): void {
    // Only decisions are records: what is none is not durable.
    if (event.kind !== 'decided') return queueMicrotask(() => done(false))
    const progress = this.#written.get(event.decided)
    if (progress) void progress.then(done)
    else this.#write(event, done)
  }

  #write(event: DecidedEvent, done?: Done): void {
    const origin = this.#sessions.get(event.session)?.origin
    const { promise, resolve } = Promise.withResolvers<boolean>()
    this.#written.set(event.decided, promise)
    this.#writer.add(writeDecision(event, Date.now(), { origin, policy: this.#policy }), (isDurable) => {
      resolve(isDurable)
      done?.(isDurable)
    })
  }

  #listen(event: ObservedEvent): void {
    if (event.kind === 'decided') {
      if (!this.#written.has(event.decided)) this.#write(event)
    } else if (event.kind === 'opened') this.#know(event)
    else if (event.kind === 'closed') this.#forget(event.session)
    else if (event.kind === 'held') this.#noteHeld(event)
    else if (event.kind === 'released') this.#noteReleased(event)
  }

  #know({ session, address, listener }: Extract<ProxyEvent, { kind: 'opened' }>): void {
    this.#sessions.set(session, { origin: { address, listener }, approvals: new Map() })
  }

  #noteHeld({ session, ticket, approval }: Extract<ProxyEvent, { kind: 'held' }>): void {
    // A breakpoint is no business of the policy.
    if (!approval) return
    const { rule, otherwise } = approval
    this.#sessions.get(session)?.approvals.set(ticket, rule)
    this.#noteApproval({ session, ticket, step: 'asked', rule, otherwise })
  }

  #noteReleased({ session, ticket, how, by }: Extract<ProxyEvent, { kind: 'released' }>): void {
    const approvals = this.#sessions.get(session)?.approvals
    const rule = approvals?.get(ticket)
    if (rule === undefined) return
    approvals?.delete(ticket)
    this.#noteApproval({ session, ticket, step: 'ended', rule, how, by })
  }

  #forget(session: SessionId): void {
    for (const [ticket, rule] of this.#sessions.get(session)?.approvals ?? [])
      this.#noteApproval({ session, ticket, step: 'ended', rule, how: 'gone' })
    this.#sessions.delete(session)
  }

  #noteApproval(note: Omit<ApprovalNote, 'kind'>): void {
    this.#writer.note({ kind: 'approval', ...note })
  }
}
