/** Commands that are one word and nothing else (RFC 9051 sections 6.1 to 6.4, RFC 3501 for CHECK, RFC 8437). */

import type { CommandForm } from './form.ts'

export interface BareCommand {
  readonly tag: string
  readonly name:
    | 'CAPABILITY'
    | 'NOOP'
    | 'LOGOUT'
    | 'STARTTLS'
    | 'CHECK'
    | 'CLOSE'
    | 'UNSELECT'
    | 'IDLE'
    | 'NAMESPACE'
    | 'UNAUTHENTICATE'
}

export const bare: CommandForm<BareCommand> = {
  names: [
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
  ],
  read: (_cursor, { tag, name }) => ({ tag, name }),
  write: () => {},
}
