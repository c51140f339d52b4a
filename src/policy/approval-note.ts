/** What a command that waits for a person is about, where its text may not show it: in a literal, behind a long set; decides nothing. */

import type { Command } from '../imap/commands/index.ts'
import { printable } from '../imap/printable.ts'
import { flagsOf } from './command-words.ts'

/** Mailboxes and flags that are named; of more it is said how many there are. */
const NAMED = 4
/** Characters of one name. */
const LONGEST = 60

/** `about "INBOX", "Work"; flags \seen`: the selected mailbox included. Undefined where there is nothing to be said. */
export function noteApproval(command: Command, mailboxes: readonly string[]): string | undefined {
  const names = [...new Set(mailboxes)].filter((name) => name !== '')
  const about = names.length > 0 ? [`about ${listWords(names.map(quoteName))}`] : []
  const flags = flagsOf(command)
  const set = flags.length > 0 ? [`flags ${listWords(flags.map((flag) => printable(flag, LONGEST)))}`] : []
  const words = [...about, ...set]
  return words.length > 0 ? words.join('; ') : undefined
}

/** Nothing within a name ends it for the eye. */
const quoteName = (name: string): string => JSON.stringify(printable(name, LONGEST))

function listWords(words: readonly string[]): string {
  const more = words.length - NAMED
  return `${words.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
