/** What is counted of one user in all of its sessions; users stand here only once the server has let them in. */

import type { Millis } from '../../relay/input.ts'
import { SlidingHour } from './sliding-hour.ts'
import { TokenBucket } from './token-bucket.ts'

/**
 * Users without a session that are remembered for their last hour. Nobody gets an entry without a password, so strangers
 * cannot push one out; beyond it the one goes that has been away longest, whose hour is over first.
 */
const AWAY = 50_000
/** Addresses of a user from which it has logged in. */
const KNOWN_ADDRESSES = 16

export class UserAccount {
  sessions = 0
  readonly octets = new SlidingHour()
  readonly messages = new SlidingHour()
  readonly commands = new TokenBucket()
  readonly #knownAddresses = new Map<string, Millis>()

  knows(address: string, at: Millis, forget: Millis): boolean {
    const lastAt = this.#knownAddresses.get(address)
    return lastAt !== undefined && at - lastAt < forget
  }

  know(address: string, at: Millis): void {
    this.#knownAddresses.delete(address)
    this.#knownAddresses.set(address, at)
    if (this.#knownAddresses.size <= KNOWN_ADDRESSES) return
    const [oldest] = this.#knownAddresses.keys()
    if (oldest !== undefined) this.#knownAddresses.delete(oldest)
  }
}

export class UserAccounts {
  readonly #present = new Map<string, UserAccount>()
  /** In the order in which their last sessions ended. */
  readonly #away = new Map<string, UserAccount>()

  get size(): number {
    return this.#present.size + this.#away.size
  }

  find(user: string): UserAccount | undefined {
    return this.#present.get(user) ?? this.#away.get(user)
  }

  /** One session more. */
  enter(user: string): UserAccount {
    const account = this.find(user) ?? new UserAccount()
    this.#away.delete(user)
    this.#present.set(user, account)
    account.sessions += 1
    return account
  }

  /** One session less. */
  leave(user: string): void {
    const account = this.#present.get(user)
    if (!account) return
    account.sessions -= 1
    if (account.sessions > 0) return
    this.#present.delete(user)
    this.#away.set(user, account)
    if (this.#away.size <= AWAY) return
    const [oldest] = this.#away.keys()
    if (oldest !== undefined) this.#away.delete(oldest)
  }
}
