/** Turns what the rules said of a command into a verdict: who decided, what goes on in its place, and what waits; asks no rule itself. */

import type { Command } from '../imap/commands/index.ts'
import type { Approval, Decided, GuardAnswer, GuardVerdict } from '../relay/guard.ts'
import { showAliases } from './alias-book.ts'
import { noteApproval } from './approval-note.ts'
import type { CompiledRule } from './compiled-rule.ts'
import type { Evaluation } from './evaluate.ts'
import type { Passage } from './mailbox-gate.ts'
import type { Needs } from './needs.ts'
import { decidedBy } from './refusals.ts'
import { rewriteCommand, type Rewritten } from './rewrite-command.ts'

/** What the rules are asked about, beside the command itself. */
export interface Asking {
  readonly needs: Needs
  readonly passage: Extract<Passage, { kind: 'pass' }>
  /** What was decided about the same command. */
  readonly before?: GuardVerdict | undefined
}

export interface JudgedCommand {
  /** With aliases in the place of hidden names. */
  readonly command: Command
  readonly mailboxes: readonly string[]
  /** The selected mailbox was opened so that nothing in it is changed. */
  readonly isReadOnly: boolean
  /** What happens where no rule decides, and why. */
  readonly otherwise: 'allow' | 'deny'
  readonly otherwiseBecause: string
  /** A hidden mailbox is named in it: whatever the rules say, it is done to one that does not exist. */
  readonly isAliased: boolean
}

/**
 * Rules that hold fit hidden names as they fit names that nobody has: who did not have to wait would know which of both
 * it is. Only the person who rules is told.
 */
export function judge(evaluation: Evaluation, judged: JudgedCommand): GuardVerdict {
  const verdict = judgeByRules(evaluation, judged)
  if (!judged.isAliased) return verdict
  const { mailboxes } = judged
  const hidden = decidedBy({ rule: 'visibility', why: 'it names a hidden mailbox', mailboxes }, 'hide')
  const { approval } = verdict
  return {
    ...verdict,
    decided: [hidden, ...verdict.decided],
    showSent: showAliases,
    ...(approval && {
      approval: { ...approval, note: [hiddenNote, approval.note ?? []].flat().join('; ') },
    }),
  }
}

const hiddenNote =
  'it names a mailbox that is hidden from this user: if allowed, the answer is that there is no such mailbox'

/**
 * What of it counts: a rule that rewrites counts where it changes the command, or would in a dry run, or leaves no form
 * of it. What is refused is not rewritten.
 */
export function whatCounts(evaluation: Evaluation, judged: JudgedCommand): Evaluation {
  const { final, passed, dryRuns } = evaluation
  if (!passed.some(isRewriting) && !dryRuns.some(isRewriting)) return evaluation
  const isRefused = final
    ? final.effect.kind === 'deny' || final.effect.kind === 'close'
    : judged.otherwise === 'deny'
  let { command } = judged
  const counted = passed.filter((rule) => {
    if (!isRewriting(rule)) return true
    if (isRefused) return false
    const rewritten = rewriteBy(command, rule, judged)
    const isChanged = rewritten.kind === 'answer' || rewritten.command !== command
    if (rewritten.kind === 'forward') ({ command } = rewritten)
    return isChanged
  })
  const wouldChange = (rule: CompiledRule): boolean => {
    const rewritten = rewriteBy(judged.command, rule, judged)
    return rewritten.kind === 'answer' || rewritten.command !== judged.command
  }
  return {
    ...evaluation,
    passed: counted,
    dryRuns: dryRuns.filter((rule) => !isRewriting(rule) || wouldChange(rule)),
  }
}

const isRewriting = ({ effect }: CompiledRule): boolean => effect.kind === 'rewrite'

function judgeByRules(evaluation: Evaluation, judged: JudgedCommand): GuardVerdict {
  const { final, passed, dryRuns, failures } = evaluation
  const { mailboxes } = judged
  const decided = [
    ...failures.map(({ rule, why }) => ({
      ...decidedOf(rule, mailboxes, false),
      why,
      level: 'log' as const,
    })),
    ...dryRuns.map((rule) => decidedOf(rule, mailboxes, true)),
    ...passed.map((rule) => decidedOf(rule, mailboxes, false)),
  ]
  if (!final && judged.otherwise === 'deny')
    return { action: notPermitted, decided: [...decided, byDefault(judged, 'deny')] }
  if (final?.effect.kind === 'deny') {
    const { status, code, text } = final.effect
    const answer: GuardAnswer = { kind: 'answer', status, code, text }
    return { action: answer, decided: [...decided, decidedOf(final, mailboxes, false)] }
  }
  if (final?.effect.kind === 'close')
    return {
      action: { kind: 'close', text: final.effect.text },
      decided: [...decided, decidedOf(final, mailboxes, false)],
    }
  const rewritten = rewriteAll(judged, passed)
  if (rewritten.kind === 'answer')
    return { action: rewritten, decided: [...decided, byRewrite(passed, mailboxes)] }
  const approval = final && approvalOf(final, judged)
  const delay = delayOf(passed)
  return {
    action: rewritten,
    decided: [...decided, final ? decidedOf(final, mailboxes, false) : byDefault(judged, 'allow')],
    ...(delay > 0 && { delay }),
    ...(approval && { approval }),
  }
}

/** A command that cannot be had in a lesser form is refused. */
function rewriteAll(judged: JudgedCommand, passed: readonly CompiledRule[]): Rewritten {
  let rewritten: Rewritten = { kind: 'forward', command: judged.command }
  for (const rule of passed)
    if (rewritten.kind === 'forward') rewritten = rewriteBy(rewritten.command, rule, judged)
  return rewritten
}

function rewriteBy(
  command: Command,
  { effect }: CompiledRule,
  { isReadOnly }: Pick<JudgedCommand, 'isReadOnly'>,
): Rewritten {
  let rewritten: Rewritten = { kind: 'forward', command }
  for (const rewrite of effect.kind === 'rewrite' ? effect.rewrites : []) {
    if (rewritten.kind === 'answer') return rewritten
    rewritten = rewriteCommand(rewritten.command, rewrite, { isReadOnly })
  }
  return rewritten
}

function byRewrite(passed: readonly CompiledRule[], mailboxes: readonly string[]): Decided {
  const rule = passed.findLast(({ effect }) => effect.kind === 'rewrite')?.name ?? 'rewrite'
  const why = 'there is no form of it that does only what is allowed'
  return { rule, effect: 'deny', why, isDryRun: false, mailboxes, level: 'audit' }
}

const delayOf = (passed: readonly CompiledRule[]): number =>
  passed.reduce((sum, { effect }) => (effect.kind === 'delay' ? sum + effect.millis : sum), 0)

function approvalOf({ name, effect }: CompiledRule, judged: JudgedCommand): Approval | undefined {
  if (effect.kind !== 'hold') return undefined
  const { deadline, otherwise, text } = effect
  return {
    rule: name,
    deadline,
    otherwise,
    refusal: { kind: 'answer', status: 'NO', code: 'NOPERM', text },
    note: noteApproval(judged.command, judged.mailboxes),
  }
}

function decidedOf(rule: CompiledRule, mailboxes: readonly string[], isDryRun: boolean): Decided {
  const { name, effect } = rule
  return {
    rule: name,
    effect: words[effect.kind],
    why: whyOf(rule),
    isDryRun,
    mailboxes,
    level: levelOf(rule, isDryRun),
  }
}

/** A rule that allows tells of its dry run too, but not what a whole policy that runs dry lets pass. */
function levelOf({ effect, record }: CompiledRule, isDryRun: boolean): Decided['level'] {
  if (effect.kind === 'deny' || effect.kind === 'close') return 'audit'
  return isDryRun && (record === 'count' || effect.kind === 'allow') ? 'log' : record
}

function whyOf({ effect, document }: CompiledRule): string {
  if (effect.kind === 'hide') return `it uses what the rule hides: ${effect.capabilities.join(', ')}`
  return document.when === undefined ? 'it always applies' : 'its condition fits'
}

const words = {
  allow: 'allow',
  deny: 'deny',
  // What it does to a command: where nothing uses what it hides it has no part in a decision.
  hide: 'deny',
  rewrite: 'rewrite',
  hold: 'hold',
  delay: 'delay',
  close: 'close',
  record: 'record',
} as const

function byDefault({ mailboxes, otherwiseBecause }: JudgedCommand, effect: 'allow' | 'deny'): Decided {
  return {
    rule: 'default',
    effect,
    why: otherwiseBecause,
    isDryRun: false,
    mailboxes,
    level: effect === 'deny' ? 'audit' : 'count',
  }
}

const notPermitted: GuardAnswer = {
  kind: 'answer',
  status: 'NO',
  code: 'NOPERM',
  text: 'not permitted by the policy',
}
