/** A filter that is read once for each text that it was given; one with an error lets everything pass. */

import { parseFilter } from '../../filter/filter.ts'
import type { Subject } from '../../filter/subject.ts'

export class SourceFilter {
  #source = ''
  #matches: ((subject: Subject) => boolean) | undefined

  /** Whether this text's filter lets the subject pass. */
  passes(source: string, subject: () => Subject): boolean {
    if (source !== this.#source) this.#read(source)
    return this.#matches === undefined || this.#matches(subject())
  }

  #read(source: string): void {
    this.#source = source
    const parsed = parseFilter(source)
    this.#matches =
      source.trim() !== '' && parsed.ok ? (subject) => parsed.filter.matches(subject) : undefined
  }
}
