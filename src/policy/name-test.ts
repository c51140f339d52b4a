/** Tests of mailbox names for conditions: broad ones for denials, narrow ones for grants; knows no rule. */

import { isInbox } from '../imap/mailbox.ts'
import { compileGlob, findGlobFault, type MailboxGlob } from './mailbox-glob.ts'
import type { NameHow } from './mailbox-name.ts'
import { spellingsOf, type Spellings } from './mailbox-spellings.ts'

/** Of a name, or of a list of names. */
export type NameTest = (names: string | readonly string[]) => boolean

export type MadeTest =
  | { readonly ok: true; readonly test: NameTest }
  | { readonly ok: false; readonly text: string }

/** As the names of a context stand: resolved, in Unicode. */
const how: NameHow = { isUtf8: true, separator: '/' }
/** Names whose spellings are kept: more than one command is asked about, and all rules ask for the same. */
const KEPT = 512

/** Stands for all that lies below a mailbox, and below '' for all mailboxes: no mailbox has such a name. */
export const belowOf = (name: string): string => (name === '' ? BELOW : `${name}/${BELOW}`)
const BELOW = '*'
/** A name that merely ends with such a sign is one mailbox. */
export const isBelow = (name: string): boolean => name === BELOW || name.endsWith(`/${BELOW}`)
/** Undefined for the name of one mailbox. */
const readBelow = (name: string): string | undefined =>
  isBelow(name) ? name.slice(0, -(BELOW.length + 1)) : undefined

/** Shared by the conditions of a policy. */
export class NameTester {
  readonly #kept = new Map<string, Spellings>()

  /** Fits what any of the patterns fits. A denial fits a list with one such name, a grant one of such names only. */
  make(
    patterns: readonly string[],
    { isBroad, isExact }: { readonly isBroad: boolean; readonly isExact: boolean },
  ): MadeTest {
    const written = patterns.map((pattern) => (isInbox(pattern) ? 'INBOX' : pattern))
    for (const pattern of written) {
      const text = isExact && /[*%]/u.test(pattern) ? wildcard : findGlobFault(pattern)
      if (text !== undefined) return { ok: false, text }
    }
    const globs = written.map(compileGlob)
    const fitsOne = isBroad
      ? (name: string) => {
          const above = readBelow(name)
          if (above !== undefined) return above === '' || globs.some((glob) => glob.mayHideBelow(above, how))
          const spellings = this.#spell(name)
          return globs.some((glob) => glob.hidesSpellings(spellings))
        }
      : (name: string) => {
          const above = readBelow(name)
          return globs.some((glob) =>
            above === undefined ? glob.grants({ name }) : coversBelow(glob, above),
          )
        }
    return { ok: true, test: (names) => fitsNames(names, fitsOne, isBroad) }
  }

  #spell(name: string): Spellings {
    const kept = this.#kept.get(name)
    if (kept) return kept
    const spellings = spellingsOf(name, how)
    if (this.#kept.size >= KEPT) this.#kept.clear()
    this.#kept.set(name, spellings)
    return spellings
  }
}

/** Of no name that a pattern spells out. */
const probe = '\u0002'

/** One pattern alone has all that lies below. */
function coversBelow(glob: MailboxGlob, above: string): boolean {
  const child = above === '' ? probe : `${above}/${probe}`
  return (
    glob.pattern.endsWith('**') && glob.grants({ name: child }) && glob.grants({ name: `${child}/${probe}` })
  )
}

const wildcard = 'no mailbox has * or % in its name: for a pattern use glob(mailbox, "...")'

function fitsNames(
  names: string | readonly string[],
  fitsOne: (name: string) => boolean,
  isBroad: boolean,
): boolean {
  if (typeof names === 'string') return names !== '' && fitsOne(names)
  return isBroad ? names.some(fitsOne) : names.length > 0 && names.every(fitsOne)
}
