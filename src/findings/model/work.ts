/** One command in progress as the checks see it: what it asked, what came for it so far, what they noted; judges nothing. */

import type { Command } from '../../imap/commands/index.ts'
import { keepText } from './kept-text.ts'
import { MailboxModel } from './mailbox-model.ts'

type WorkFact = 'id' | 'tag' | 'name' | 'command' | 'openedAt' | 'mailbox' | 'selects'

export class Work {
  /** `Exchange.id`. */
  readonly id: number
  readonly tag: string
  /** Upper case, `UID FETCH` for UID forms. */
  readonly name: string
  /** Undefined where it could not be read, or is still to come. */
  readonly command: Command | undefined
  readonly openedAt: number
  /** The name of the mailbox that was selected when it was sent. */
  readonly mailbox: string | undefined
  /** What a SELECT or EXAMINE is told of. */
  selects: MailboxModel | undefined
  /** A response that nobody can read, or not all of it, came meanwhile: what seems to be missing may have been in it. */
  hasMissed = false
  // Made when first written to: most commands need none of them.
  #counts: Map<string, number> | undefined
  /** Thousands come for one command: counted apart. */
  #fetches = 0
  #codes: Set<string> | undefined
  #notes: Map<unknown, unknown> | undefined

  constructor(facts: Pick<Work, WorkFact>) {
    this.id = facts.id
    this.tag = facts.tag
    this.name = facts.name
    this.command = facts.command
    this.openedAt = facts.openedAt
    this.mailbox = facts.mailbox
    this.selects = facts.selects
  }

  /** All that came so far was about the mailbox that was closed (RFC 7162 section 3.2.11). */
  restart(): void {
    if (!this.selects) return
    this.#counts = undefined
    this.#fetches = 0
    this.#codes = new Set(['CLOSED'])
    this.selects = new MailboxModel(this.selects.name, this.selects.isExamine)
  }

  /** How many of an untagged response came while it was the oldest in progress: `EXISTS`, `FETCH`, `OK`. */
  count(word: string): number {
    return word === 'FETCH' ? this.#fetches : (this.#counts?.get(word) ?? 0)
  }

  /** Words of the response codes of untagged OK, NO and BAD meanwhile. */
  get codes(): ReadonlySet<string> {
    return this.#codes ?? none
  }

  noteFetch(): void {
    this.#fetches += 1
  }

  noteUntagged(word: string, code: string | undefined): void {
    if (word === 'FETCH') return this.noteFetch()
    this.#counts ??= new Map()
    this.#counts.set(word, (this.#counts.get(word) ?? 0) + 1)
    if (code === undefined || (this.#codes?.size ?? 0) >= CODES) return
    this.#codes ??= new Set()
    this.#codes.add(keepText(code))
  }

  /** What a check keeps with this command; `make` is also the key, so that no two checks share it. */
  note<T>(make: () => T): T {
    // The value under this key was made by this function and nobody else can put one there.
    const known = this.#notes?.get(make) as T | undefined
    if (known !== undefined) return known
    const made = make()
    this.#notes ??= new Map()
    this.#notes.set(make, made)
    return made
  }
}

/** Different response codes that are kept; a server may make up as many as it likes. */
const CODES = 100
const none: ReadonlySet<string> = new Set()
