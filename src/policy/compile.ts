/** Makes a policy ready to decide, or names every mistake in it at its place; reads no file and decides nothing. */

import type { PolicyDocument, RuleDocument } from '../config/policy-document.ts'
import { byPlace } from '../config/problem.ts'
import { commandNames } from '../imap/commands/index.ts'
import { compileCondition } from './condition.ts'
import { fileOf, isRestricting, placeOf, type CompiledRule, type PolicyProblem } from './compiled-rule.ts'
import { findGlobFault } from './mailbox-glob.ts'
import { NameTester } from './name-test.ts'
import { findLostRules } from './reachability.ts'
import { RuleHits } from './rule-hits.ts'
import { RuleIndex } from './rule-index.ts'

export type { CompiledRule, PolicyProblem } from './compiled-rule.ts'

export interface CompiledPolicy {
  readonly document: PolicyDocument
  readonly mode: PolicyDocument['mode']
  /** In order, those that hide capabilities included. */
  readonly rules: readonly CompiledRule[]
  /** Those that commands are put to. */
  readonly index: RuleIndex
  readonly hits: RuleHits
  /** A limit or a condition asks how many messages went out: then they are counted. */
  readonly countsContent: boolean
  /** Rules of which it was told that their condition failed. */
  readonly told: Set<string>
}

export type PolicyCompilation =
  | { readonly ok: true; readonly policy: CompiledPolicy }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] }

/** What was counted for `before` stays with rules of the same name. */
export function compilePolicy(document: PolicyDocument, before?: CompiledPolicy): PolicyCompilation {
  const problems: PolicyProblem[] = []
  const tester = new NameTester()
  const rules = document.rules.flatMap((rule) => compileRule(rule, document, { tester, problems }) ?? [])
  problems.push(
    ...findTwins(document.rules),
    ...findLostRules(rules, document.where),
    ...findFaults(document),
  )
  if (problems.length > 0) return { ok: false, problems: sortOut(problems) }
  return { ok: true, policy: assemble(document, rules, new RuleHits(document.rules, before?.hits)) }
}

/** What is wrong with the parts of a policy of which others cannot be read; of what hangs on all of them nothing. */
export function findPartFaults(document: PolicyDocument): readonly PolicyProblem[] {
  const problems: PolicyProblem[] = []
  const tester = new NameTester()
  for (const rule of document.rules) compileRule(rule, document, { tester, problems, isPart: true })
  const globs = document.mailboxes.flatMap(({ patterns, where, places }) =>
    patterns.flatMap((pattern, at) => globProblem(pattern, places?.[at] ?? where)),
  )
  return sortOut([...problems, ...findTwins(document.rules), ...globs])
}

/** The same policy where a rule, or with undefined the whole, only says what it would do, or holds again. */
export function withDryRun(
  policy: CompiledPolicy,
  name: string | undefined,
  isDryRun: boolean,
): CompiledPolicy {
  if (name === undefined) return { ...policy, mode: isDryRun ? 'dry-run' : 'enforce' }
  const rules = policy.rules.map((rule) => (rule.name === name ? { ...rule, isDryRun } : rule))
  return { ...assemble(policy.document, rules, policy.hits), mode: policy.mode, told: policy.told }
}

function assemble(document: PolicyDocument, rules: readonly CompiledRule[], hits: RuleHits): CompiledPolicy {
  const asked = rules.filter(({ effect }) => effect.kind !== 'hide')
  const countsContent = document.limits.messagesPerHour !== undefined || rules.some(asksForMessages)
  return {
    document,
    mode: document.mode,
    rules,
    index: new RuleIndex(asked),
    hits,
    countsContent,
    told: new Set(),
  }
}

/** Broadly: `session.messages`, `usage.messagesLastHour`, and a text that happens to have the word. */
const asksForMessages = ({ condition }: CompiledRule): boolean =>
  condition?.text.includes('messages') ?? false

interface Compiling {
  readonly tester: NameTester
  readonly problems: PolicyProblem[]
  /** What cannot be read may name the commands that are unknown here. */
  readonly isPart?: boolean
}

function compileRule(
  rule: RuleDocument,
  { unknownCommands }: PolicyDocument,
  { tester, problems, isPart = false }: Compiling,
): CompiledRule | undefined {
  const { name, effect, isDryRun, record } = rule
  if (rule.when === undefined) return { name, effect, condition: undefined, isDryRun, record, document: rule }
  const isWithoutCommand = effect.kind === 'hide'
  const use = { refuses: isRestricting(effect), isWithoutCommand, unknownCommands, tester }
  const compiled = compileCondition(rule.when, use)
  if (!compiled.ok) {
    for (const { start, message, kind } of compiled.faults)
      if (!isPart || kind !== 'unknown-command') problems.push({ where: rule.where.whenAt(start), message })
    return undefined
  }
  return { name, effect, condition: compiled.condition, isDryRun, record, document: rule }
}

function findTwins(rules: readonly RuleDocument[]): readonly PolicyProblem[] {
  const first = new Map<string, RuleDocument>()
  return rules.flatMap((rule) => {
    const twin = first.get(rule.name)
    first.set(rule.name, twin ?? rule)
    const message = `there is a rule "${rule.name}" already, at ${placeOf(twin?.where.name ?? '')}: choose another name`
    return twin ? [{ where: rule.where.name, message }] : []
  })
}

function findFaults(document: PolicyDocument): readonly PolicyProblem[] {
  return [...findSilence(document), ...findPatternFaults(document), ...findKnownCommands(document)]
}

/** A policy that lets nobody do anything is meant by nobody. */
function findSilence({ default: otherwise, rules, where }: PolicyDocument): readonly PolicyProblem[] {
  const lets = rules.some(({ effect }) => effect.kind === 'allow' || effect.kind === 'hold')
  if (otherwise === 'allow' || lets) return []
  const what = rules.length === 0 ? 'has no rules' : 'has no rule that allows'
  const message = `${what}, and refuses everything: add a rule with \`allow: true\`, or \`default: allow\``
  return [{ where, message }]
}

function findPatternFaults({ mailboxes, where: own }: PolicyDocument): readonly PolicyProblem[] {
  return mailboxes.flatMap(({ patterns, users, where, places }, at) => {
    const earlier = mailboxes.slice(0, at)
    return patterns.flatMap((pattern, index) => {
      const place = places?.[index] ?? where
      const faults = globProblem(pattern, place)
      if (faults.length > 0) return faults
      // What is extended may well be overruled.
      if (fileOf(place) !== fileOf(own)) return []
      const winner = earlier.find((rule) => isAbout(rule, users) && isWider(rule.patterns, pattern))
      if (!winner) return []
      const message = `this pattern can never match: the mailbox rule at ${placeOf(winner.where)} comes first`
      return [{ where: place, message }]
    })
  })
}

function globProblem(pattern: string, where: string): readonly PolicyProblem[] {
  const message = findGlobFault(pattern)
  return message === undefined ? [] : [{ where, message }]
}

const isAbout = (rule: PolicyDocument['mailboxes'][number], users: readonly string[]): boolean =>
  rule.users.length === 0 || (users.length > 0 && users.every((user) => rule.users.includes(user)))

const isWider = (patterns: readonly string[], pattern: string): boolean =>
  patterns.includes('**') || patterns.includes(pattern)

function findKnownCommands({ unknownCommands, where }: PolicyDocument): readonly PolicyProblem[] {
  return unknownCommands
    .filter((name) => commandNames.has(name))
    .map((name) => ({
      where,
      message: `unknownCommands names ${name}, which is known here: leave it out, rules alone decide about it`,
    }))
}

/** From the top of each file down. */
function sortOut(problems: readonly PolicyProblem[]): readonly PolicyProblem[] {
  const seen = new Map(problems.map((problem) => [`${problem.where} ${problem.message}`, problem]))
  return [...seen.values()].toSorted(byPlace)
}
