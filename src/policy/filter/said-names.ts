/** The mailbox names that upstream was told in a command: whoever repeats them tells nothing; knows no response. */

import type { Command } from '../../imap/commands/index.ts'
import { decodeMailboxName } from '../../imap/mailbox.ts'

const none: ReadonlySet<string> = new Set()

/** As they went upstream, where no hidden name stands any more, and decoded, since servers tell of them in either form. */
export function namesSaid(command: Command | undefined, isUtf8: boolean): ReadonlySet<string> {
  if (!command) return none
  const names = [
    'mailbox' in command ? command.mailbox : undefined,
    'from' in command ? command.from : undefined,
    'to' in command ? command.to : undefined,
    'root' in command ? command.root : undefined,
  ].filter((name) => typeof name === 'string')
  return new Set(names.flatMap((name) => [name, decodeMailboxName(name, isUtf8)]))
}
