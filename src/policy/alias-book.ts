/** Names of mailboxes that do not exist, in place of hidden ones, and the way back; knows no command and no policy. */

import { decodeMailboxName, encodeMailboxName, type MailboxName } from '../imap/mailbox.ts'
import type { NameHow } from './mailbox-name.ts'

/** One level of a hidden name, and what upstream gets for it, both as they stand on the wire. */
export interface Alias {
  readonly alias: string
  readonly original: string
}

/** Levels that are kept: whoever tries more names than this in one session has the first of them under another alias. */
const mostAliases = 4096

/** Aliases that one text may hold: commands name a few at most. */
const mostRestored = 64

/** Levels of a name that are tried, one for another: more are on no server that anybody has seen. */
const mostTried = 8

/** Quota roots that are kept for one session. */
const mostRoots = 1024

/** Digits of the number of an alias. */
const digits = 6

/** An alias of this session or of another: 128 bits in hexadecimal digits behind a letter, and a number. */
const anyAlias = /x[0-9a-f]{32}n[0-9]{6}/u

/** For people: what stands there is another in each session. */
export const showAliases = (text: string): string =>
  text.replaceAll(new RegExp(anyAlias, 'gu'), '<no-such-name>')

/** Letters and digits may stand in any name, and say nothing of whether a name is a good one. */
const plainRun = /[A-Za-z0-9]+/gu

/**
 * The aliases of one session. The same level always has the same alias, so that who subscribes to a mailbox that does not
 * exist, where the server allows it, finds it among his subscriptions.
 */
export class AliasBook {
  readonly #prefix: string
  readonly #byLevel = new Map<string, Alias>()
  readonly #byNumber = new Map<string, readonly Alias[]>()
  readonly #number: RegExp
  /** Quota roots that the server named for mailboxes that are not hidden. */
  readonly #roots = new Set<string>()
  #count = 0

  /** `makeToken` gives 32 random hexadecimal digits. */
  constructor(makeToken: () => string) {
    this.#prefix = `x${makeToken()}n`
    this.#number = new RegExp(`${this.#prefix}[0-9]{${digits}}`, 'gu')
  }

  get isEmpty(): boolean {
    return this.#count === 0
  }

  /**
   * A name that does not exist, and that the server would take or refuse for the same reasons as this one: its length and
   * all signs but letters and digits stay. So do the other levels: of those that are hidden the first is replaced that
   * brings the name to where names are seen, as they are below a parent that is hidden for want of a rule.
   */
  aliasName(name: MailboxName, how: NameHow, isHidden: (name: MailboxName) => boolean): Substitute {
    const { separator } = how
    const levels = typeof separator === 'string' && separator !== '' ? name.split(separator) : [name]
    const join = (some: readonly string[]): string => some.join(separator ?? '')
    const isHiddenAt = (at: number): boolean => levels[at] !== '' && isHidden(join(levels.slice(0, at + 1)))
    const first = levels.findIndex((_, at) => isHiddenAt(at))
    const isSeenWithout = (at: number): boolean => !isHidden(join(levels.with(at, this.#prefix)))
    const end = Math.min(levels.length, first + mostTried)
    let seen = first
    // Of one level there is nothing to choose.
    if (first >= 0 && end - first > 1) while (seen < end && !(isHiddenAt(seen) && isSeenWithout(seen))) seen++
    // What is hidden as a whole and in no part of it, such as `Secret//`, is hidden for its last level that is one.
    const last = levels.findLastIndex((level) => level !== '')
    const from = first < 0 ? last : seen < end ? seen : first
    const alias = this.#aliasOf(levels[from] ?? name, how.isUtf8)
    return { name: levels.with(Math.max(from, 0), alias.alias).join(separator ?? ''), alias }
  }

  /** A server has a few for a user; what comes behind the last that has room is not known. */
  noteRoot(root: string): void {
    if (this.#roots.size < mostRoots) this.#roots.add(root)
  }

  knowsRoot(root: string): boolean {
    return this.#roots.has(root)
  }

  holds(text: string): boolean {
    return this.#count > 0 && text.includes(this.#prefix)
  }

  /** An alias that another session left behind, in a list of subscriptions. */
  isStray(name: MailboxName): boolean {
    return anyAlias.test(name) && !this.holds(name)
  }

  /** The text with the client's names in place of the aliases, in the encoding that they stand there in. */
  restore(text: string): string {
    if (!this.holds(text)) return text
    let restored = text
    // Each once: a server may say the same one as often as a line has room.
    const numbers = new Set([...text.matchAll(this.#number)].map(([number]) => number))
    for (const number of [...numbers].slice(0, mostRestored))
      for (const { alias, original } of this.#byNumber.get(number) ?? [])
        restored = restored.replaceAll(alias, () => original)
    return restored
  }

  #aliasOf(level: string, isUtf8: boolean): Alias {
    const key = `${isUtf8 ? 'u' : 'm'}${level}`
    const known = this.#byLevel.get(key)
    if (known) return known
    const number = `${this.#prefix}${String(this.#count++).padStart(digits, '0')}`
    const text = isUtf8 ? level : decodeMailboxName(level)
    const other = disguise(text, number)
    const alias = { alias: isUtf8 ? other : encodeMailboxName(other), original: level }
    // Servers tell of a name in either encoding, whichever the client used.
    const forms = [
      alias,
      { alias: other, original: text },
      { alias: encodeMailboxName(other), original: isUtf8 ? encodeMailboxName(level) : level },
    ]
    this.#keep(key, alias)
    this.#byNumber.set(number, forms.filter(isNew))
    return alias
  }

  #keep(key: string, alias: Alias): void {
    this.#byLevel.set(key, alias)
    if (this.#byLevel.size <= mostAliases) return
    const [oldest] = this.#byLevel.keys()
    const [first] = this.#byNumber.keys()
    if (oldest !== undefined) this.#byLevel.delete(oldest)
    if (first !== undefined) this.#byNumber.delete(first)
  }
}

export interface Substitute {
  readonly name: MailboxName
  readonly alias: Alias
}

/** The first run of letters and digits becomes the token, the others as many letters as they have. */
function disguise(text: string, token: string): string {
  let isFirst = true
  const other = text.replace(plainRun, (run) => {
    const letters = isFirst ? token.padEnd(run.length, 'z') : 'z'.repeat(run.length)
    isFirst = false
    return letters
  })
  return isFirst ? `${text}${token}` : other
}

const isNew = ({ alias }: Alias, at: number, all: readonly Alias[]): boolean =>
  all.findIndex((one) => one.alias === alias) === at
