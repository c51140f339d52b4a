/** Collects what a command needs, in whatever order it is found; knows no command. */

import type { Right } from '../../config/policy-document.ts'
import type { MailboxName } from '../../imap/mailbox.ts'
import { actions, reaches, type Action, type MailboxAccess, type Needs, type Reach } from '../needs.ts'

export class NeedsDraft {
  readonly #actions = new Set<Action>()
  readonly #reaches = new Set<Reach>()
  readonly #accesses: MailboxAccess[] = []
  #everywhere: readonly Right[] | undefined
  readonly #selected: MailboxName | undefined
  /** Names go to the server in UTF-8, not in modified UTF-7. */
  readonly isUtf8: boolean

  constructor(selected: MailboxName | undefined, isUtf8: boolean) {
    this.#selected = selected
    this.isUtf8 = isUtf8
  }

  does(...found: readonly Action[]): this {
    for (const action of found) this.#actions.add(action)
    return this
  }

  reaches(...found: readonly Reach[]): this {
    for (const reach of found) this.#reaches.add(reach)
    return this
  }

  names(role: MailboxAccess['role'], mailbox: MailboxName, rights: readonly Right[]): this {
    this.#accesses.push({ mailbox, role, rights })
    return this
  }

  /** Without a selected mailbox the server refuses such a command. */
  inSelected(...rights: readonly Right[]): this {
    return this.#selected === undefined ? this : this.names('selected', this.#selected, rights)
  }

  /** For what changes mailboxes that it does not name. */
  everywhere(...rights: readonly Right[]): this {
    this.#everywhere = rights
    return this
  }

  finish(): Needs {
    const needs = {
      actions: inOrder(actions, this.#actions),
      accesses: this.#accesses,
      reaches: this.#reaches.size === 0 ? none : inOrder(reaches, this.#reaches),
    }
    return this.#everywhere ? { ...needs, everywhere: this.#everywhere } : needs
  }
}

const none: readonly Reach[] = []

/** Most commands do one thing. */
function inOrder<T>(order: readonly T[], found: ReadonlySet<T>): readonly T[] {
  return found.size < 2 ? [...found] : order.filter((word) => found.has(word))
}
