/** Findings of a capture: those that it tells itself, else those of the engine; knows no output. */

import { FindingsEngine } from '../../findings/engine.ts'
import type { FindingEvent, ObservedEvent } from '../../findings/finding.ts'

export class FindingSource {
  readonly #engine: FindingsEngine
  readonly #suppressed: ReadonlySet<string>
  #isTold = false
  /** What the latest event showed: a recording may tell it once more behind that event. */
  #latest: readonly FindingEvent[] = []

  constructor(suppressed: readonly string[]) {
    this.#engine = new FindingsEngine({ suppressed })
    this.#suppressed = new Set(suppressed)
  }

  /** What `tail` has recorded comes with the findings of the live engine, and perhaps without the messages they are about. */
  found(event: ObservedEvent): readonly FindingEvent[] {
    if (event.kind !== 'finding') {
      this.#latest = this.#isTold ? [] : this.#engine.observe(event)
      return this.#latest
    }
    this.#isTold = true
    const { id, name } = event.finding
    const isKnown = this.#latest.some(
      ({ session, finding }) => session === event.session && finding.id === id,
    )
    if (isKnown) return []
    return this.#suppressed.has(id) || this.#suppressed.has(name) ? [] : [event]
  }
}
