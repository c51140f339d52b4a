/** Logins that would cross a network in cleartext: which those are, what they are answered, and how that is announced; it sees no socket. */

import { capabilitiesOf } from '../imap/announced-capabilities.ts'
import type { Response } from '../imap/responses/index.ts'
import type { DecidedAnswer, GuardAnswer, GuardVerdict, SessionOrigin } from '../relay/guard.ts'
import { decidedBy, refuse } from './refusals.ts'
import { withCapabilities } from './rewrite.ts'

/** What comes to a loopback listener crosses no network, and under TLS nobody on it can read (RFC 8314 section 3). */
export const isExposed = ({ isLoopback, tls }: Pick<SessionOrigin, 'isLoopback' | 'tls'>): boolean =>
  !isLoopback && tls() === undefined

/** Whatever the mechanism: the session behind the login would be as readable. */
export const refuseExposed = (): GuardVerdict => refuse(beginTls, byExposure)

const beginTls: GuardAnswer = {
  kind: 'answer',
  status: 'NO',
  code: 'PRIVACYREQUIRED',
  text: 'begin TLS first, by STARTTLS',
}
const byExposure = { rule: 'cleartext-login', why: 'the login would cross the network in cleartext' }

/** The same while only the head of the command is there; undefined where that says nothing of a login. */
export const refuseExposedHead = (name: string): DecidedAnswer | undefined =>
  isOfLogin(name) ? { ...beginTls, decided: decidedBy(byExposure, 'deny') } : undefined

/** The password of a LOGIN may be a literal, and the first message of AUTHENTICATE some try to send as one: neither is asked for. */
const isOfLogin = (name: string): boolean => /^(?:LOGIN|AUTHENTICATE)/u.test(name)

export interface Announced {
  readonly response: Response
  readonly notes: readonly string[]
}

/** LOGINDISABLED in place of every way to log in (RFC 9051 section 6.2.3). */
export function announceDisabled(response: Response): Announced {
  const announced = capabilitiesOf(response)
  if (!announced) return { response, notes: [] }
  const others = announced.filter((name) => !ofLogins.test(name))
  return {
    response: withCapabilities(response, [...others, 'LOGINDISABLED']),
    notes: ['LOGINDISABLED is announced: the client has no TLS, and its listener is not on loopback'],
  }
}

const ofLogins = /^(?:AUTH=.*|SASL-IR|LOGINDISABLED)$/iu
