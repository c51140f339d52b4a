/** Says of words that fit nothing what was probably meant: findings, sessions, commands; it reads no capture. */

import { suggest } from '../../config/nearest-word.ts'
import { knownCommands, unknownCommands } from '../../filter/doubt.ts'
import type { Filter } from '../../filter/filter.ts'
import { allChecks } from '../../findings/checks/index.ts'
import { printable } from '../../imap/printable.ts'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'

/** Sessions that a complaint names. */
const NAMED = 8
/** Sessions that are remembered to be named. */
const REMEMBERED = 10_000
/** Characters of a word that are shown. */
const SHOWN = 100

/** Ids and names, written as `readIds` writes them. */
export function requireFindings(words: readonly string[], flag: string): readonly string[] {
  const known = allChecks.flatMap(({ id, name }) => [id, name])
  const wrong = words.find((word) => !known.includes(word))
  if (wrong === undefined) return words
  throw new Failure(
    `${flag}: no finding is called ${printable(wrong, SHOWN)}${suggest(wrong, known)}`,
    exitCodes.usage,
    'docs/findings.md lists them',
  )
}

/** Why a filter may have chosen nothing. */
export function explainNothing(filter: Filter): string {
  const [word] = unknownCommands(filter)
  if (word === undefined) return 'nothing fits the filter'
  return `nothing fits the filter: no command is called ${printable(word, SHOWN)}${suggest(word, knownCommands())}`
}

/** Chooses sessions by name while a capture is read, and knows afterwards which were not there. */
export class SessionChoice {
  readonly #missing: Map<string, string>
  readonly #wanted: ReadonlySet<string>
  readonly #seen = new Set<string>()

  constructor(names: readonly string[]) {
    this.#missing = new Map(names.map((name) => [name.toUpperCase(), name]))
    this.#wanted = new Set(this.#missing.keys())
  }

  wants(session: string): boolean {
    if (this.#seen.has(session)) return this.#wanted.has(session.toUpperCase())
    if (this.#seen.size < REMEMBERED) this.#seen.add(session)
    const name = session.toUpperCase()
    this.#missing.delete(name)
    return this.#wanted.has(name)
  }

  /** To be asked once all is read. */
  requireFound(): void {
    const [missing] = this.#missing.values()
    if (missing === undefined) return
    const { size } = this.#seen
    if (size === 0) return this.#complain(missing, 'the capture has no session')
    // A second start into the same file has sessions of the same names: `S3@2`.
    const begun = `${missing.toUpperCase()}@`
    const near = [...this.#seen].toSorted(
      (a, b) => Number(b.toUpperCase().startsWith(begun)) - Number(a.toUpperCase().startsWith(begun)),
    )
    const more = size > NAMED ? ` and ${size - NAMED} more` : ''
    this.#complain(
      missing,
      `there are ${near
        .slice(0, NAMED)
        .map((name) => printable(name, SHOWN))
        .join(', ')}${more}`,
    )
  }

  #complain(name: string, there: string): never {
    throw new Failure(
      `no session ${printable(name, SHOWN)}; ${there}`,
      exitCodes.runtime,
      'imaptap show FILE names the session on each line',
    )
  }
}
