/** Pairs commands with their responses, also when they are pipelined; knows no sockets and no policy. */

import type { Message } from '../imap/message.ts'

/** A command with its responses. Times are milliseconds of the monotonic clock that the engine's inputs carry. */
export interface Exchange {
  /** Unique within the session, from 1. */
  readonly id: number
  /** `‹redacted›` where the line was not readable before authentication: it may be a password out of place. */
  readonly tag: string
  /** Upper case, `UID FETCH` for UID forms, `?` when the word is no command we know and nobody is authenticated. */
  readonly name: string
  readonly message: Message
  /** The arguments as one printable line: credentials and literals replaced, control octets escaped, bounded. */
  readonly args: string
  readonly openedAt: number
  /** When the first octet that answers it arrived. */
  readonly firstOctetAt: number | undefined
  readonly completedAt: number | undefined
  /** Octets from the client: the command, its literals, and what it sent in continuations. */
  readonly octetsIn: number
  /** Octets from the server that were attributed to it, the completion included. */
  readonly octetsOut: number
  /** Untagged responses attributed to it. */
  readonly untagged: number
  /** `aborted`: the session ended first. */
  readonly status: 'OK' | 'NO' | 'BAD' | 'aborted' | undefined
  /** The word of the completion's response code, upper case. */
  readonly code: string | undefined
  /** The completion's human text, printable. */
  readonly text: string | undefined
  /** `shared` once another command was in flight beside it: untagged responses may then belong to either. */
  readonly attribution: 'certain' | 'shared'
}
