/** Counts what the scripted client did and what came otherwise than the script says; never holds an argument. */

export interface TallySummary {
  readonly sessions: number
  readonly commands: number
  /** By command name in upper case, `UID FETCH` for the UID forms. */
  readonly byName: ReadonlyMap<string, number>
  /** Failures that belong to the script, such as a wrong password. */
  readonly expectedFailures: number
  /** One sentence for each thing that the script does not foresee. */
  readonly unexpected: readonly string[]
}

/** The newest are kept: a demo that runs for days must not fill the memory. */
const UNEXPECTED_KEPT = 100

export class Tally {
  #sessions = 0
  #expectedFailures = 0
  readonly #byName = new Map<string, number>()
  readonly #unexpected: string[] = []

  countSession(): void {
    this.#sessions += 1
  }

  countCommand(name: string): void {
    this.#byName.set(name, (this.#byName.get(name) ?? 0) + 1)
  }

  countExpectedFailure(): void {
    this.#expectedFailures += 1
  }

  noteUnexpected(sentence: string): void {
    this.#unexpected.push(sentence)
    if (this.#unexpected.length > UNEXPECTED_KEPT) this.#unexpected.shift()
  }

  summary(): TallySummary {
    return {
      sessions: this.#sessions,
      commands: [...this.#byName.values()].reduce((total, count) => total + count, 0),
      byName: new Map(this.#byName),
      expectedFailures: this.#expectedFailures,
      unexpected: [...this.#unexpected],
    }
  }
}
