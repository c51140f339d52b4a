/** Decides for one session: limits, what is always refused, who sees which mailbox, then the rules; it sends nothing itself. */

import type { Command } from '../imap/commands/index.ts'
import type { UntaggedData } from '../imap/responses/index.ts'
import type {
  Decided,
  DecidedAnswer,
  EndOfSession,
  GlancedLine,
  Guard,
  GuardAnswer,
  GuardedCommand,
  GuardedHead,
  GuardedResponse,
  GuardedResponseAction,
  GuardedSasl,
  GuardVerdict,
  RefusedInput,
  SaslVerdict,
  SessionOrigin,
} from '../relay/guard.ts'
import type { Millis } from '../relay/input.ts'
import { Session, type SessionView } from '../session/session.ts'
import { AliasBook } from './alias-book.ts'
import { checkAppendForm } from './append-form.ts'
import { CapabilityGate } from './capability-gate.ts'
import { isExposed, refuseExposedHead } from './cleartext-login.ts'
import type { CompiledRule } from './compiled-rule.ts'
import { evaluate, withDryRuns } from './evaluate.ts'
import { asksForPlaces } from './filter-response.ts'
import type { CurrentPolicy, GuardHost } from './guard-host.ts'
import { impliedHidden } from './hidden-capabilities.ts'
import { adaptId } from './id-fields.ts'
import { newsOf } from './late-login.ts'
import { judge, whatCounts, type Asking, type JudgedCommand } from './judge.ts'
import { asksForContent, checkSizes, type Refusal, type SessionAccount } from './ledger.ts'
import { LoginGuard, penaltyOf } from './login-guard.ts'
import { passMailboxes, type Passage } from './mailbox-gate.ts'
import type { UserView } from './mailbox-view.ts'
import { needsOf } from './needs-of.ts'
import type { Needs } from './needs.ts'
import { Questions } from './questions.ts'
import { answerByLimit, decidedBy, mayStillRun, refuse, refuseByLimit } from './refusals.ts'
import { endDry, endInHidden, ResponseGuard } from './response-guard.ts'
import { RuleContext } from './rule-context.ts'
import { ServerNames } from './server-names.ts'
import { SessionRules } from './session-rules.ts'

export interface SessionGuardParts {
  readonly host: GuardHost
  readonly origin: SessionOrigin
  readonly account: SessionAccount
}

export class SessionGuard implements Guard {
  readonly #host: GuardHost
  readonly #origin: SessionOrigin
  readonly #account: SessionAccount
  /** The session's own, from the first command or response on. */
  #view: SessionView = new Session()
  readonly #login: LoginGuard
  readonly #names = new ServerNames()
  readonly #book: AliasBook
  readonly #questions: Questions
  readonly #responses: ResponseGuard
  readonly #context: RuleContext
  readonly #rules = new SessionRules()
  readonly #capabilities: CapabilityGate
  #at: Millis = 0
  /** Something passed that nobody looked at: who logged in, what was selected, what was asked for. */
  #wasDry = false
  /** The exchange that was counted last. */
  #charged = 0
  /** What the user sees, kept as long as neither changes. */
  #seen:
    | { readonly current: CurrentPolicy; readonly user: string | undefined; readonly view: UserView }
    | undefined

  constructor({ host, origin, account }: SessionGuardParts) {
    this.#host = host
    this.#origin = origin
    this.#account = account
    this.#login = new LoginGuard(account, (...asked) => this.#decideNamed(host.current, ...asked))
    this.#book = new AliasBook(() => host.makeAlias())
    this.#questions = new Questions(this.#names, origin)
    this.#responses = new ResponseGuard({
      account,
      login: this.#login,
      names: this.#names,
      book: this.#book,
      compress: () => host.compress,
      isEnforced: () => this.#isEnforced,
      countsContent: () => host.current.compiled.countsContent,
      visible: () => this.#visible(),
      hidden: () => this.#capabilities.hidden(),
      isLoginExposed: () => this.#isLoginExposed,
    })
    const viewed = (): SessionView => this.#view
    this.#context = new RuleContext({
      origin,
      get view() {
        return viewed()
      },
      wallTime: () => host.wallTime(),
      counts: () => this.#account.counts(this.#at),
      selected: () => this.#names.selectedName,
    })
    this.#capabilities = new CapabilityGate(() => ({
      policy: host.current.compiled,
      context: this.#context.describe(undefined),
      always: [...host.hideCapabilities, ...impliedHidden(this.#visible())],
      announced: this.#view.capabilities,
    }))
  }

  get epoch(): unknown {
    return this.#host.current
  }

  decide(guarded: GuardedCommand): GuardVerdict {
    this.#at = guarded.at
    this.#view = guarded.legs.view
    this.#names.noteEnabled(this.#view.enabled)
    const { current } = this.#host
    if (!this.#isEnforced) return this.#decideDry(guarded, current)
    if (this.#wasDry) return endSession(endDry.text, 'enforced')
    const early = this.#refuseEarly(guarded, current)
    if (early) return early
    return this.#login.noteVerdict(guarded, this.#decideWhole(guarded, current))
  }

  refuseHead({ name, at }: GuardedHead): DecidedAnswer | undefined {
    const answer = this.#isEnforced && this.#isLoginExposed ? refuseExposedHead(name) : undefined
    const over = answer && this.#account.chargeCommand(at)
    return over ? answerByLimit(over) : answer
  }

  decideSasl(sasl: GuardedSasl): SaslVerdict | undefined {
    if (!this.#isEnforced) {
      this.#wasDry = true
      return undefined
    }
    this.#at = sasl.at
    this.#view = sasl.legs.view
    return this.#login.checkSasl(sasl, this.#host.current.document.allowProxyLogin)
  }

  noteRefused({ reason, text, isCut }: RefusedInput): Decided {
    return decidedBy({ rule: reason, why: text }, isCut ? 'close' : 'deny')
  }

  reads(word: string): boolean {
    return this.#responses.reads(word)
  }

  glances(word: string): boolean {
    return this.#responses.glances(word)
  }

  glance(line: GlancedLine): EndOfSession | undefined {
    return this.#responses.glance(line)
  }

  filter(response: GuardedResponse): GuardedResponseAction {
    this.#at = response.at
    this.#view = response.legs.view
    return this.#responses.filter(response)
  }

  learn(data: UntaggedData): void {
    this.#questions.learn(data)
  }

  learned(status: 'OK' | 'NO' | 'BAD', asked: Command): void {
    this.#questions.learned(status, asked)
  }

  reconsider(): EndOfSession | undefined {
    if (!this.#isEnforced) return undefined
    if (this.#wasDry) return endDry
    return this.#isInHidden ? endInHidden : undefined
  }

  end(at: Millis): void {
    this.#account.close(at)
  }

  /** Limits, and what no rule can allow. */
  #refuseEarly(guarded: GuardedCommand, { document }: CurrentPolicy): GuardVerdict | undefined {
    const { command, name, at, largestLiteral, messageOctets } = guarded
    const refusal =
      this.#charge(guarded) ??
      checkSizes(document.limits, { name, messageOctets, largestLiteral }) ??
      this.#account.checkBudget(at, asksForContent(command))
    if (refusal && !(mayStillRun(name, refusal.code) && !refusal.isFinal)) return refuseByLimit(refusal)
    const misread = checkAppendForm(command, this.#view)
    if (misread) return refuse(misread, { rule: 'append-form', why: 'not every server reads it alike' })
    if (command.name === 'unknown' && !document.unknownCommands.includes(name))
      return refuse(unknown, byUnknown)
    const facts = { allowsProxy: document.allowProxyLogin, isExposed: this.#isLoginExposed, at }
    return this.#capabilities.check(command, at) ?? this.#login.check(command, facts)
  }

  /** Once for each command, however often it is asked about. */
  #charge({ exchange, at }: GuardedCommand): Refusal | undefined {
    if (exchange.id === this.#charged) return undefined
    this.#charged = exchange.id
    return this.#account.chargeCommand(at)
  }

  #decideWhole(guarded: GuardedCommand, current: CurrentPolicy): GuardVerdict {
    if (this.#isInHidden && guarded.command.name !== 'LOGOUT')
      return endSession(endInHidden.text, 'visibility')
    const needs = needsOf(guarded.command, this.#names.selected, this.#names.how.isUtf8)
    const question = this.#questions.next(guarded, { needs, document: current.document, view: this.#view })
    if (question?.kind === 'ask')
      return { action: { kind: 'ask-first', command: question.command }, decided: [] }
    if (question?.kind === 'refuse') return question.verdict
    const passage = this.#pass(guarded.command, needs)
    if (passage.kind === 'refuse') return passage.verdict
    const verdict = this.#askRules(guarded, current, { needs, passage })
    if (verdict.action.kind !== 'forward') return verdict
    const { attachmentOctets } = current.document.limits
    const measured = this.#questions.measure(guarded, verdict.action.command, attachmentOctets)
    if (measured.kind === 'ask')
      return { action: { kind: 'ask-first', command: measured.command }, decided: [] }
    if (measured.kind === 'refuse') return measured.verdict
    if (asksForPlaces(measured.command)) this.#responses.readPlaces()
    return this.#finish(guarded, current, verdict, measured.command)
  }

  #pass(command: Command, needs: Needs): Passage {
    return passMailboxes({
      command,
      needs,
      view: this.#visible(),
      how: this.#names.how,
      book: this.#book,
      isReadOnly: this.#isReadOnly,
    })
  }

  #askRules(
    guarded: GuardedCommand,
    { compiled, document }: CurrentPolicy,
    { needs, passage, before }: Asking,
  ): GuardVerdict {
    const about = { guarded, needs, names: passage.names, user: this.#login.named ?? this.#user }
    const context = this.#context.describe(about)
    const isSession = needs.actions.length > 0 && needs.actions.every((action) => action === 'session')
    const judged: JudgedCommand = {
      command: passage.command,
      mailboxes: this.#context.mailboxes,
      isReadOnly: this.#isReadOnly,
      otherwise: isSession ? 'allow' : document.default,
      otherwiseBecause: isSession ? 'it only opens or closes a session' : 'no rule decides about it',
      isAliased: passage.isAliased,
    }
    const asked = evaluate(compiled, context, this.#rules.of(compiled.index, context))
    const evaluation = whatCounts(withDryRuns(asked, this.#capabilities.dryRuns), judged)
    // Once for each command, however often it is asked about.
    if (!this.#questions.isMeasured(guarded)) compiled.hits.note(newsOf(evaluation, before), guarded.at)
    const isUnknown = needs.actions.includes('unknown') && !document.unknownCommands.includes(guarded.name)
    if (isUnknown && !namesUnknown(evaluation.final)) return refuse(unknown, byUnknown)
    return judge(evaluation, judged)
  }

  /** What is done about commands of the session itself once they are allowed. */
  #finish(
    guarded: GuardedCommand,
    { document }: CurrentPolicy,
    verdict: GuardVerdict,
    command: Command,
  ): GuardVerdict {
    const adapted = adaptId(command, document.id, this.#origin)
    const own = this.#responses.decideCompress(guarded)
    const penalty = this.#login.delay(guarded, verdict)
    const wait = (verdict.delay ?? 0) + penalty
    return {
      ...verdict,
      decided: penalty > 0 ? [penaltyOf(penalty), ...verdict.decided] : verdict.decided,
      action: own ?? { kind: 'forward', command: adapted },
      ...(wait > 0 && { delay: wait }),
      memory: adapted,
    }
  }

  /** Says what would be done, and does nothing. */
  #decideDry(guarded: GuardedCommand, current: CurrentPolicy): GuardVerdict {
    this.#wasDry = true
    this.#names.assume('/')
    const would = this.#refuseEarly(guarded, current) ?? this.#decideNamed(current, guarded)
    return {
      action: { kind: 'forward', command: guarded.command },
      decided: would.decided.map((decided) => ({ ...decided, isDryRun: true })),
      memory: guarded.command,
    }
  }

  #decideNamed(current: CurrentPolicy, guarded: GuardedCommand, before?: GuardVerdict): GuardVerdict {
    const needs = needsOf(guarded.command, this.#names.selected, this.#names.how.isUtf8)
    const passage = this.#pass(guarded.command, needs)
    if (passage.kind === 'refuse') return passage.verdict
    return this.#askRules(guarded, current, { needs, passage, before })
  }

  /** Of a dry run the session alone knows who logged in by SASL. */
  get #user(): string | undefined {
    return this.#login.user ?? (this.#isEnforced ? undefined : this.#view.user)
  }

  get #isEnforced(): boolean {
    return this.#host.current.compiled.mode === 'enforce'
  }

  /** What is said now crosses a network in cleartext, and the policy does not want that. */
  get #isLoginExposed(): boolean {
    return !this.#host.current.document.allowCleartextLogin && isExposed(this.#origin)
  }

  /** Another policy hides what was selected under the one before. */
  get #isInHidden(): boolean {
    const { selected, how } = this.#names
    return selected !== undefined && this.#visible().isHidden(selected, how)
  }

  get #isReadOnly(): boolean {
    return this.#view.mailbox?.isReadOnly ?? false
  }

  #visible(): UserView {
    const { current } = this.#host
    const user = this.#user
    if (this.#seen?.current !== current || this.#seen.user !== user)
      this.#seen = { current, user, view: current.view.of(user) }
    return this.#seen.view
  }
}

function endSession(text: string, rule: string): GuardVerdict {
  return { action: { kind: 'close', text }, decided: [decidedBy({ rule, why: text }, 'close')] }
}

/** What nobody here understands goes on only where a rule speaks of it. */
const namesUnknown = (rule: CompiledRule | undefined): boolean =>
  /(["'])unknown\1/u.test(rule?.condition?.text ?? '')

const unknown: GuardAnswer = { kind: 'answer', status: 'BAD', text: 'unknown command' }
const byUnknown = { rule: 'unknown-command', why: 'nobody here knows what it does' }
