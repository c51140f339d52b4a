/** What a command that waits for a person is about, where its text may not show it: in a literal, behind a long set; decides nothing. */

import { commandName, type Command } from '../imap/commands/index.ts'
import { printable } from '../imap/printable.ts'
import { flagsOf } from './command-words.ts'
import { isDoomed } from './gmail-labels.ts'

/** Mailboxes, flags and labels that are named; of more it is said how many there are. */
const NAMED = 4
/** Characters of one name; a tag or a set that is longer may leave no room for what stands behind it. */
const LONGEST = 60

/**
 * `flags \seen; about "INBOX", "Work"`: the selected mailbox included. Undefined where there is nothing to be said. What
 * destroys is said first, and names last: the client chooses how long they are, and a screen may have no room for all.
 */
export function noteApproval(command: Command, mailboxes: readonly string[]): string | undefined {
  const names = [...new Set(mailboxes)].filter((name) => name !== '')
  const words = [
    ...(command.tag.length > LONGEST ? [`it is ${commandName(command)}`] : []),
    ...flagWords(command),
    ...labelWords(command),
    ...setWords(command),
    ...(names.length > 0 ? [`about ${listWords(names.map(quoteName))}`] : []),
  ]
  return words.length > 0 ? words.join('; ') : undefined
}

/** In this order, and all of them: who wants one overlooked would put others before it. */
const systemFlags = ['\\deleted', '\\draft', '\\seen', '\\answered', '\\flagged', '\\recent']

function flagWords(command: Command): readonly string[] {
  const flags = flagsOf(command)
  const isStore = command.name === 'STORE' && command.change.kind === 'flags'
  if (flags.length === 0) return isStore && command.action === 'replace' ? ['no flags are left'] : []
  const system = systemFlags.filter((flag) => flags.includes(flag))
  const other = flags.filter((flag) => !systemFlags.includes(flag))
  const words = listWords([...system, ...other.map(shortName)], Math.max(NAMED, system.length))
  return [`${isStore ? changes[command.action] : ''}flags ${words}`]
}

const changes = { add: '', remove: 'takes off ', replace: 'leaves only ' } as const

/** Those of the system first, and of these what destroys. */
function labelWords(command: Command): readonly string[] {
  if (command.name !== 'STORE' || command.change.kind !== 'labels') return []
  const { labels } = command.change
  if (labels.length === 0) return command.action === 'replace' ? ['no labels are left'] : []
  const system = labels.filter((label) => label.startsWith('\\'))
  const all = [...system.filter(isDoomed), ...system.filter((label) => !isDoomed(label)), ...labels]
  return [`${changes[command.action]}labels ${listWords([...new Set(all)].map(labelName))}`]
}

const labelName = (label: string): string =>
  /^\\[A-Za-z]+$/u.test(label) ? shortName(label) : quoteName(label)

function setWords(command: Command): readonly string[] {
  const set = command.name === 'REPLACE' ? command.replaced : 'messages' in command && command.messages
  if (typeof set !== 'string' || set.length <= LONGEST) return []
  const ranges = set.split(',')
  const ends = set.split(/[,:]/u).map(Number)
  const last = set.includes('*') ? '*' : ends.reduce((most, end) => Math.max(most, end), 0)
  return [`${ranges.length} ranges, up to ${last}`]
}

/** Nothing within a name ends it for the eye. */
const quoteName = (name: string): string => JSON.stringify(shortName(name))

const shortName = (name: string): string => printable(name, LONGEST)

function listWords(words: readonly string[], most = NAMED): string {
  const more = words.length - most
  return `${words.slice(0, most).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
