/** Which mailboxes `mailbox` and `destination` stand for, where a command is about several: a rule is asked for each; decides nothing. */

import type { Command } from '../imap/commands/index.ts'
import type { ListOption } from '../imap/list-option.ts'
import type { Answer, Condition } from './condition.ts'
import { belowOf } from './name-test.ts'
import type { RuleCommand, RuleContext } from './rule-context.ts'

/** What both variables are for one asking. */
export interface NamedPair {
  readonly mailbox: string
  readonly destination: string
}

/** Askings of one rule about one command: whoever names more mailboxes is refused what any rule refuses by name. */
export const mostPairs = 256

const none: readonly NamedPair[] = []

/** None where one asking is enough: most commands name one mailbox. */
export function pairsOf({ guarded, needs, names }: RuleCommand): readonly NamedPair[] {
  const { accesses } = needs
  const isBelow = needs.reaches.includes('children')
  const isEverywhere =
    needs.reaches.includes('all-mailboxes') ||
    needs.everywhere !== undefined ||
    looksIntoListed(guarded.command)
  if (accesses.length < 2 && !isBelow && !isEverywhere) return none
  const acted = new Set<string>()
  const destinations = new Set<string>()
  for (const [at, { role }] of accesses.entries()) {
    const name = names[at] ?? ''
    if (name === '' || role === 'listed') continue
    if (role === 'destination') destinations.add(name)
    else acted.add(name)
    if (isBelow && role === 'source') acted.add(belowOf(name))
  }
  if (acted.size === 0) acted.add('')
  if (destinations.size === 0) destinations.add('')
  if (isEverywhere) acted.add(belowOf(''))
  if (acted.size * destinations.size < 2) return none
  return pair([...acted], [...destinations])
}

/** One more than are asked tells that there are more. */
function pair(acted: readonly string[], destinations: readonly string[]): readonly NamedPair[] {
  const pairs: NamedPair[] = []
  for (const mailbox of acted) {
    for (const destination of destinations) {
      pairs.push({ mailbox, destination })
      if (pairs.length > mostPairs) return pairs
    }
  }
  return pairs
}

/** LIST alone tells names; with these it tells of what is in every mailbox that it lists. */
function looksIntoListed(command: Command): boolean {
  switch (command.name) {
    case 'LIST':
    case 'LSUB':
    case 'RLIST':
    case 'RLSUB':
    case 'XLIST':
      return hasLook(command.returns) || hasLook(command.selection)
    default:
      return false
  }
}

const hasLook = (options: readonly ListOption[] | undefined): boolean =>
  options?.some(({ name }) => looks.has(name)) ?? false

const looks: ReadonlySet<string> = new Set(['STATUS', 'METADATA', 'MYRIGHTS'])

/**
 * A rule that restricts fits when it fits for any of the mailboxes, a rule that allows when it fits for every one: or else
 * the name that comes first would hide the others.
 */
export function askForEach(ask: Condition['ask'], context: RuleContext, about: AskedRule): Answer {
  const pairs = context.pairs()
  if (pairs.length === 0 || !speaksOfNames.test(about.text)) return ask(context)
  if (pairs.length > mostPairs)
    return { ok: false, why: `the command is about more than ${mostPairs} mailboxes` }
  for (const one of pairs) {
    const answer = context.askAbout(one, () => ask(context))
    if (!answer.ok || answer.fits !== about.isGrant) return answer
  }
  return { ok: true, fits: about.isGrant }
}

interface AskedRule {
  /** Its condition as it was written. */
  readonly text: string
  readonly isGrant: boolean
}

/** `mailboxes` as well. */
const speaksOfNames = /mailbox|destination/u
