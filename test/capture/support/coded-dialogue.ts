/** A dialogue whose events go through records: what was told beside what was read back, event by event. */

import { RecordDecoder } from '../../../src/capture/decode.ts'
import type { Keeping } from '../../../src/capture/message-record.ts'
import { RecordEncoder } from '../../../src/capture/record.ts'
import type { ObservedEvent } from '../../../src/findings/finding.ts'
import type { ProxyEvent } from '../../../src/relay/event.ts'
import { Dialogue, type PlayOptions } from '../../support/play.ts'
import { plainEvent } from './plain-event.ts'

export const everything: Keeping = { secrets: true, bodies: true }

export class CodedEvents {
  readonly told: unknown[] = []
  readonly read: unknown[] = []
  readonly events: ObservedEvent[] = []
  readonly lines: string[] = []
  readonly #encoder: RecordEncoder
  readonly #decoder = new RecordDecoder()

  constructor(keeping: Keeping = everything) {
    this.#encoder = new RecordEncoder(keeping)
  }

  /** Exchanges and views live on, so that each event is compared while it is told. */
  hear(event: ObservedEvent): void {
    const line = this.#encoder.encode(event)
    const decoded = line === undefined ? undefined : this.#decoder.decode(line)
    if (line === undefined || decoded === undefined || decoded === 'again')
      throw new Error(`no event came back from ${line}`)
    this.lines.push(line)
    this.events.push(decoded)
    this.told.push(plainEvent(event))
    this.read.push(plainEvent(decoded))
  }
}

/** Tells each event when its input was handled, as a connection does. */
export class CodedDialogue extends Dialogue {
  readonly coded: CodedEvents
  #heard = 0

  constructor({ keeping, ...options }: PlayOptions & { readonly keeping?: Keeping } = {}) {
    super({ messages: true, ...options })
    this.coded = new CodedEvents(keeping)
  }

  override input(input: Parameters<Dialogue['input']>[0]): this {
    super.input(input)
    for (const event of this.#takeNew()) this.coded.hear(event)
    return this
  }

  #takeNew(): readonly ProxyEvent[] {
    const fresh = this.events.slice(this.#heard)
    this.#heard = this.events.length
    return fresh
  }
}
