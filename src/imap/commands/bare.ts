/** Commands that are one word and nothing else (RFC 9051 sections 6.1 to 6.4, RFC 3501 for CHECK, RFC 8437, vendors). */

import type { CommandForm } from './form.ts'

export interface BareCommand {
  readonly tag: string
  readonly name: (typeof names)[number]
}

const names = [
  'CAPABILITY',
  'NOOP',
  'LOGOUT',
  'STARTTLS',
  'CHECK',
  'CLOSE',
  'UNSELECT',
  'IDLE',
  'NAMESPACE',
  'UNAUTHENTICATE',
  // Oracle's older spelling of the same.
  'X-UNAUTHENTICATE',
  // Gmail's command that does nothing.
  'XYZZY',
  // Where the server's own web pages are (Netscape).
  'NETSCAPE',
] as const

export const bare: CommandForm<BareCommand> = {
  names,
  read: (_cursor, { tag, name }) => ({ tag, name }),
  write: () => {},
}
