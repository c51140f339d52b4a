/** Guards for tests of guarded lanes: one that allows everything, and what a test wants otherwise; and dialogues with them. */

import type { Decided, Guard, GuardedCommand, GuardVerdict, RefusedInput } from '../../../src/relay/guard.ts'
import { play, type Dialogue, type PlayOptions } from '../../support/play.ts'

export interface ScriptedGuard extends Guard {
  /** What was put before it, in order: `SELECT`, `UID FETCH`, ... */
  readonly decided: string[]
  readonly commands: GuardedCommand[]
  /** What the engine refused by itself. */
  readonly refused: RefusedInput[]
  readonly learnt: string[]
  hasEnded: boolean
}

export const decidedBy = (rule: string, effect: Decided['effect'] = 'allow'): Decided => ({
  rule,
  effect,
  why: `${rule} says so`,
  isDryRun: false,
  mailboxes: [],
  level: 'log',
})

export const allow = ({ command }: GuardedCommand): GuardVerdict => ({
  action: { kind: 'forward', command },
  decided: [decidedBy('all')],
})

export const deny = (text = 'not allowed here', status: 'NO' | 'BAD' = 'NO'): GuardVerdict => ({
  action: { kind: 'answer', status, code: 'NOPERM', text },
  decided: [decidedBy('none', 'deny')],
})

/** Allows everything, but what `overrides` say. */
export function makeGuard(overrides: Partial<Guard> = {}): ScriptedGuard {
  const commands: GuardedCommand[] = []
  const decided: string[] = []
  const refused: RefusedInput[] = []
  const learnt: string[] = []
  const guard: ScriptedGuard = {
    commands,
    decided,
    refused,
    learnt,
    hasEnded: false,
    decideSasl: () => undefined,
    reads: () => false,
    filter: () => ({ kind: 'forward' }),
    learn: (data) => void learnt.push(data.name),
    learned: (status, { name }) => void learnt.push(`${name} ${status}`),
    end: () => void (guard.hasEnded = true),
    ...overrides,
    decide(command) {
      commands.push(command)
      decided.push(command.name)
      return (overrides.decide ?? allow)(command)
    },
    noteRefused(input) {
      refused.push(input)
      return overrides.noteRefused?.(input) ?? decidedBy(input.reason, 'deny')
    },
  }
  return guard
}

/** Denies commands of these names, and allows all others. */
export const makeDenying = (...names: string[]): ScriptedGuard =>
  makeGuard({ decide: (command) => (names.includes(command.name) ? deny() : allow(command)) })

export interface GuardedPlay {
  readonly dialogue: Dialogue
  readonly guard: ScriptedGuard
}

/** Upstream has greeted. */
export function playGuarded(guard = makeGuard(), options: PlayOptions = {}): GuardedPlay {
  return { guard, dialogue: play({ guard, ...options }) }
}

/** The same after a login. */
export function playInside(guard = makeGuard(), options: PlayOptions = {}): GuardedPlay {
  const { dialogue } = playGuarded(guard, options)
  dialogue.client('l LOGIN ann secret').server('l OK done')
  dialogue.take('client')
  dialogue.take('server')
  dialogue.events.length = 0
  dialogue.acts.length = 0
  guard.commands.length = 0
  guard.decided.length = 0
  return { guard, dialogue }
}
