/** What one session adds to the counts, and which limit it reaches; it does not know what becomes of a refusal. */

import type { FailedLoginsDocument, LimitsDocument } from '../../config/policy-document.ts'
import type { UntaggedData } from '../../imap/responses/index.ts'
import type { Millis } from '../../relay/input.ts'
import { bringsContent } from './content.ts'
import type { FailedLogins, Memory } from './failed-logins.ts'
import { overBudget, tooFast, tooManyLogins, tooManySessions, type Refusal } from './refusal.ts'
import { foldUser, withoutDetail } from '../user-name.ts'
import { TokenBucket } from './token-bucket.ts'
import type { UserAccount, UserAccounts } from './user-account.ts'

export interface SessionAccount {
  /**
   * The server has let this user in, or (undefined) nobody is logged in any more. Not before: whoever has no password
   * must not learn how many sessions others have, nor take up any of them.
   */
  noteUser(user: string | undefined, at: Millis): Refusal | undefined
  /** Refuses a command that comes too soon; `retryAfter` says when there is room for it. */
  chargeCommand(at: Millis): Refusal | undefined
  /** In place of `chargeCommand`, where a command waits instead of being refused: milliseconds to wait. */
  commandDelay(at: Millis): Millis
  /** Octets that the client gets, the words for refusals among them: final once too many came behind the limit. */
  chargeServerOctets(octets: number, at: Millis): Refusal | undefined
  /** Messages whose content the client is about to get; refused, it must not get them. */
  chargeMessages(messages: number, at: Millis): Refusal | undefined
  /** One message whose content goes out; pieces of one message in one mailbox count once. */
  chargeMessage(uid: number | undefined, mailbox: string | undefined, at: Millis): Refusal | undefined
  /** As many messages as this response brings the content of; pieces of one message in one mailbox count once. */
  chargeContent(data: UntaggedData, mailbox: string | undefined, at: Millis): Refusal | undefined
  /** Before a command that makes the server answer; the budget of messages is only for what asks for content. */
  checkBudget(at: Millis, asksForContent?: boolean): Refusal | undefined
  /** Before a login is tried: too many of this address wait already. */
  checkLogin(at: Millis): Refusal | undefined
  /** How long the login that is about to be tried waits, for the failures of its address and of its user. */
  loginDelay(user: string | undefined, at: Millis): Millis
  loginFailed(user: string | undefined, at: Millis): void
  loginSucceeded(user: string, at: Millis): void
  /** For the conditions of rules, while the command that was charged last is decided: it is not among the counted. */
  counts(at: Millis): Counts
  close(at: Millis): void
}

/** For the conditions of rules. */
export interface Counts {
  readonly session: {
    /** Seconds since it was opened. */
    readonly age: number
    readonly commands: number
    readonly octets: number
    readonly messages: number
  }
  /** Zeros before login. */
  readonly user: {
    readonly sessions: number
    readonly octetsLastHour: number
    readonly messagesLastHour: number
  }
  readonly address: { readonly sessions: number; readonly failedLogins: number }
}

/** What all sessions share. */
export interface Books {
  limits(): LimitsDocument
  /** Undefined: failures are counted, and nobody waits for them. */
  failureRules(): FailedLoginsDocument | undefined
  sessionsFrom(address: string): number
  leaveAddress(address: string): void
  readonly users: UserAccounts
  readonly failedFrom: FailedLogins
  readonly failedAs: FailedLogins
}

/** Messages whose pieces are told from those of others: clients fetch the pieces of a large one behind each other. */
const RECENT_MESSAGES = 16

export class CountedSession implements SessionAccount {
  readonly #books: Books
  /** The key of its address. */
  readonly #address: string
  readonly #openedAt: Millis
  #user: string | undefined
  #account: UserAccount | undefined
  /** Of commands before login. */
  readonly #ownBucket = new TokenBucket()
  #commands = 0
  #octets = 0
  #messages = 0
  /** Octets that it got when the budget was used up. */
  #beyond = 0
  readonly #recent = new Set<string>()
  #isOpen = true

  constructor(books: Books, address: string, at: Millis) {
    this.#books = books
    this.#address = address
    this.#openedAt = at
  }

  noteUser(user: string | undefined, at: Millis): Refusal | undefined {
    const name = user === undefined ? undefined : userKey(user)
    if (name === this.#user || !this.#isOpen) return undefined
    this.#leaveUser()
    if (name === undefined) return undefined
    const most = this.#books.limits().sessionsPerUser
    const open = this.#books.users.find(name)?.sessions ?? 0
    if (most !== undefined && open >= most) return tooManySessions('sessionsPerUser', name, most)
    this.#user = name
    this.#account = this.#books.users.enter(name)
    this.#account.know(this.#address, at)
    return undefined
  }

  chargeCommand(at: Millis): Refusal | undefined {
    this.#commands += 1
    const rate = this.#books.limits().commandsPerSecond
    if (rate === undefined) return undefined
    const wait = this.#bucket.take(rate, at)
    return wait === 0 ? undefined : tooFast(this.#whose, rate, wait)
  }

  commandDelay(at: Millis): Millis {
    this.#commands += 1
    const rate = this.#books.limits().commandsPerSecond
    return rate === undefined ? 0 : this.#bucket.takeAhead(rate, at)
  }

  chargeServerOctets(octets: number, at: Millis): Refusal | undefined {
    this.#octets += octets
    const account = this.#account
    if (!account) return undefined
    account.octets.add(octets, at)
    const most = this.#books.limits().octetsPerHour
    if (most === undefined) return undefined
    this.#beyond = account.octets.sum(at) > most ? this.#beyond + octets : 0
    return this.#beyond > BEYOND ? this.#overBudget('octetsPerHour', most, { at, isFinal: true }) : undefined
  }

  chargeMessages(messages: number, at: Millis): Refusal | undefined {
    this.#messages += messages
    const account = this.#account
    if (!account) return undefined
    account.messages.add(messages, at)
    const most = this.#books.limits().messagesPerHour
    if (most === undefined || account.messages.sum(at) <= most) return undefined
    return this.#overBudget('messagesPerHour', most, { at, isFinal: true })
  }

  chargeContent(data: UntaggedData, mailbox: string | undefined, at: Millis): Refusal | undefined {
    if (!bringsContent(data)) return undefined
    if (data.name === 'URLFETCH') return this.chargeMessages(data.results.length, at)
    return this.chargeMessage(uidOf(data), mailbox, at)
  }

  chargeMessage(uid: number | undefined, mailbox: string | undefined, at: Millis): Refusal | undefined {
    return this.#isPieceOfRecent(uid, mailbox) ? undefined : this.chargeMessages(1, at)
  }

  checkBudget(at: Millis, asksForContent = true): Refusal | undefined {
    const account = this.#account
    if (!account) return undefined
    const { octetsPerHour, messagesPerHour } = this.#books.limits()
    if (octetsPerHour !== undefined && account.octets.sum(at) >= octetsPerHour)
      return this.#overBudget('octetsPerHour', octetsPerHour, { at, isFinal: false })
    if (asksForContent && messagesPerHour !== undefined && account.messages.sum(at) >= messagesPerHour)
      return this.#overBudget('messagesPerHour', messagesPerHour, { at, isFinal: false })
    return undefined
  }

  checkLogin(at: Millis): Refusal | undefined {
    const rules = this.#books.failureRules()
    if (!rules) return undefined
    const wait = this.#books.failedFrom.queued(rules, this.#address, at)
    // The first in the queue waits no longer than `longest`, so there is always one that gets its turn.
    return wait <= rules.longest ? undefined : tooManyLogins(this.#address, wait)
  }

  loginDelay(user: string | undefined, at: Millis): Millis {
    const rules = this.#books.failureRules()
    if (!rules) return 0
    const ofAddress = this.#books.failedFrom.takeTurn(rules, this.#address, at)
    return Math.max(ofAddress, user === undefined ? 0 : this.#delayOfUser(rules, userKey(user), at))
  }

  loginFailed(user: string | undefined, at: Millis): void {
    const name = user === undefined ? '' : userKey(user)
    this.#books.failedFrom.fail(this.#memory, this.#address, { party: name, at })
    if (name !== '') this.#books.failedAs.fail(this.#memory, name, { party: this.#address, at })
  }

  loginSucceeded(user: string): void {
    const name = userKey(user)
    this.#books.failedFrom.forgive(this.#address, name)
    this.#books.failedAs.forgive(name, this.#address)
  }

  counts(at: Millis): Counts {
    const account = this.#account
    return {
      session: {
        age: Math.floor((at - this.#openedAt) / 1_000),
        commands: Math.max(this.#commands - 1, 0),
        octets: this.#octets,
        messages: this.#messages,
      },
      user: {
        sessions: account?.sessions ?? 0,
        octetsLastHour: account?.octets.sum(at) ?? 0,
        messagesLastHour: account?.messages.sum(at) ?? 0,
      },
      address: {
        sessions: this.#books.sessionsFrom(this.#address),
        failedLogins: this.#books.failedFrom.count(this.#memory, this.#address, at),
      },
    }
  }

  close(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#leaveUser()
    this.#books.leaveAddress(this.#address)
  }

  get #bucket(): TokenBucket {
    return this.#account?.commands ?? this.#ownBucket
  }

  get #whose(): string {
    return this.#user ?? this.#address
  }

  /** Rules ask for the count whether or not there is a limit. */
  get #memory(): Memory {
    return this.#books.failureRules() ?? unlimited
  }

  /** Strangers who fail as somebody must not keep that user from logging in where it has done so before. */
  #delayOfUser(rules: FailedLoginsDocument, user: string, at: Millis): Millis {
    const isKnown = this.#books.users.find(user)?.knows(this.#address, at, rules.forget) ?? false
    return isKnown ? 0 : this.#books.failedAs.delay(rules, user, at)
  }

  #leaveUser(): void {
    if (this.#user !== undefined) this.#books.users.leave(this.#user)
    this.#user = undefined
    this.#account = undefined
  }

  /** Without a UID nobody can say whose piece it is: sequence numbers move. */
  #isPieceOfRecent(uid: number | undefined, mailbox: string | undefined): boolean {
    if (uid === undefined || mailbox === undefined) return false
    const key = `${uid} ${mailbox}`
    if (this.#recent.has(key)) return true
    this.#recent.add(key)
    if (this.#recent.size <= RECENT_MESSAGES) return false
    const [oldest] = this.#recent
    if (oldest !== undefined) this.#recent.delete(oldest)
    return false
  }

  #overBudget(
    limit: 'octetsPerHour' | 'messagesPerHour',
    most: number,
    { at, isFinal }: { readonly at: Millis; readonly isFinal: boolean },
  ): Refusal | undefined {
    const hour = limit === 'octetsPerHour' ? this.#account?.octets : this.#account?.messages
    if (!hour) return undefined
    const retryAfter = hour.nextRelief(at)
    return overBudget(limit, { most, used: hour.sum(at), whose: this.#whose, isFinal, retryAfter })
  }
}

/**
 * Octets that each session may get when the budget is used up, before it is cut: without them no client could be told
 * why its commands are refused, nor log out.
 */
const BEYOND = 64 * 1024

/** Milliseconds, where no limit says how long: as `limits.failedLogins` has it where it does not say `forget`. */
const unlimited: Memory = { forget: 3_600_000 }

/** Characters of a user's name that count: one name, whatever its case, its Unicode form and its detail. */
const NAME = 256

const userKey = (user: string): string => withoutDetail(foldUser(user.slice(0, NAME)))

function uidOf(data: UntaggedData): number | undefined {
  if (data.name === 'UIDFETCH') return data.uid
  if (data.name !== 'FETCH' && data.name !== 'CONVERTED') return undefined
  for (const item of data.items) if (item.name === 'UID') return item.uid
  return undefined
}
