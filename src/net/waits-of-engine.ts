/** What the engine waits for beside octets, of one session: time that has to pass, and records that have to be durable. */

import type { Effect } from '../relay/effect.ts'
import type { ProxyEvent, Ticket } from '../relay/event.ts'
import type { Input } from '../relay/input.ts'
import type { Recorder } from './connection-context.ts'

type Waited = Extract<Input, { readonly kind: 'waited' | 'recorded' }>
type Done = (
  input: Waited extends infer Each ? (Each extends unknown ? Omit<Each, 'at'> : never) : never,
) => void

/** Milliseconds that a timer of Node's can wait: one set for longer fires at once, and delays add up. */
const LONGEST = 2 ** 31 - 1

export class WaitsOfEngine {
  readonly #recorder: Recorder | undefined
  readonly #done: Done
  readonly #timers = new Set<NodeJS.Timeout>()
  #isOver = false

  /** Without a recorder nothing is durable. */
  constructor(recorder: Recorder | undefined, done: Done) {
    this.#recorder = recorder
    this.#done = done
  }

  begin(effect: Extract<Effect, { readonly kind: 'wait' | 'record' }>): void {
    if (this.#isOver) return
    if (effect.kind === 'wait') this.#wait(effect.ticket, effect.millis)
    else this.#record(effect.ticket, effect.event)
  }

  /** The session is over: nothing is told any more. */
  end(): void {
    this.#isOver = true
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }

  #wait(ticket: Ticket, millis: number): void {
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer)
        this.#done({ kind: 'waited', ticket })
      },
      Math.min(millis, LONGEST),
    )
    this.#timers.add(timer)
  }

  #record(ticket: Ticket, event: ProxyEvent): void {
    const answer = (isDurable: boolean): void => {
      if (!this.#isOver) this.#done({ kind: 'recorded', ticket, isDurable })
    }
    if (this.#recorder) this.#recorder.record(event, answer)
    else queueMicrotask(() => answer(false))
  }
}
