/** Who logs in, and whether that may be tried: names, other people's names, and failures so far; passwords stay secret. */

import type { Command } from '../imap/commands/index.ts'
import { printable } from '../imap/printable.ts'
import type {
  Decided,
  DecidedAnswer,
  GuardAnswer,
  GuardedSasl,
  GuardVerdict,
  NamedUser,
} from '../relay/guard.ts'
import type { Millis } from '../relay/input.ts'
import { refuseExposed } from './cleartext-login.ts'
import type { Refusal, SessionAccount } from './ledger.ts'
import { decidedBy, refuse, refuseByLimit } from './refusals.ts'
import { findOddUser, readClaim, readMechanisms, type SaslClaim } from './sasl-guard.ts'

export class LoginGuard {
  readonly #account: SessionAccount
  /** Whoever the server has let in. */
  user: string | undefined
  /** Named by the login that is open. */
  #claimed: string | undefined

  constructor(account: SessionAccount) {
    this.#account = account
  }

  /** Asked before the rules; undefined when the login may be tried. */
  check(command: Command, { allowsProxy, isExposed, at }: LoginFacts): GuardVerdict | undefined {
    if (command.name === 'PROXYAUTH')
      return allowsProxy ? undefined : refuse(notForOthers, { rule: 'proxy-login', why: 'PROXYAUTH' })
    if (command.name === 'UNAUTHENTICATE' || command.name === 'X-UNAUTHENTICATE')
      return refuse(notHere, { rule: 'unauthenticate', why: 'a session stays with its user' })
    if (command.name !== 'LOGIN' && command.name !== 'AUTHENTICATE') return undefined
    if (isExposed) return refuseExposed()
    if (command.name === 'LOGIN') {
      const odd = checkUser(command.user, allowsProxy)
      if (odd) return refuse(odd.answer, odd.by)
    } else if (!readMechanisms.has(command.mechanism.toUpperCase()))
      return refuse(unreadMechanism, { rule: 'mechanism', why: 'nobody could tell who logs in' })
    this.#claimed = command.name === 'LOGIN' ? command.user : undefined
    const refusal = this.#account.checkLogin(at)
    return refusal && refuseByLimit(refusal)
  }

  /** Milliseconds that the login waits, for failures before it. */
  delay(command: Command, at: Millis): Millis {
    if (command.name !== 'LOGIN' && command.name !== 'AUTHENTICATE') return 0
    return this.#account.loginDelay(this.#claimed, at)
  }

  /** Who is logged in, or tries to. */
  get named(): string | undefined {
    return this.user ?? this.#claimed
  }

  checkSasl(
    { mechanism, step, data }: GuardedSasl,
    allowsProxy: boolean,
  ): DecidedAnswer | NamedUser | undefined {
    const claim = readClaim(mechanism, step, data)
    const odd = checkClaim(claim, allowsProxy)
    if (odd) return { ...odd.answer, decided: decidedBy(odd.by, 'deny') }
    if (claim.kind === 'user') this.#claimed = claim.user
    if (claim.kind === 'proxy') this.#claimed = claim.as
    // Nobody's name is said: what counts for users counts for all of them together.
    const isNameless = claim.kind === 'none' && step === 0 && nameless.has(mechanism)
    if (isNameless) this.#claimed ??= mechanism.toLowerCase()
    return this.#claimed !== undefined && (isNameless || claim.kind !== 'none')
      ? noteNamed(claim, this.#claimed, mechanism)
      : undefined
  }

  /** The server answered a login; what this answers ends the session. */
  settle(status: 'OK' | 'NO' | 'BAD', at: Millis): EndReason | undefined {
    const claimed = this.#claimed
    this.#claimed = undefined
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
