/** Policies from YAML text, commands from lines, and what rules make of them; no server and no guard. */

import { expect } from 'vitest'

import { loadPolicyFile } from '../../../src/config/policy-settings.ts'
import { BadConfiguration, writeProblem } from '../../../src/config/problem.ts'
import { commandName, readCommand } from '../../../src/imap/commands/index.ts'
import { strict } from '../../../src/imap/cursor.ts'
import { decodeMailboxName } from '../../../src/imap/mailbox.ts'
import { compilePolicy, type CompiledPolicy } from '../../../src/policy/compile.ts'
import { evaluate, type Evaluation } from '../../../src/policy/evaluate.ts'
import { needsOf } from '../../../src/policy/needs-of.ts'
import { RuleContext, type RuleCommand, type SessionFacts } from '../../../src/policy/rule-context.ts'
import { SessionRules } from '../../../src/policy/session-rules.ts'
import { Session } from '../../../src/session/session.ts'
import { client } from '../../imap/support/wire.ts'

/** The policy, or what is wrong, each with its place. */
export function readPolicy(
  yaml: string,
  files: Readonly<Record<string, string>> = {},
  before?: CompiledPolicy,
): CompiledPolicy {
  const texts: Readonly<Record<string, string>> = { '/p/policy.yaml': yaml, ...files }
  const { document } = loadPolicyFile('/p/policy.yaml', (path) => {
    const value = texts[path]
    return value === undefined ? { ok: false, message: 'no such file' } : { ok: true, value }
  })
  const compiled = compilePolicy(document, before)
  if (compiled.ok) return compiled.policy
  throw new BadConfiguration(compiled.problems.map((problem) => ({ source: 'file', ...problem })))
}

/** `12:3: what is wrong`, without the name of the file. */
export function faultsOf(yaml: string, files?: Readonly<Record<string, string>>): readonly string[] {
  try {
    readPolicy(yaml, files)
    return []
  } catch (error) {
    if (!(error instanceof BadConfiguration)) throw error
    return error.problems.map((problem) => writeProblem(problem).replaceAll('/p/policy.yaml:', ''))
  }
}

/** One rule with this condition. */
export const withRule = (when: string, effect = 'deny: true'): string =>
  `default: allow\nrules:\n  - name: it\n    when: ${JSON.stringify(when)}\n    ${effect}\n`

/** What is wrong with a condition, without its place. */
export const faultOf = (when: string, effect?: string): string | undefined =>
  faultsOf(withRule(when, effect))[0]?.replace(/^\d+:\d+: rules\.0\.when: /u, '')

export interface SceneFacts {
  readonly user?: string
  readonly client?: string
  readonly address?: string
  readonly selected?: string
  readonly isReadOnly?: boolean
  readonly hour?: number
  readonly minute?: number
  readonly octetsLastHour?: number
  readonly messageOctets?: number
  /** In place of the names that the line has, as they would be resolved. */
  readonly names?: readonly string[]
}

export function makeContext(facts: SceneFacts = {}): RuleContext {
  return new RuleContext(factsOf(facts))
}

function factsOf(facts: SceneFacts): SessionFacts {
  const view = new Session()
  view.state = facts.selected === undefined ? 'authenticated' : 'selected'
  view.user = facts.user ?? 'ann'
  view.client = facts.client
  view.capabilities = ['IMAP4REV1', 'IDLE']
  if (facts.selected !== undefined)
    view.mailbox = {
      name: facts.selected,
      isReadOnly: facts.isReadOnly ?? false,
      exists: 0,
      uidValidity: 1,
      uidNext: 1,
    }
  return {
    view,
    origin: {
      session: 'S1',
      address: { host: facts.address ?? '192.0.2.1', port: 40_000 },
      listener: 'imaps://127.0.0.1:1993',
      isLoopback: true,
      tls: () => ({ version: 'TLSv1.3', cipher: 'X', name: 'mail.test', certificate: '', isResumed: false }),
    },
    wallTime: () => ({ hour: facts.hour ?? 7, minute: facts.minute ?? 5, weekday: 'monday' }),
    selected: () => facts.selected,
    counts: () => ({
      session: { age: 10, commands: 3, octets: 2_000, messages: 1 },
      user: { sessions: 2, octetsLastHour: facts.octetsLastHour ?? 5_000, messagesLastHour: 4 },
      address: { sessions: 2, failedLogins: 0 },
    }),
  }
}

/** `UID MOVE 5 Trash` as the guard would put it. */
export function readLine(line: string, facts: SceneFacts = {}): RuleCommand {
  const read = readCommand(client(`a ${line}`), strict)
  if (!read.ok) throw new Error(`unreadable: ${line}`)
  const command = read.value
  const needs = needsOf(command, facts.selected)
  return {
    guarded: {
      command,
      name: commandName(command),
      octets: line.length + 4,
      messageOctets: facts.messageOctets ?? 0,
    },
    needs,
    names: facts.names ?? needs.accesses.map(({ mailbox }) => decodeMailboxName(mailbox)),
  }
}

/** What the rules of a policy make of a line. */
export function decide(policy: CompiledPolicy, line: string, facts: SceneFacts = {}): Evaluation {
  const context = makeContext(facts).describe(readLine(line, facts))
  const decided = evaluate(policy, context)
  // Whatever a session leaves out, the outcome is the same.
  expect(evaluate(policy, context, new SessionRules().of(policy.index, context))).toEqual({
    ...decided,
    // Told once for a policy.
    failures: [],
  })
  return decided
}

/** Whether the condition fits; in a rule that refuses, unless the effect says otherwise. */
export function fits(when: string, line: string, facts: SceneFacts = {}, effect = 'deny: true'): boolean {
  return decide(readPolicy(withRule(when, effect)), line, facts).final !== undefined
}
