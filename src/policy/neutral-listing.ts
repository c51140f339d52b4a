/** The completion of a command that lists mailboxes, without what a server tells there of those that were left out; knows no name. */

import type { Command } from '../imap/commands/index.ts'
import type { Response } from '../imap/responses/index.ts'

/** Some servers count in the text, or take the time; a hidden mailbox counts there as well. */
const text = 'Completed.'

const listing: ReadonlySet<Command['name']> = new Set<Command['name']>([
  'ESEARCH',
  'FIND ALL.BBOARDS',
  'FIND ALL.MAILBOXES',
  'FIND BBOARDS',
  'FIND MAILBOXES',
  'GETANNOTATION',
  'GETMETADATA',
  'GETQUOTAROOT',
  'LIST',
  'LSUB',
  'NOTIFY',
  'RLIST',
  'RLSUB',
  'XLIST',
])

/** The same object where nothing is to be changed; `command` is what upstream was told. */
export function neutralizeListing(response: Response, command: Command | undefined): Response {
  if (response.kind !== 'tagged' || response.status !== 'OK' || !command) return response
  if (!listing.has(command.name) || response.text.text === text) return response
  return { ...response, text: { ...response.text, text } }
}
