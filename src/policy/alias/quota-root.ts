/** Which names of quota roots a user may use and hear; knows no command and no response. */

import type { AliasBook } from '../alias-book.ts'
import type { NameHow } from '../mailbox-name.ts'
import type { UserView } from '../mailbox-view.ts'

interface RootFacts {
  readonly view: UserView
  readonly how: NameHow
  readonly book: AliasBook
}

/**
 * The nameless one, what is visible if it is the name of a mailbox, and what the server has named as the root of a mailbox
 * that is visible: any other name may be that of a hidden one, and what there is below it would show.
 */
export function isToldRoot(root: string, { view, how, book }: RootFacts): boolean {
  if (root === '' || !view.isHidden(root, how)) return true
  return book.knowsRoot(root) && !view.isNamedHidden(root, how)
}
