/** Writes the names of one command anew, and notes what cannot be written at all; knows no command. */

import type { MailboxName } from '../../imap/mailbox.ts'
import { latin1 } from '../../imap/octets.ts'
import type { Syntax } from '../../imap/syntax.ts'
import { decodeText } from '../../imap/utf8.ts'
import type { GmailLabel } from '../../imap/vendor-item.ts'
import type { Alias, AliasBook } from '../alias-book.ts'
import { mailboxOfLabel } from '../gmail-labels.ts'
import type { NameHow } from '../mailbox-name.ts'
import type { UserView } from '../mailbox-view.ts'
import { isToldRoot } from './quota-root.ts'

export class AliasPen {
  readonly aliases: Alias[] = []
  /** Why the command cannot go on: the first reason. */
  refusal: string | undefined
  readonly #view: UserView
  readonly #how: NameHow
  readonly #book: AliasBook

  constructor({
    view,
    how,
    book,
  }: {
    readonly view: UserView
    readonly how: NameHow
    readonly book: AliasBook
  }) {
    this.#view = view
    this.#how = how
    this.#book = book
  }

  /** The name itself, or that of a mailbox that does not exist where it is hidden. Empty is the server's own. */
  rename(name: MailboxName): MailboxName {
    if (name === '' || !this.#isHidden(name)) return name
    return this.#alias(name, (part) => this.#isHidden(part))
  }

  /** A quota root has a name of its own, or that of a mailbox: which it is, only the server can say. */
  renameRoot(root: string): string {
    if (isToldRoot(root, { view: this.#view, how: this.#how, book: this.#book })) return root
    return this.#alias(root, (part) => this.#isHidden(part))
  }

  /** A mailbox of this name is to be made. The same is said whether there is one already or not. */
  make(name: MailboxName): void {
    if (this.#isHidden(name)) this.refuse('this mailbox name cannot be used here')
  }

  /** What lies below goes along, and what is hidden may be among it, or come in the way. */
  moveBelow(...names: readonly MailboxName[]): void {
    if (names.some((name) => this.#hidesBelow(name))) this.refuse('this mailbox cannot be renamed here')
  }

  /** Servers refuse this, or keep a shell of it, where something lies below: what is hidden would show. */
  removeAbove(name: MailboxName): void {
    if (this.#hidesBelow(name)) this.refuse('this mailbox cannot be deleted here')
  }

  isHiddenLabel(label: GmailLabel): boolean {
    return this.#isHidden(mailboxOfLabel(label))
  }

  /** A label of the system is of one level, whatever it stands for. */
  renameLabel(label: GmailLabel): GmailLabel {
    if (!this.isHiddenLabel(label)) return label
    return label.startsWith('\\') ? this.#alias(label, () => true) : this.rename(label)
  }

  /** Arguments that nobody here understands are not taken when one of them could be a hidden name. */
  refuseMention(values: readonly Syntax[]): void {
    if (values.some((value) => this.#mentions(value))) this.refuse('these arguments are not taken here')
  }

  refuse(why: string): void {
    this.refusal ??= why
  }

  /** Of what is hidden itself the same as of a mailbox that does not exist in its place: `Shared/Secret` as `Shared/Other`. */
  #hidesBelow(name: MailboxName): boolean {
    const isHidden = (part: MailboxName): boolean => this.#isHidden(part)
    const seen = isHidden(name) ? this.#book.aliasName(name, this.#how, isHidden).name : name
    return !isHidden(seen) && this.#view.rightsBelow(seen, this.#how) === 'hidden'
  }

  #isHidden(name: MailboxName): boolean {
    return this.#view.isHidden(name, this.#how)
  }

  #alias(name: MailboxName, isHidden: (name: MailboxName) => boolean): MailboxName {
    const substitute = this.#book.aliasName(name, this.#how, isHidden)
    this.aliases.push(substitute.alias)
    return substitute.name
  }

  #mentions(value: Syntax): boolean {
    switch (value.kind) {
      case 'list':
        return value.items.some((item) => this.#mentions(item))
      case 'literal':
        return this.#isHidden(decodeText(latin1(value.octets)))
      // Nobody can say what is in it.
      case 'streamed':
      case 'opaque':
        return true
      case 'atom':
      case 'quoted':
        return this.#isHidden(value.text)
    }
  }
}
