/** What a limit answers when it is reached: its name, a response code, and words for the client and for the log. */

import type { LimitsDocument } from '../../config/policy-document.ts'
import type { Millis } from '../../relay/input.ts'

export type LimitName = keyof LimitsDocument

export interface Refusal {
  /** As it is written in the policy, under `limits:`. */
  readonly limit: LimitName
  /** RFC 9051 section 7.1, and RFC 4469 for TOOBIG. */
  readonly code: 'LIMIT' | 'OVERQUOTA' | 'TOOBIG'
  /** For the client: it says nothing of others. */
  readonly text: string
  /** For log and audit: the limit, whose it is, and how far it was reached. */
  readonly why: string
  /** The session ends with it. */
  readonly isFinal: boolean
  /** Milliseconds until the limit has room again, where that is known. */
  readonly retryAfter?: Millis
}

export const isRefusal = (value: object): value is Refusal => 'limit' in value && 'why' in value

export function tooManySessions(
  limit: 'sessionsPerAddress' | 'sessionsPerUser',
  whose: string,
  most: number,
): Refusal {
  return {
    limit,
    code: 'LIMIT',
    text: `too many sessions ${limit === 'sessionsPerUser' ? 'of this user' : 'from your address'}`,
    why: `${limit}: ${whose} has as many sessions as it may (${most})`,
    isFinal: true,
  }
}

export function tooFast(whose: string, rate: number, retryAfter: Millis): Refusal {
  return {
    limit: 'commandsPerSecond',
    code: 'LIMIT',
    text: `more than ${rate} commands a second; try again in a moment`,
    why: `commandsPerSecond: ${whose} sent more than ${rate} a second`,
    isFinal: false,
    retryAfter,
  }
}

export function tooManyLogins(address: string, retryAfter: Millis): Refusal {
  return {
    limit: 'failedLogins',
    code: 'LIMIT',
    text: 'too many failed logins; try again later',
    why: `failedLogins: logins from ${address} wait ${Math.ceil(retryAfter / 1_000)} s already`,
    isFinal: false,
    retryAfter,
  }
}

export interface UsedBudget {
  readonly whose: string
  readonly used: number
  readonly most: number
  readonly isFinal: boolean
  readonly retryAfter: Millis
}

/** OVERQUOTA is also what Gmail says of bandwidth, so clients have met it. */
export function overBudget(
  limit: 'octetsPerHour' | 'messagesPerHour',
  { whose, used, most, isFinal, retryAfter }: UsedBudget,
): Refusal {
  const isOctets = limit === 'octetsPerHour'
  return {
    limit,
    code: 'OVERQUOTA',
    text: `${isOctets ? showOctets(most) : `${most} messages`} an hour are used up; try again later`,
    why: `${limit}: ${whose} got ${used} of ${most} ${isOctets ? 'octets' : 'messages'} in the last hour`,
    isFinal,
    retryAfter,
  }
}

/** `10 MiB`, `64 KiB`, `900 octets`: rounded, for people. */
export function showOctets(octets: number): string {
  for (const [unit, size] of units) {
    if (octets >= size) return `${Math.round((octets / size) * 10) / 10} ${unit}`
  }
  return `${octets} octets`
}

const units = [
  ['GiB', 1024 ** 3],
  ['MiB', 1024 ** 2],
  ['KiB', 1024],
] as const
