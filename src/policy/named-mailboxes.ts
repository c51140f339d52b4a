/** Which mailboxes `mailbox` and `destination` stand for, where a command is about several: a rule is asked for each; decides nothing. */

import type { Command } from '../imap/commands/index.ts'
import type { ListOption } from '../imap/list-option.ts'
import type { Answer, Condition } from './condition.ts'
import { belowOf, isBelow as standsForMany } from './name-test.ts'
import type { RuleCommand, RuleContext } from './rule-context.ts'

/** What both variables are for one asking. */
export interface NamedPair {
  readonly mailbox: string
  readonly destination: string
}

/** Which are asked about one by one; none where one asking is enough: most commands name one mailbox. */
export interface NamedPairs {
  readonly pairs: readonly NamedPair[]
  /** Those among them that stand for all that lies below a mailbox. */
  readonly below: readonly string[]
  /** Nobody is asked about so many: the pairs are not all of them. */
  readonly isTooMany: boolean
}

/** Askings of one rule about one command: whoever names more mailboxes is refused what any rule refuses by name. */
export const mostPairs = 256
/** Of the names of all pairs, in characters: each is held against each pattern, and no other session is served meanwhile. */
export const mostCharacters = 4_096

export const noPairs: NamedPairs = { pairs: [], below: [], isTooMany: false }

export function pairsOf({ guarded, needs, names }: RuleCommand): NamedPairs {
  const { accesses } = needs
  const isBelow = needs.reaches.includes('children')
  const isEverywhere =
    needs.reaches.includes('all-mailboxes') ||
    needs.everywhere !== undefined ||
    looksIntoListed(guarded.command)
  if (accesses.length < 2 && !isBelow && !isEverywhere) return noPairs
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
  return acted.size * destinations.size < 2 ? noPairs : pairUp([...acted], [...destinations])
}

function pairUp(acted: readonly string[], destinations: readonly string[]): NamedPairs {
  const below = acted.filter(standsForMany)
  const pairs: NamedPair[] = []
  let characters = 0
  for (const mailbox of acted) {
    for (const destination of destinations) {
      characters += mailbox.length + destination.length
      if (pairs.length === mostPairs || characters > mostCharacters) return { pairs, below, isTooMany: true }
      pairs.push({ mailbox, destination })
    }
  }
  return { pairs, below, isTooMany: false }
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
  const { text, isGrant } = about
  const isOfPairs = ofPairs.test(text)
  const isOfList = ofList.test(text)
  if (!isOfPairs && !isOfList) return ask(context)
  const { pairs, below, isTooMany } = context.pairs()
  if (isTooMany) return askOfTooMany(context, about)
  // Such a grant would take the placeholder for a name.
  if (isGrant && below.length > 0 && !comparesPlainly(text)) return { ok: true, fits: false }
  // What is set of the server itself is no matter of its mailboxes, though it may be seen in all of them.
  const isOfServer = context.actions.includes('set-metadata')
  // With and without what is not named, since a denial may count them.
  const isTwice = isOfList && below.length > 0 && (!isGrant || isOfServer)
  const lists: readonly NamesAsked[] = isTwice ? [{}, { isNamed: true }] : [{}]
  // That there is no name says nothing where all mailboxes are meant.
  const isSkipped = ({ mailbox }: NamedPair): boolean =>
    isGrant && !isOfServer && mailbox === '' && below.includes(belowOf(''))
  for (const pair of isOfPairs ? pairs : [undefined]) {
    if (pair && isSkipped(pair)) continue
    for (const list of lists) {
      const answer = context.askAbout({ ...list, pair }, () => ask(context))
      if (!answer.ok || answer.fits !== isGrant) return answer
    }
  }
  return { ok: true, fits: isGrant }
}

/** A rule for others says nothing of this user, however many mailboxes are named. */
function askOfTooMany(context: RuleContext, { standing }: AskedRule): Answer {
  const answer = standing?.(context)
  if (answer?.ok === true && !answer.fits) return answer
  const why = `the command is about more than ${mostPairs} mailboxes, or ${mostCharacters} characters of their names`
  return { ok: false, why }
}

interface AskedRule extends Pick<Condition, 'standing'> {
  /** Its condition as it was written. */
  readonly text: string
  readonly isGrant: boolean
}

/** What the context tells for one asking. */
export interface NamesAsked {
  /** What `mailbox` and `destination` are, where it is asked for each. */
  readonly pair?: NamedPair | undefined
  /** `mailboxes` are those alone that the command names. */
  readonly isNamed?: true
}

const ofPairs = /\b(?:mailbox|destination)\b/u
/** Once is enough: all names are in it. */
const ofList = /\bmailboxes\b/u

/** Names stand beside texts and in glob() alone, which know what a placeholder is; in doubt they do not. */
function comparesPlainly(text: string): boolean {
  let rest = text.replace(textOrComment, (found) => (found.startsWith('/') ? ' ' : '""'))
  if (rest.includes('+')) return false
  const names = ['mailbox', 'destination', 'mailboxes']
  rest = rest.replace(overNames, (_, item: string) => {
    names.push(item)
    return '('
  })
  const name = `\\b(?:${names.join('|')})\\b`
  const plainly = `\\bglob\\(\\s*${name}\\s*,|${name}\\s*[!=]=\\s*"|"\\s*[!=]=\\s*${name}|${name}\\s+in\\s*\\[|"\\s*in\\s+mailboxes\\b`
  return !new RegExp(name, 'u').test(rest.replace(new RegExp(plainly, 'gu'), '('))
}

const textOrComment = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\/\/.*/gu
const overNames = /\bmailboxes\s*\.\s*(?:all|exists)\(\s*(\w+)\s*,/gu
