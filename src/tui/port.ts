/** All that the dashboard needs of the world around it: a live proxy, a daemon or a file behind one set of doors; type only. */

import type { ObservedEvent } from '../findings/finding.ts'
import type { Message } from '../imap/message.ts'
import type { SessionId, Ticket } from '../relay/event.ts'
import type { Ruling } from '../relay/hold-rule.ts'
import type { PolicyStatus } from '../relay/policy-status.ts'
import type { TerminalInput, TerminalOutput } from './screen.ts'
import type { DashboardInfo, State } from './state.ts'

/** One sentence for the user where it could not be done. */
type MaybeProblem = string | undefined | Promise<string | undefined>

/** Breakpoints of this dashboard's own; they end when it does. */
export interface BreakpointPort {
  /** A filter in words that parse: what matches is held so long at most. Undefined lets everything go on. */
  set(filter: string | undefined, timeoutMillis: number): MaybeProblem
  /** A ticket that is gone is nobody's fault. */
  rule(session: SessionId, ticket: Ticket, ruling: Ruling): MaybeProblem
}

/** The policy of the proxy behind it, looked at now and then. */
export interface PolicyPort {
  /** Undefined: there is none. */
  status(): PolicyStatus | undefined | Promise<PolicyStatus | undefined>
  /** Without a rule: all of the policy. */
  setDryRun(rule: string | undefined, on: boolean): MaybeProblem
}

/** One moment on both clocks. */
export interface Moment {
  readonly clock: number
  readonly wall: number
}

export interface CapturePort {
  /** Writes events, which are what is still known of some sessions, to a new file; resolves to its path. */
  write(events: readonly ObservedEvent[], moment: Moment): Promise<string>
}

/** What was made of a file before the dashboard starts. */
export interface ReadyState {
  readonly state: State
  /** Added to an event's time it gives the wall clock's. */
  readonly epoch: number
}

export interface DashboardPort {
  subscribe(listener: (event: ObservedEvent) => void, wants?: { readonly messages?: boolean }): () => void
  /** False when the session is no longer there. */
  kill(session: SessionId): boolean
  /** One printable, redacted line of a message. */
  describe(message: Message): string
  /** The user quit, or the terminal is gone; it is already restored. */
  onQuit(): void
  /** The clock of the events' times. */
  now(): number
  readonly info: DashboardInfo
  /** Where the dashboard begins, when not with nothing. */
  readonly ready?: ReadyState
  readonly breakpoints?: BreakpointPort
  /** Absent where no policy can be, such as before a recording. */
  readonly policy?: PolicyPort
  readonly capture?: CapturePort
  /** Lets the user edit a text in a program of their choice, while the screen is closed; undefined: left as it was. */
  edit?(text: string): Promise<string | undefined>
  /** Keeps what was copied in a file for the user alone; resolves to its path. */
  saveCopy?(text: string, extension: string): Promise<string>
  readonly input?: TerminalInput
  readonly output?: TerminalOutput
  readonly env?: NodeJS.ProcessEnv
}
