/** What the filter of responses goes by, and the names that it has seen and not shown; knows no response. */

import type { MailboxName } from '../../imap/mailbox.ts'
import { decodeMailboxName } from '../../imap/mailbox.ts'
import type { AliasBook } from '../alias-book.ts'
import { longestName, type NameHow } from '../mailbox-name.ts'
import type { UserView } from '../mailbox-view.ts'
import type { SaidNames } from './said-names.ts'

export interface FilterContext {
  readonly view: UserView
  readonly how: NameHow
  readonly book: AliasBook
  /** Of the session. */
  readonly hiddenNames: HiddenNames
  /** What the client itself said in the command that is answered. */
  readonly said?: SaidNames | undefined
}

/** Names that are kept; of a server with more hidden mailboxes the texts are held against the last of them. */
const mostNames = 1024

/** Shorter names stand in any text by chance. */
const shortest = 3

/** Hidden names that the server has used in this session: no text may tell them either. */
export class HiddenNames {
  readonly #names = new Set<string>()
  /** Those that a text cannot be cut into words for. */
  readonly #spaced = new Set<string>()
  readonly #shells = new Set<string>()

  note(name: MailboxName, { isUtf8 }: NameHow): void {
    for (const text of [name, decodeMailboxName(name, isUtf8)]) {
      if (text.length < shortest) continue
      keep(/[\s"'()[\]<>,;:]/u.test(text) ? this.#spaced : this.#names, text.toLowerCase())
    }
  }

  has(word: string): boolean {
    return this.#names.has(word.toLowerCase())
  }

  /** While a LIST is answered: whether no mailbox of this name is there, but perhaps something hidden below it. */
  noteShell(name: MailboxName, isShell: boolean): void {
    if (isShell) keep(this.#shells, name.toLowerCase())
    else if (this.#shells.size > 0) this.#shells.delete(name.toLowerCase())
  }

  isShell(name: MailboxName): boolean {
    return this.#shells.size > 0 && this.#shells.has(name.toLowerCase())
  }

  forgetShells(): void {
    this.#shells.clear()
  }

  /** Of those that the text, in lower case, holds and that are of several words. */
  someIn(folded: string, test: (name: string) => boolean): boolean {
    for (const name of this.#spaced) if (folded.includes(name) && test(name)) return true
    return false
  }
}

function keep(names: Set<string>, name: string): void {
  names.add(name)
  if (names.size <= mostNames) return
  const [oldest] = names
  if (oldest !== undefined) names.delete(oldest)
}

/** Whether the client may not hear of this mailbox. A name that stands for one of its own it may. */
export function isHidden(name: MailboxName, context: FilterContext): boolean {
  if (name.length > longestName) return context.view.hidesAnything
  if (!couldBeHidden(name, context)) return false
  context.hiddenNames.note(name, context.how)
  return true
}

/** The same of what need not be a name at all, and so is not to be looked for in texts. */
export function couldBeHidden(text: string, { view, how, book }: FilterContext): boolean {
  if (!view.hidesAnything || text === '' || text.length > longestName || book.holds(text)) return false
  return book.isStray(text) || view.isHidden(text, how)
}

/** What a mailbox holds is told of those that may be read: a STATUS of it would have been refused as well. */
export function mayBeRead(name: MailboxName, { view, how, book }: FilterContext): boolean {
  if (!view.limitsReading || name === '' || book.holds(name)) return true
  const rights = view.rightsOf(name, how)
  return typeof rights !== 'string' && rights.has('read')
}
