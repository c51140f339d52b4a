/** A message as the rooms above pass it about: its octets, and what they mean once somebody asks. */

import { tolerant, type Reading } from './cursor.ts'
import type { Parsed } from './fault.ts'
import { readCommand, type Command } from './commands/index.ts'
import { readResponse, type Response } from './responses/index.ts'
import type { RawMessage } from './raw-message.ts'

/** `data` is a line that is no command: SASL data or IDLE's DONE. */
export type MessageKind = 'command' | 'sasl-data' | 'idle-done' | 'response'

export class Message {
  readonly raw: RawMessage
  readonly kind: MessageKind
  /** How both sides had agreed to speak when it came. */
  readonly reading: Reading
  #command: Parsed<Command> | undefined
  #response: Parsed<Response> | undefined

  constructor(raw: RawMessage, kind: MessageKind, reading: Reading = tolerant) {
    this.raw = raw
    this.kind = kind
    this.reading = reading
  }

  /** Read on first use. Only for messages of kind `command`. */
  command(): Parsed<Command> {
    this.#command ??= readCommand(this.raw, this.reading)
    return this.#command
  }

  /** Read on first use. Only for messages of kind `response`. */
  response(): Parsed<Response> {
    this.#response ??= readResponse(this.raw, this.reading)
    return this.#response
  }
}
