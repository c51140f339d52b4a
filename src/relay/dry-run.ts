/** Asks a guard about what passes, and tells what it would have done; changes nothing of it. */

import { commandName, readCommand } from '../imap/commands/index.ts'
import { strict, strictUtf8 } from '../imap/cursor.ts'
import type { Message } from '../imap/message.ts'
import type { Response } from '../imap/responses/index.ts'
import type { OpenExchange } from '../session/exchanges.ts'
import { isLogin } from './completion.ts'
import type { EventBody } from './event.ts'
import type { Decided, Guard } from './guard.ts'
import type { Millis } from './input.ts'
import { largestLiteralOf, messageOctetsOf } from './streamed-append.ts'
import type { LegFacts } from './verdict.ts'

export interface DryRunPort {
  readonly at: Millis
  legs(): LegFacts
  emit(event: EventBody): void
}

export class DryRun {
  readonly #guard: Guard
  readonly #port: DryRunPort
  /** What the guard kept for commands in flight. */
  readonly #memories = new WeakMap<OpenExchange, unknown>()

  constructor(guard: Guard, port: DryRunPort) {
    this.#guard = guard
    this.#port = port
  }

  /** A command that goes upstream, whole; one that is not in the grammar would have been refused. */
  command(exchange: OpenExchange, message: Message): void {
    const { at } = this.#port
    const read = readCommand(message.raw, message.reading.isUtf8 ? strictUtf8 : strict)
    if (!read.ok) {
      const refused = { reason: 'strict', fault: read.fault, text: read.fault.text, isCut: false }
      return this.#tell([this.#guard.noteRefused({ ...refused, exchange, at })], exchange)
    }
    const command = read.value
    const verdict = this.#guard.decide({
      command,
      name: commandName(command),
      octets: message.raw.octets,
      largestLiteral: largestLiteralOf(message.raw),
      messageOctets: messageOctetsOf(command),
      exchange,
      legs: this.#port.legs(),
      at,
    })
    this.#memories.set(exchange, verdict.memory)
    this.#tell(verdict.decided, exchange)
  }

  /** The guard learns from what the server says anyway; it is asked nothing for its own sake. */
  response(response: Response, owner: OpenExchange | undefined): void {
    if (response.kind === 'untagged') this.#guard.learn(response.data)
    this.#guard.filter({
      response,
      exchange: owner,
      memory: owner && this.#memories.get(owner),
      legs: this.#port.legs(),
      isLoginOpen: response.kind === 'untagged' && owner !== undefined && isLogin(owner),
      at: this.#port.at,
    })
  }

  #tell(decided: readonly Decided[], exchange: OpenExchange): void {
    const { view } = this.#port.legs()
    for (const one of decided)
      this.#port.emit({ kind: 'decided', decided: { ...one, isDryRun: true }, exchange, view })
  }
}
