/** Who logs in, and whether that may be tried: names, other people's names, and failures so far; passwords stay secret. */

import type { Command } from '../imap/commands/index.ts'
import { printable } from '../imap/printable.ts'
import type {
  Decided,
  GuardAnswer,
  GuardedCommand,
  GuardedSasl,
  GuardVerdict,
  NamedUser,
  SaslVerdict,
} from '../relay/guard.ts'
import { readInitialResponse } from '../relay/guarded-sasl.ts'
import type { Millis } from '../relay/input.ts'
import { refuseExposed } from './cleartext-login.ts'
import type { Refusal, SessionAccount } from './ledger.ts'
import { judgeLate } from './late-login.ts'
import { answerByLimit, decidedBy, refuse, refuseByLimit } from './refusals.ts'
import { findOddUser, readClaim, readMechanisms, type SaslClaim } from './sasl-guard.ts'

export class LoginGuard {
  readonly #account: SessionAccount
  /** Whoever the server has let in. */
  user: string | undefined
  readonly #askRules: AskRules
  /** Named by the login that is open. */
  #claimed: string | undefined
  /** The login that is open says in a line of its own whom it is for. */
  #isLate = false
  /** Such a login, once the rules let its command go on. */
  #begun: BegunLogin | undefined

  constructor(account: SessionAccount, askRules: AskRules) {
    this.#account = account
    this.#askRules = askRules
  }

  /** Asked before the rules; undefined when the login may be tried. */
  check(command: Command, { allowsProxy, isExposed, at }: LoginFacts): GuardVerdict | undefined {
    if (command.name === 'PROXYAUTH')
      return allowsProxy ? undefined : refuse(notForOthers, { rule: 'proxy-login', why: 'PROXYAUTH' })
    if (command.name === 'UNAUTHENTICATE' || command.name === 'X-UNAUTHENTICATE')
      return refuse(notHere, { rule: 'unauthenticate', why: 'a session stays with its user' })
    if (command.name !== 'LOGIN' && command.name !== 'AUTHENTICATE') return undefined
    if (isExposed) return refuseExposed()
    if (command.name === 'AUTHENTICATE' && !readMechanisms.has(command.mechanism.toUpperCase()))
      return refuse(unreadMechanism, { rule: 'mechanism', why: 'nobody could tell who logs in' })
    const claim = readCommandClaim(command)
    const odd = claim && checkClaim(claim, allowsProxy)
    if (odd) return refuse(odd.answer, odd.by)
    this.#claimed = claim && userOf(claim)
    this.#isLate = !claim
    this.#begun = undefined
    const refusal = this.#account.checkLogin(at)
    if (refusal) this.#claimed = undefined
    return refusal && refuseByLimit(refusal)
  }

  /**
   * Milliseconds that the login waits, for failures before it; one that says in a line of its own whom it is for waits
   * there. `verdict` is what the rules said.
   */
  delay(guarded: GuardedCommand, verdict: GuardVerdict): Millis {
    const { command, at } = guarded
    if (command.name !== 'LOGIN' && command.name !== 'AUTHENTICATE') return 0
    if (!this.#isLate) return this.#account.loginDelay(this.#claimed, at)
    this.#begun = { guarded, verdict }
    return 0
  }

  /** A login that does not go on is nobody's. */
  noteVerdict({ command }: GuardedCommand, verdict: GuardVerdict): GuardVerdict {
    const isLogin = command.name === 'LOGIN' || command.name === 'AUTHENTICATE'
    const { kind } = verdict.action
    if (isLogin && (kind === 'answer' || kind === 'close')) this.#claimed = undefined
    return verdict
  }

  /** Who is logged in, or tries to. */
  get named(): string | undefined {
    return this.user ?? this.#claimed
  }

  checkSasl({ mechanism, step, data, at }: GuardedSasl, allowsProxy: boolean): SaslVerdict | undefined {
    const claim = readClaim(mechanism, step, data)
    const odd = checkClaim(claim, allowsProxy)
    if (odd) return { ...odd.answer, decided: decidedBy(odd.by, 'deny') }
    const user = userOf(claim)
    this.#claimed = user ?? this.#claimed
    // Nobody's name is said: what counts for users counts for all of them together.
    const isNameless = claim.kind === 'none' && step === 0 && nameless.has(mechanism)
    if (isNameless) this.#claimed ??= mechanism.toLowerCase()
    if (this.#claimed === undefined || (!isNameless && claim.kind === 'none')) return undefined
    const named = noteNamed(claim, this.#claimed, mechanism)
    return this.#begun ? this.#judgeLate(named, this.#begun, { user, at }) : named
  }

  /** What of LOGIN, or with its first line in the command, was decided before: here it is once the user is known. */
  #judgeLate(
    named: NamedUser,
    { guarded, verdict }: BegunLogin,
    { user, at }: { readonly user: string | undefined; readonly at: Millis },
  ): SaslVerdict {
    const crowd = this.#account.checkLogin(at)
    // Of who names nobody the rules have been asked already.
    const asked = user === undefined ? verdict : this.#askRules({ ...guarded, at }, verdict)
    const late = crowd ? answerByLimit(crowd) : judgeLate(verdict, asked)
    if (late.kind !== 'pass') {
      this.#claimed = undefined
      return { ...late, user: named.user }
    }
    const penalty = this.#account.loginDelay(user, at)
    const also = penalty > 0 ? [penaltyOf(penalty), ...late.also] : late.also
    return { ...named, also, delay: late.delay + penalty }
  }

  /** The server answered a login; what this answers ends the session. */
  settle(status: 'OK' | 'NO' | 'BAD', at: Millis): EndReason | undefined {
    const claimed = this.#claimed
    this.#claimed = undefined
    this.#begun = undefined
    if (status === 'NO') this.#account.loginFailed(claimed, at)
    if (status !== 'OK') return undefined
    if (claimed === undefined) return letInUnnamed
    this.user = claimed
    this.#account.loginSucceeded(claimed, at)
    return this.#account.noteUser(claimed, at)
  }

  /** The server has made this session another user's. */
  become(user: string, at: Millis): ReturnType<SessionAccount['noteUser']> {
    this.user = user
    return this.#account.noteUser(user, at)
  }
}

/** Asks the rules about a command, for the user that is named by now; what counted `before` does not count again. */
type AskRules = (guarded: GuardedCommand, before: GuardVerdict) => GuardVerdict

interface BegunLogin {
  readonly guarded: GuardedCommand
  readonly verdict: GuardVerdict
}

/** Undefined where the command does not say yet whom it is for, or in no form that goes upstream. */
function readCommandClaim(
  command: Extract<Command, { name: 'LOGIN' | 'AUTHENTICATE' }>,
): SaslClaim | undefined {
  if (command.name === 'LOGIN') return { kind: 'user', user: command.user }
  const { mechanism, initialResponse } = command
  const data = initialResponse && readInitialResponse(initialResponse.reveal())
  return data && readClaim(mechanism.toUpperCase(), 0, data)
}

function userOf(claim: SaslClaim): string | undefined {
  if (claim.kind === 'user') return claim.user
  return claim.kind === 'proxy' ? claim.as : undefined
}

/** What the record says of `delay`. */
export function penaltyOf(millis: Millis): Decided {
  const why = `failedLogins: it waits ${Math.round(millis)} ms for the failures before it`
  return { ...decidedBy({ rule: 'limit', why }, 'delay'), level: 'log' }
}

/** Whoever acts as another is named by his own name as well. */
function noteNamed(claim: SaslClaim, claimed: string, mechanism: string): NamedUser {
  const user = claim.kind === 'proxy' ? claim.user : claimed
  const asked = claim.kind === 'proxy' ? `${user} asks to act as ${claimed}` : `${claimed} asks to be let in`
  const why = printable(`${asked}, by ${mechanism}`, LONGEST)
  return { kind: 'named', user, decided: decidedBy({ rule: 'login', why }, 'allow') }
}

/** Characters of a record's sentence. */
const LONGEST = 600

export type EndReason = Pick<Refusal, 'text' | 'why'> & { readonly code: string; readonly rule?: string }

/** No policy is anybody's. */
const letInUnnamed: EndReason = {
  rule: 'sasl',
  code: 'UNAVAILABLE',
  text: 'the server let somebody in that nobody had named',
  why: 'the server accepted a login before it named anybody',
}

const nameless: ReadonlySet<string> = new Set(['EXTERNAL', 'ANONYMOUS'])

export interface LoginFacts {
  /** The policy lets users act as others. */
  readonly allowsProxy: boolean
  /** What is said now crosses a network in cleartext, and the policy does not want that. */
  readonly isExposed: boolean
  readonly at: Millis
}

interface Odd {
  readonly answer: GuardAnswer
  readonly by: { readonly rule: string; readonly why: string }
}

function checkClaim(claim: SaslClaim, allowsProxy: boolean): Odd | undefined {
  if (claim.kind === 'none') return undefined
  if (claim.kind === 'unreadable') return { answer: badSasl, by: { rule: 'sasl', why: claim.why } }
  if (claim.kind === 'user') return checkUser(claim.user, allowsProxy)
  if (!allowsProxy)
    return { answer: notForOthers, by: { rule: 'proxy-login', why: 'one user asks to act as another' } }
  return checkUser(claim.user, allowsProxy) ?? checkUser(claim.as, allowsProxy)
}

function checkUser(user: string, allowsProxy: boolean): Odd | undefined {
  const odd = findOddUser(user)
  if (odd === undefined) return undefined
  if (user.includes('*') && allowsProxy) return undefined
  const rule = user.includes('*') ? 'proxy-login' : 'user-name'
  return { answer: user.includes('*') ? notForOthers : oddName, by: { rule, why: `the user's name: ${odd}` } }
}

const no = (code: string, text: string): GuardAnswer => ({ kind: 'answer', status: 'NO', code, text })
const notForOthers = no('AUTHORIZATIONFAILED', 'nobody acts as somebody else here')
const oddName = no('AUTHENTICATIONFAILED', 'this user name is not taken here')
const unreadMechanism = no('CANNOT', 'this mechanism is not available here')
const badSasl = no('AUTHENTICATIONFAILED', 'this is no message of the mechanism')
const notHere = no('CANNOT', 'this command is not available here')
