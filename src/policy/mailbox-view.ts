/** Which mailboxes a user sees and what may be done with them, as the policy's list says; knows no command and no response. */

import type { MailboxRuleDocument, PolicyDocument, Right } from '../config/policy-document.ts'
import { isInbox, type MailboxName } from '../imap/mailbox.ts'
import { compileGlob, type MailboxGlob } from './mailbox-glob.ts'
import { longestName, resolveMailbox, type NameHow, type ResolvedName } from './mailbox-name.ts'
import { spellingsOf } from './mailbox-spellings.ts'
import { foldUser, withoutDetail, withoutDomain } from './user-name.ts'

export interface MailboxView {
  /** Nobody knows who an undefined user is: what is hidden from anybody is hidden from him, and what is granted to some is not. */
  of(user: string | undefined): UserView
}

export interface UserView {
  readonly hidesAnything: boolean
  /** Not everything that is visible may be read. */
  readonly limitsReading: boolean
  /** There is anything that not everybody may do everywhere. */
  readonly limitsAnything: boolean
  /** No mailbox is hidden, though names that nobody can be sure of may be. */
  readonly showsAll: boolean
  /** Of all that is visible the right is granted, whatever else is. */
  grantsEverywhere(right: Right): boolean
  /** What hiding rules spell out in more words than one, in lower case: a text cannot be cut into words to find it. */
  readonly hiddenPhrases: readonly string[]
  /** Names are as they stand on the wire. Broad: true for every spelling that a server could take for a hidden one. */
  isHidden(name: MailboxName, how: NameHow): boolean
  /** Hidden by a rule of its own, and not for want of one: for what may be no mailbox's name, such as a word of a text. */
  isNamedHidden(name: MailboxName, how: NameHow): boolean
  /** `unresolvable`: nobody can be sure which mailbox this is, and there are rules. */
  rightsOf(name: MailboxName, how: NameHow): ReadonlySet<Right> | 'hidden' | 'unresolvable'
  /** What holds for all mailboxes that may lie below, whether there are any or not: RENAME moves them along. */
  rightsBelow(name: MailboxName, how: NameHow): ReadonlySet<Right> | 'hidden'
}

export const everyRight: ReadonlySet<Right> = new Set<Right>(['read', 'flag', 'insert', 'create', 'delete'])

export function makeMailboxView(document: Pick<PolicyDocument, 'mailboxes' | 'otherMailboxes'>): MailboxView {
  const rules = document.mailboxes.map(compileRule)
  const hidesOthers = document.otherMailboxes === 'hidden'
  return {
    of: (user) =>
      new RuleView(
        rules.flatMap((rule) => ruleFor(rule, user)),
        hidesOthers,
      ),
  }
}

interface ViewRule {
  readonly users: readonly string[]
  /** It is for another user, whom some server may take this one for: it takes away, and grants nothing. */
  readonly isLoose: boolean
  readonly globs: readonly RuleGlob[]
  /** Undefined hides. */
  readonly rights: ReadonlySet<Right> | undefined
}

interface RuleGlob {
  readonly glob: MailboxGlob
  /** What every name that it grants begins with: most patterns are ruled out by that alone. */
  readonly head: string
  /** Of `Archive/**`: what fits Archive, which is about such a pattern but not of it. */
  readonly parent: MailboxGlob | undefined
  /** Fit the names that something of the pattern may lie below. */
  readonly above: readonly MailboxGlob[]
  readonly isOpen: boolean
}

function compileRule({ users, patterns, access }: MailboxRuleDocument): ViewRule {
  return {
    users: users.map(foldUser),
    isLoose: false,
    globs: (access.kind === 'hidden' ? withBelow(patterns) : patterns).map(compilePattern),
    rights: access.kind === 'hidden' ? undefined : new Set(access.rights),
  }
}

/** The name of what lies below tells that of the mailbox. Not of INBOX: on some servers everything lies below it. */
function withBelow(patterns: readonly string[]): readonly string[] {
  return [...new Set(patterns.flatMap((one) => (hasBelow(one) ? [one, `${one}/**`] : [one])))]
}

const hasBelow = (pattern: string): boolean => !pattern.endsWith('**') && !isInbox(pattern)

function compilePattern(pattern: string): RuleGlob {
  return {
    glob: compileGlob(pattern),
    head: isInbox(pattern) ? 'INBOX' : (pattern.normalize('NFC').split('*')[0] ?? ''),
    parent: pattern.endsWith('/**') ? compileGlob(pattern.slice(0, -3)) : undefined,
    above: patternsAbove(pattern).map(compileGlob),
    isOpen: pattern.endsWith('**'),
  }
}

/** Of `a/b*c/d` these are `a` and `a/b*c`; below what `**` stands for anything may lie. */
function patternsAbove(pattern: string): readonly string[] {
  const open = pattern.indexOf('**')
  const levels = (open < 0 ? pattern : pattern.slice(0, open)).split('/')
  const above = levels.slice(1).map((_, at) => levels.slice(0, at + 1).join('/'))
  return open < 0 ? above : [...above, pattern.slice(0, open + 2)]
}

/** The rule, if it is for this user. */
function ruleFor(rule: ViewRule, user: string | undefined): readonly ViewRule[] {
  const { users, rights } = rule
  if (users.length === 0) return [rule]
  if (user === undefined) return rights === undefined ? [rule] : []
  const folded = foldUser(user)
  if (users.some((pattern) => fitsUser(pattern, folded))) return [rule]
  return users.some((pattern) => mayMean(pattern, folded)) ? [{ ...rule, isLoose: true }] : []
}

/** A detail counts for nothing, and where one of both has a domain and the other has none, a server may take them for the same. */
function mayMean(pattern: string, user: string): boolean {
  const plain = withoutDetail(user)
  if (fitsUser(pattern, plain)) return true
  const local = withoutDomain(plain)
  if (local !== undefined) return !pattern.includes('@') && fitsUser(pattern, local)
  // Of `*@example.org` everybody would be one.
  const named = withoutDomain(pattern)
  return named !== undefined && !named.includes('*') && named === plain
}

/** `*` stands for anything. In the product of both lengths: of all stars only the last one is tried again. */
function fitsUser(pattern: string, user: string): boolean {
  let at = 0
  let place = 0
  let star = -1
  let retry = 0
  while (at < user.length) {
    if (pattern[place] === '*') {
      star = place++
      retry = at
    } else if (pattern[place] === user[at]) {
      place++
      at++
    } else if (star >= 0) {
      place = star + 1
      at = ++retry
    } else return false
  }
  while (pattern[place] === '*') place++
  return place === pattern.length
}

/** Names that are remembered: a client asks of the same few again and again, and LIST may name thousands once. */
const remembered = 512

/** Of no name that a pattern spells out. */
const probe = '\u0002'

class RuleView implements UserView {
  readonly hidesAnything: boolean
  readonly limitsReading: boolean
  readonly limitsAnything: boolean
  readonly showsAll: boolean
  readonly hiddenPhrases: readonly string[]
  readonly #rules: readonly ViewRule[]
  readonly #hidesOthers: boolean
  /** Of hiding rules; one that hides everything names nothing. */
  readonly #naming: readonly MailboxGlob[]
  readonly #known = new Map<MailboxName, ReadonlySet<Right> | 'hidden' | 'unresolvable'>()
  readonly #knownNamed = new Map<string, boolean>()
  /** What the known names were taken by. */
  #how: NameHow | undefined

  constructor(rules: readonly ViewRule[], hidesOthers: boolean) {
    this.#rules = rules
    this.#hidesOthers = hidesOthers
    this.hidesAnything = hidesOthers || rules.some(({ rights }) => rights === undefined)
    this.limitsReading = rules.some(({ rights }) => rights?.has('read') === false)
    this.limitsAnything = hidesOthers || rules.length > 0
    this.showsAll = rules.every(({ rights }) => rights) && (!hidesOthers || rules.some(isForAll))
    const hiding = rules.flatMap(({ rights, globs }) => (rights ? [] : globs))
    this.#naming = hiding.map(({ glob }) => glob).filter(({ pattern }) => /[^*/]{2}/u.test(pattern))
    this.hiddenPhrases = hiding.flatMap(phrasesOf)
  }

  isHidden(name: MailboxName, how: NameHow): boolean {
    return this.hidesAnything && this.rightsOf(name, how) === 'hidden'
  }

  grantsEverywhere(right: Right): boolean {
    return this.#rules.every(({ rights }) => rights?.has(right) !== false)
  }

  isNamedHidden(name: MailboxName, how: NameHow): boolean {
    if (this.#naming.length === 0) return false
    this.#settle(how)
    const known = this.#knownNamed.get(name)
    if (known !== undefined) return known
    if (name.length > longestName) return true
    if (this.#knownNamed.size >= remembered) this.#knownNamed.clear()
    const spellings = spellingsOf(name, how)
    const isNamed =
      this.#naming.some((glob) => glob.hidesSpellings(spellings)) && this.rightsOf(name, how) === 'hidden'
    this.#knownNamed.set(name, isNamed)
    return isNamed
  }

  rightsOf(name: MailboxName, how: NameHow): ReadonlySet<Right> | 'hidden' | 'unresolvable' {
    if (this.#rules.length === 0 && !this.#hidesOthers) return everyRight
    this.#settle(how)
    const known = this.#known.get(name)
    if (known !== undefined) return known
    if (this.#known.size >= remembered) this.#known.clear()
    const rights = this.#decide(name, how)
    this.#known.set(name, rights)
    return rights
  }

  rightsBelow(name: MailboxName, how: NameHow): ReadonlySet<Right> | 'hidden' {
    if (name.length > longestName) return 'hidden'
    const resolved = resolveMailbox(name, { ...how, allowsTrailing: true })
    const spellings = spellingsOf(name, how)
    let rights = everyRight
    for (const rule of this.#rules) {
      const isAbout =
        spellings.isRoot ||
        rule.globs.some(({ above }) => above.some((glob) => glob.hidesSpellings(spellings)))
      if (isAbout && rule.rights === undefined) return 'hidden'
      if (isAbout && rule.rights) rights = meet(rights, rule.rights)
      if (resolved.ok && rule.rights && !rule.isLoose && coversBelow(rule, resolved)) return rights
    }
    return this.#hidesOthers ? 'hidden' : rights
  }

  /** What is known of names holds for one way of taking them. */
  #settle(how: NameHow): void {
    if (isSame(this.#how, how)) return
    this.#how = how
    this.#known.clear()
    this.#knownNamed.clear()
  }

  /**
   * A name that is not the granted one, but that some server may take for it, has at most the rights that are granted:
   * or else `ARCHIVE` would be a way around what is said of `Archive`.
   */
  #decide(name: MailboxName, how: NameHow): ReadonlySet<Right> | 'hidden' | 'unresolvable' {
    // No mailbox has such a name, and to look at all of it would cost more than it is worth.
    if (name.length > longestName) return this.hidesAnything ? 'hidden' : 'unresolvable'
    const resolved = resolveMailbox(name, how)
    const spellings = spellingsOf(name, how)
    let most = everyRight
    for (const { globs, rights, isLoose } of this.#rules) {
      if (rights && !isLoose && resolved.ok && globs.some((one) => isGranted(one, resolved)))
        return meet(rights, most)
      const isAbout = globs.some(
        ({ glob, parent }) =>
          glob.hidesSpellings(spellings) && !(rights && resolved.ok && parent?.grants(resolved)),
      )
      if (isAbout && !rights) return 'hidden'
      if (isAbout && rights) most = meet(most, rights)
    }
    if (this.#hidesOthers) return 'hidden'
    return resolved.ok ? most : 'unresolvable'
  }
}

const meet = (one: ReadonlySet<Right>, other: ReadonlySet<Right>): ReadonlySet<Right> =>
  other === everyRight ? one : new Set([...one].filter((right) => other.has(right)))

const isForAll = ({ globs, isLoose }: ViewRule): boolean =>
  !isLoose && globs.some(({ glob }) => glob.pattern === '**')

const isGranted = ({ glob, head }: RuleGlob, resolved: ResolvedName): boolean =>
  resolved.name.startsWith(head) && glob.grants(resolved)

/** The rule alone decides about everything below. */
function coversBelow({ globs }: ViewRule, { name }: ResolvedName): boolean {
  return globs.some(
    ({ glob, isOpen }) =>
      isOpen &&
      glob.grants({ name: `${name}/${probe}` }) &&
      glob.grants({ name: `${name}/${probe}/${probe}` }),
  )
}

/** What stands before the first wildcard, each level by itself: no separator of a server is ours. */
function phrasesOf({ glob }: RuleGlob): readonly string[] {
  const [head = ''] = glob.pattern.toLowerCase().split('*')
  return head.split('/').filter((level) => /\S\s+\S/u.test(level))
}

const isSame = (one: NameHow | undefined, other: NameHow): boolean =>
  one === other ||
  (one?.isUtf8 === other.isUtf8 && one.separator === other.separator && one.prefixes === other.prefixes)
