/** Counts what clients do, for all sessions of the process, and says when a limit of the policy is reached; it acts on nothing. */

import type { FailedLoginsDocument, LimitsDocument } from '../config/policy-document.ts'
import type { Millis } from '../relay/input.ts'
import { addressKey } from './ledger/address-key.ts'
import { FailedLogins } from './ledger/failed-logins.ts'
import { tooManySessions, type Refusal } from './ledger/refusal.ts'
import { CountedSession, type SessionAccount } from './ledger/session-account.ts'
import { UserAccounts } from './ledger/user-account.ts'

export { isRefusal, type LimitName, type Refusal } from './ledger/refusal.ts'
export { checkSizes, type CommandSizes } from './ledger/sizes.ts'
export { asksForContent, bringsContent } from './ledger/content.ts'
export type { Counts, SessionAccount } from './ledger/session-account.ts'

/** Whoever connects, and when. */
export interface Arrival {
  /** The client's own address, without a port. */
  readonly address: string
  readonly at: Millis
}

/** How long a client may take to log in, and how many octets it may say until then. */
export interface LoginBounds {
  readonly millis: Millis
  readonly octets: number | undefined
}

/** Milliseconds that a client has to log in where the policy says nothing of it (threat 47). */
const LOGIN_TIME: Millis = 60_000

/** One for the whole process: it outlives the policy, whose limits may change at any time. */
export class Ledger {
  #limits: LimitsDocument
  /** Open sessions by address: as many entries as there are sessions at most. */
  readonly #addresses = new Map<string, number>()
  readonly #users = new UserAccounts()
  readonly #failedFrom = new FailedLogins()
  readonly #failedAs = new FailedLogins()

  constructor(limits: LimitsDocument) {
    this.#limits = limits
  }

  /** What was counted stays. */
  setLimits(limits: LimitsDocument): void {
    this.#limits = limits
  }

  get limits(): LimitsDocument {
    return this.#limits
  }

  get loginBounds(): LoginBounds {
    const { preAuthTime, preAuthOctets } = this.#limits
    return { millis: preAuthTime ?? LOGIN_TIME, octets: preAuthOctets }
  }

  /** To be closed when the session ends; a refusal has opened nothing. */
  openSession({ address, at }: Arrival): SessionAccount | Refusal {
    const key = addressKey(address)
    const most = this.#limits.sessionsPerAddress
    const open = this.#addresses.get(key) ?? 0
    if (most !== undefined && open >= most) return tooManySessions('sessionsPerAddress', key, most)
    this.#addresses.set(key, open + 1)
    return new CountedSession(this.#books, key, at)
  }

  /** How much is remembered, for those who bound it. */
  get kept(): { readonly addresses: number; readonly users: number; readonly failures: number } {
    return {
      addresses: this.#addresses.size,
      users: this.#users.size,
      failures: this.#failedFrom.size + this.#failedAs.size,
    }
  }

  readonly #books = {
    limits: (): LimitsDocument => this.#limits,
    failureRules: (): FailedLoginsDocument | undefined => this.#limits.failedLogins,
    sessionsFrom: (address: string): number => this.#addresses.get(address) ?? 0,
    leaveAddress: (address: string): void => this.#leave(address),
    users: this.#users,
    failedFrom: this.#failedFrom,
    failedAs: this.#failedAs,
  } as const

  #leave(address: string): void {
    const open = (this.#addresses.get(address) ?? 0) - 1
    if (open > 0) this.#addresses.set(address, open)
    else this.#addresses.delete(address)
  }
}
