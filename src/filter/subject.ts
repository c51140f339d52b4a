/** What a filter looks at: a session, an exchange, a message or a note as plain fields; knows no events and no language. */

import type { Side } from '../imap/raw-message.ts'

/**
 * `response` is the answer to a command, `push` what a server says by itself, `note` a line of imaptap's own: TLS,
 * rewrites, warnings, the end. `decided` is what a policy said of a command.
 */
export type SubjectKind = 'session' | 'exchange' | 'response' | 'push' | 'note' | 'finding' | 'decided'

export const subjectKinds: readonly SubjectKind[] = [
  'session',
  'exchange',
  'response',
  'push',
  'note',
  'finding',
  'decided',
]

/** One word, or every word that a session ever said or was told. */
export type Said = string | ReadonlySet<string> | undefined

/** What a filter needs to know of a finding. */
export interface FoundMark {
  readonly id: string
  readonly name: string
  readonly level: string
}

/** What a filter needs to know of a policy's decision. */
export interface DecidedMark {
  readonly rule: string
  /** `deny`, and `dry-run` beside it where it did not hold. */
  readonly effects: readonly string[]
  /** Decoded names of those that the command is about. */
  readonly mailboxes: readonly string[]
}

/** What is not known is absent, and matches nothing. Fields may be getters: a filter reads only those that it names. */
export interface Subject {
  readonly kind: SubjectKind
  /** `S1`. */
  readonly session: string
  /** Whom the client is, or tried to be. */
  readonly user?: string | undefined
  /** `Thunderbird/128`, from ID. */
  readonly client?: string | undefined
  /** Where the client connects from. */
  readonly address?: string | undefined
  readonly upstream?: string | undefined
  /** Decoded. */
  readonly mailbox?: string | undefined
  /** Upper case, `UID FETCH`; of a response without a command its word, `EXISTS`. */
  readonly command?: Said
  readonly tag?: string | undefined
  readonly args?: string | undefined
  /** `OK`, `NO`, `BAD` or `aborted`. */
  readonly status?: Said
  /** `selected`, and what a screen says besides: `idle`, `closed`. */
  readonly state?: Said
  /** The word of the response code, upper case. */
  readonly code?: Said
  /** How long it took: absent while it runs, and of an IDLE, which lasts as long as the client likes. */
  readonly millis?: number | undefined
  /** Both ways. */
  readonly octets?: number | undefined
  readonly side?: Side | undefined
  readonly findings?: readonly FoundMark[] | undefined
  /** What a policy decided of it. */
  readonly decided?: readonly DecidedMark[] | undefined
  /** All that is shown of it in one line, printable and redacted. */
  text(): string
}
