/** What earlier sessions learned of a server, a user and a mailbox, so that a later one can be held against it; bounded. */

import type { ServerKind } from './server-kind.ts'

/** The largest of what was told, and when it was first told: what was asked for later must not be smaller. */
export interface Told<T extends number | bigint> {
  value: T
  at: number
}

/** What only grows for as long as UIDVALIDITY stays what it is (RFC 9051 section 2.3.1.1). */
export interface MailboxHistory {
  readonly uidValidity: number
  readonly uidNext: Told<number>
  readonly highestUid: Told<number>
  /** HIGHESTMODSEQ and MODSEQ (RFC 7162). */
  readonly highestModSeq: Told<bigint>
  /** As last told. */
  exists: number
  /** The same UIDVALIDITY is known since then. */
  readonly since: number
}

export const makeMailboxHistory = (uidValidity: number, at: number): MailboxHistory => ({
  uidValidity,
  uidNext: { value: 0, at },
  highestUid: { value: 0, at },
  highestModSeq: { value: 0n, at },
  exists: 0,
  since: at,
})

export function raise<T extends number | bigint>(told: Told<T>, value: T, at: number): void {
  if (value <= told.value) return
  told.value = value
  told.at = at
}

export interface UserHistory {
  /** Upper case, as last announced behind login. */
  capabilities: ReadonlySet<string> | undefined
  failedLogins: number
  serverKind: ServerKind | undefined
}

export interface ServerHistory {
  /** It has offered STARTTLS or stood behind TLS before. */
  hasStartTls: boolean
  /** `AUTH=` words, as last announced before login. */
  mechanisms: ReadonlySet<string>
}

/** Mailboxes remembered over all users: about 300 octets each. */
const MAILBOXES = 20_000
const USERS = 5_000
const SERVERS = 500

/** The least recently used go first. */
export class Remembered<T> {
  readonly #limit: number
  readonly #entries = new Map<string, T>()

  constructor(limit: number) {
    this.#limit = limit
  }

  get size(): number {
    return this.#entries.size
  }

  find(key: string): T | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return entry
  }

  set(key: string, entry: T): void {
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    if (this.#entries.size <= this.#limit) return
    const [oldest] = this.#entries.keys()
    if (oldest !== undefined) this.#entries.delete(oldest)
  }
}

export class History {
  readonly mailboxes = new Remembered<MailboxHistory>(MAILBOXES)
  readonly users = new Remembered<UserHistory>(USERS)
  readonly servers = new Remembered<ServerHistory>(SERVERS)
  readonly #notes = new Map<unknown, unknown>()

  /** What a check keeps over all sessions; `make` is also the key, so that no two checks share it. Must be bounded. */
  note<T>(make: () => T): T {
    // The value under this key was made by this function and nobody else can put one there.
    const known = this.#notes.get(make) as T | undefined
    if (known !== undefined) return known
    const made = make()
    this.#notes.set(make, made)
    return made
  }
}
