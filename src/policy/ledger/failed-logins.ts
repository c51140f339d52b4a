/** Failed logins of addresses or of users, and how long the next attempt waits; it does not know which of the two it counts. */

import type { FailedLoginsDocument } from '../../config/policy-document.ts'
import type { Millis } from '../../relay/input.ts'

/**
 * Keys that are remembered. Beyond it the one goes whose last failure is longest ago, since its penalty is the next to
 * be forgotten anyway: whoever wants to push out a penalty needs ten thousand failures on other keys first.
 */
const KEYS = 10_000
/** Parties of one key whose failures can be forgiven one by one; those of more are only forgotten in time. */
const PARTIES = 32

/** How long they are remembered: all that counting needs to know; delays are for whoever set them. */
export type Memory = Pick<FailedLoginsDocument, 'forget'>

interface Entry {
  count: number
  lastAt: Millis
  /** When the last attempt that was given a turn may be made. */
  turnAt: Millis
  /** How many of them are whose: users of an address, addresses of a user. */
  readonly parties: Map<string, number>
}

export class FailedLogins {
  /** In the order of their last failures. */
  readonly #entries = new Map<string, Entry>()

  get size(): number {
    return this.#entries.size
  }

  count(memory: Memory, key: string, at: Millis): number {
    return this.#find(memory, key, at)?.count ?? 0
  }

  fail(memory: Memory, key: string, { party, at }: { party: string; at: Millis }): void {
    const entry = this.#find(memory, key, at) ?? { count: 0, lastAt: at, turnAt: at, parties: new Map() }
    entry.count += 1
    entry.lastAt = at
    if (entry.parties.has(party) || entry.parties.size < PARTIES)
      entry.parties.set(party, (entry.parties.get(party) ?? 0) + 1)
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    this.#evict()
  }

  /** The party has shown that it knows the password: what it failed before was a slip. */
  forgive(key: string, party: string): void {
    const entry = this.#entries.get(key)
    const count = entry?.parties.get(party)
    if (!entry || count === undefined) return
    entry.parties.delete(party)
    entry.count -= count
    if (entry.count <= 0) this.#entries.delete(key)
  }

  /** How long an attempt waits. */
  delay(rules: FailedLoginsDocument, key: string, at: Millis): Millis {
    return penalty(rules, this.count(rules, key, at))
  }

  /** How long an attempt waits when those of one key are made one behind the other: attempts at a time gain nothing. */
  takeTurn(rules: FailedLoginsDocument, key: string, at: Millis): Millis {
    const entry = this.#find(rules, key, at)
    const wait = penalty(rules, entry?.count ?? 0)
    if (!entry || wait === 0) return 0
    entry.turnAt = Math.max(entry.turnAt, at) + wait
    return entry.turnAt - at
  }

  /** What `takeTurn` would answer. */
  queued(rules: FailedLoginsDocument, key: string, at: Millis): Millis {
    const entry = this.#find(rules, key, at)
    const wait = penalty(rules, entry?.count ?? 0)
    return entry && wait > 0 ? Math.max(entry.turnAt - at, 0) + wait : 0
  }

  #find({ forget }: Memory, key: string, at: Millis): Entry | undefined {
    const entry = this.#entries.get(key)
    if (!entry || at - entry.lastAt < forget) return entry
    this.#entries.delete(key)
    return undefined
  }

  #evict(): void {
    if (this.#entries.size <= KEYS) return
    const [oldest] = this.#entries.keys()
    if (oldest !== undefined) this.#entries.delete(oldest)
  }
}

/** None for the free ones, then `first`, and twice as long for each further one, up to `longest`. */
function penalty({ free, first, longest }: FailedLoginsDocument, count: number): Millis {
  return count < free ? 0 : Math.min(longest, first * 2 ** (count - free))
}
