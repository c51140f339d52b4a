/** A guard whose own mistakes end its session, and nothing else: what could not be decided does not go on; decides nothing. */

import type { Command } from '../imap/commands/index.ts'
import type { UntaggedData } from '../imap/responses/index.ts'
import type {
  Decided,
  DecidedAnswer,
  EndOfSession,
  GlancedLine,
  Guard,
  GuardedCommand,
  GuardedHead,
  GuardedResponse,
  GuardedResponseAction,
  GuardedSasl,
  GuardVerdict,
  RefusedInput,
} from '../relay/guard.ts'
import type { Millis } from '../relay/input.ts'
import { decidedBy } from './refusals.ts'

export class FailClosedGuard implements Guard {
  readonly #guard: Guard
  readonly #onFault: (error: unknown) => void
  /** What it knows may be half of what it should. */
  #isBroken = false

  constructor(guard: Guard, onFault: (error: unknown) => void) {
    this.#guard = guard
    this.#onFault = onFault
  }

  get epoch(): unknown {
    return this.#try(() => this.#guard.epoch, undefined)
  }

  decide(command: GuardedCommand): GuardVerdict {
    return this.#try(() => this.#guard.decide(command), close)
  }

  refuseHead(head: GuardedHead): DecidedAnswer | undefined {
    return this.#try(() => this.#guard.refuseHead?.(head), refused)
  }

  decideSasl(sasl: GuardedSasl): ReturnType<Guard['decideSasl']> {
    return this.#try(() => this.#guard.decideSasl(sasl), refused)
  }

  noteRefused(input: RefusedInput): Decided {
    return this.#try(() => this.#guard.noteRefused(input), decided)
  }

  reads(word: string): boolean {
    return this.#try(() => this.#guard.reads(word), true)
  }

  glances(word: string): boolean {
    return this.#try(() => this.#guard.glances?.(word) ?? true, true)
  }

  glance(line: GlancedLine): EndOfSession | undefined {
    return this.#try(() => this.#guard.glance?.(line), end)
  }

  filter(response: GuardedResponse): GuardedResponseAction {
    return this.#try(() => this.#guard.filter(response), end)
  }

  learn(data: UntaggedData): void {
    this.#try(() => this.#guard.learn(data), undefined)
  }

  learned(status: 'OK' | 'NO' | 'BAD', asked: Command): void {
    this.#try(() => this.#guard.learned(status, asked), undefined)
  }

  reconsider(at: Millis): EndOfSession | undefined {
    return this.#try(() => this.#guard.reconsider?.(at), end)
  }

  /** Also of a broken one: its session is counted. */
  end(at: Millis): void {
    try {
      this.#guard.end(at)
    } catch (error) {
      this.#onFault(error)
    }
  }

  #try<T>(act: () => T, otherwise: T): T {
    if (this.#isBroken) return otherwise
    try {
      return act()
    } catch (error) {
      this.#isBroken = true
      this.#onFault(error)
      return otherwise
    }
  }
}

const text = 'the policy could not be applied'
const decided = decidedBy(
  { rule: 'fault', why: 'the guard of the session failed: this is a mistake of imaptap' },
  'close',
)
const close: GuardVerdict = { action: { kind: 'close', text }, decided: [decided] }
const refused = { kind: 'answer', status: 'NO', code: 'SERVERBUG', text, decided } as const
const end: EndOfSession = { kind: 'end', decided, code: 'SERVERBUG', text }
