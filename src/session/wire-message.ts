/** One message as a reader of recorded octets gives it: where it stood, what it is, what it means; knows no redaction. */

import type { Command } from '../imap/commands/index.ts'
import type { Fault } from '../imap/fault.ts'
import type { Message } from '../imap/message.ts'
import type { RawMessage, Side } from '../imap/raw-message.ts'
import type { ResponseText } from '../imap/response-text.ts'
import type { UntaggedData } from '../imap/responses/index.ts'
import type { Secret } from '../imap/secret.ts'
import type { OpenExchange } from './exchanges.ts'

/** Tagged OK, NO or BAD (RFC 9051 section 7.1). */
export interface Completion {
  readonly status: 'OK' | 'NO' | 'BAD'
  readonly text: ResponseText
}

/** A client's line that is no command: a step of AUTHENTICATE, a secret, or IDLE's DONE. Without its line end. */
export interface DataLine {
  readonly line: string | Secret<string>
}

/** Untagged data, with those of the next response where it stands on the same line. */
export type UntaggedValue = UntaggedData & { readonly glued?: UntaggedValue }

interface WireMessageOf<Kind extends string, Value> {
  readonly kind: Kind
  readonly from: Side
  /** Octets of this side before the message. */
  readonly offset: number
  /** Octets of the message, literals and line ends included. */
  readonly octets: number
  /**
   * In upper case: the command (`FETCH`, `UID FETCH`), the untagged response (`EXISTS`, `CAPABILITY`), the status of
   * a greeting or completion (`OK`), `+` of a continuation request, and for a line of data what is open
   * (`AUTHENTICATE`, `IDLE`). Empty where there is no word.
   */
  readonly name: string
  /** Of commands and completions. */
  readonly tag: string | undefined
  /** False when it cannot be read; in a strict reading also when it bends the grammar. */
  readonly ok: boolean
  /** What is wrong with it, in order: of a message that is `ok` the places where it bends the grammar. */
  readonly faults: readonly Fault[]
  /** Undefined where there is nothing to know: what cannot be read, an empty line, a command refused in its middle. */
  readonly value: Value | undefined
  /** Exactly the octets, as lines and literals. They may lie in the caller's buffer. */
  readonly raw: RawMessage
  /** The same as the rooms above pass it about. */
  readonly message: Message
  /** The command that it belongs to, where both sides are read. */
  readonly exchange: OpenExchange | undefined
}

export type CommandMessage = WireMessageOf<'command', Command>
export type DataMessage = WireMessageOf<'data', DataLine>
export type UntaggedMessage = WireMessageOf<'greeting' | 'untagged', UntaggedValue>
export type TaggedMessage = WireMessageOf<'tagged', Completion>
export type ContinuationMessage = WireMessageOf<'continuation', { readonly text: ResponseText }>

/** What a client sends. */
export type ClientMessage = CommandMessage | DataMessage
/** What a server sends (RFC 9051 section 7). */
export type ServerMessage = UntaggedMessage | TaggedMessage | ContinuationMessage
export type WireMessage = ClientMessage | ServerMessage

/** What the octets end in: a message whose end never came. */
export interface IncompleteTail {
  readonly kind: 'incomplete'
  readonly from: Side
  readonly offset: number
  readonly octets: number
}
