/** Settles which mailboxes a command is about and whether its user may do that to them; knows no rule and no limit. */

import type { Command } from '../imap/commands/index.ts'
import type { MailboxName } from '../imap/mailbox.ts'
import type { GuardAnswer, GuardVerdict } from '../relay/guard.ts'
import type { AliasBook } from './alias-book.ts'
import { substituteAlias } from './alias.ts'
import { resolveMailbox, type NameHow } from './mailbox-name.ts'
import type { UserView } from './mailbox-view.ts'
import type { MailboxAccess, Needs } from './needs.ts'
import { refuse } from './refusals.ts'
import { rewriteCommand, type Rewritten } from './rewrite-command.ts'

export interface GateFacts {
  readonly command: Command
  readonly needs: Needs
  readonly view: UserView
  readonly how: NameHow
  readonly book: AliasBook
  /** The selected mailbox was opened so that nothing in it is changed. */
  readonly isReadOnly: boolean
}

export type Passage =
  | {
      readonly kind: 'pass'
      /** With aliases in the place of hidden names. */
      readonly command: Command
      /** For each access its resolved name; '' for patterns. */
      readonly names: readonly string[]
      readonly isAliased: boolean
    }
  | { readonly kind: 'refuse'; readonly verdict: GuardVerdict }

/**
 * Names first, in the same words for all that are odd: whoever spells a hidden name in another way must not hear
 * anything else than whoever spells one so that does not exist.
 */
export function passMailboxes(facts: GateFacts): Passage {
  const names: string[] = []
  for (const access of facts.needs.accesses) {
    const named = nameOf(access, facts)
    if (!named.ok) return { kind: 'refuse', verdict: refuseName(named.why) }
    names.push(named.name)
  }
  const unnamed = facts.view.limitsAnything && facts.needs.reaches.find((reach) => unnameable.has(reach))
  if (unnamed !== false && unnamed !== undefined) return { kind: 'refuse', verdict: refuseUnnamed(unnamed) }
  // Before what is said of hidden names: whoever lacks a right hears the same of a name that nobody has.
  const lacking = findLacking(facts, names)
  if (lacking) return { kind: 'refuse', verdict: lacking }
  const substitution = substituteAlias(facts.command, facts)
  if (substitution.kind === 'refuse')
    return {
      kind: 'refuse',
      verdict: refuse(substitution.answer, {
        rule: 'visibility',
        why: 'it would touch a hidden mailbox',
        mailboxes: names.filter(isNamed),
      }),
    }
  const isAliased = substitution.kind === 'aliased'
  const unmarked = leaveUnmarked(isAliased ? substitution.command : facts.command, facts)
  if (unmarked.kind === 'answer') return { kind: 'refuse', verdict: refuseMarking(unmarked) }
  return { kind: 'pass', command: unmarked.command, names, isAliased }
}

/** Who may not set flags does not set \Seen by reading. */
function leaveUnmarked(command: Command, { needs, view, how, isReadOnly }: GateFacts): Rewritten {
  if (!needs.actions.includes('mark-seen')) return { kind: 'forward', command }
  // What it asks for is told of every mailbox that is selected from now on.
  if (command.name === 'NOTIFY' && !view.grantsEverywhere('flag'))
    return rewriteCommand(command, 'peek', { isReadOnly: false })
  const selected = needs.accesses.find(({ role }) => role === 'selected')
  if (isReadOnly || !selected) return { kind: 'forward', command }
  const rights = view.rightsOf(selected.mailbox, how)
  if (typeof rights !== 'string' && rights.has('flag')) return { kind: 'forward', command }
  return rewriteCommand(command, 'peek', { isReadOnly })
}

const refuseMarking = (answer: GuardAnswer): GuardVerdict =>
  refuse(answer, {
    rule: 'rights',
    why: 'it would mark messages as seen, and the right to flag is not granted',
  })

type Named = { readonly ok: true; readonly name: string } | { readonly ok: false; readonly why: string }

function nameOf({ mailbox, role }: MailboxAccess, { command, how }: GateFacts): Named {
  if (role === 'listed') return { ok: true, name: '' }
  const allowsTrailing = command.name === 'CREATE'
  const resolved = resolveMailbox(mailbox, { ...how, allowsTrailing })
  return resolved.ok ? { ok: true, name: resolved.name } : resolved
}

function refuseName(why: string): GuardVerdict {
  const answer: GuardAnswer = {
    kind: 'answer',
    status: 'NO',
    code: 'CANNOT',
    text: 'this name of a mailbox is not taken here',
  }
  return refuse(answer, { rule: 'mailbox-name', why: `a mailbox name that nobody can be sure of: ${why}` })
}

/** Which mailbox these mean only the server knows. */
const unnameable: ReadonlySet<string> = new Set(['mailbox-id', 'unreadable-url'])

function refuseUnnamed(reach: string): GuardVerdict {
  return refuse(
    { kind: 'answer', status: 'NO', code: 'CANNOT', text: 'a mailbox is named by its name here' },
    { rule: 'mailbox-name', why: `nobody here could say which mailbox it is: ${reach}` },
  )
}

/** What is hidden goes on under an alias: asked for are the rights that a mailbox of that name would have. */
function findLacking(facts: GateFacts, names: readonly string[]): GuardVerdict | undefined {
  const { command, needs, view, isReadOnly } = facts
  // Nothing is expunged there (RFC 9051 section 6.4.1).
  if (command.name === 'CLOSE' && isReadOnly) return undefined
  const ungranted = needs.everywhere?.filter((right) => !view.showsAll || !view.grantsEverywhere(right))
  if (ungranted && ungranted.length > 0) return refuseRight('', ungranted)
  for (const [at, access] of needs.accesses.entries()) {
    if (access.role === 'listed') continue
    const rights = rightsFor(access, facts)
    // So is every name in its place.
    if (rights === 'hidden') continue
    if (rights === 'unresolvable') return refuseName('nobody can be sure which it is')
    const missing = access.rights.filter((right) => !rights.has(right))
    if (missing.length > 0) return refuseRight(names[at] ?? '', missing)
  }
  return undefined
}

/** Whoever renames or moves a mailbox takes along all that lies below it, to below the other name. */
function rightsFor(access: MailboxAccess, facts: GateFacts): ReturnType<UserView['rightsOf']> {
  const { command, needs, view, how } = facts
  const name = seenName(access, facts)
  const own = view.rightsOf(name, how)
  if (access.role === 'selected' || typeof own === 'string' || !needs.reaches.includes('children')) return own
  const below = view.rightsBelow(name, how)
  if (below !== 'hidden') return new Set([...own].filter((right) => below.has(right)))
  // Where something hidden may go along, these are refused in words of their own.
  return command.name === 'RENAME' || command.name === 'XFER' ? own : new Set()
}

/** The name that upstream would get. The mailbox that is selected has its own. */
function seenName({ mailbox, role }: MailboxAccess, { view, how, book }: GateFacts): MailboxName {
  if (role === 'selected' || !view.isHidden(mailbox, how)) return mailbox
  return book.aliasName(mailbox, how, (name) => view.isHidden(name, how)).name
}

function refuseRight(mailbox: string, missing: readonly string[]): GuardVerdict {
  const words = missing.join(', ')
  return refuse(
    { kind: 'answer', status: 'NO', code: 'NOPERM', text: `not permitted here: ${words}` },
    {
      rule: 'rights',
      why: `the right to ${words} is not granted`,
      mailboxes: isNamed(mailbox) ? [mailbox] : [],
    },
  )
}

const isNamed = (name: string): boolean => name !== ''
