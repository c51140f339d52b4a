/** What a session has learned of how its server names mailboxes, and which one is selected; decides nothing. */

import type { Command } from '../imap/commands/index.ts'
import type { MailboxName } from '../imap/mailbox.ts'
import type { UntaggedData } from '../imap/responses/index.ts'
import { resolveMailbox, type NameHow } from './mailbox-name.ts'

export class ServerNames {
  #separator: string | null | undefined
  #prefixes: readonly string[] = []
  #areNamespacesKnown = false
  #selected: MailboxName | undefined
  /** As the server said with `* ENABLED`. */
  #isUtf8 = false
  #how: NameHow | undefined

  /** The same object as long as nothing changes: views remember what they worked out by it. */
  get how(): NameHow {
    return (this.#how ??= {
      isUtf8: this.#isUtf8,
      separator: this.#separator,
      prefixes: this.#prefixes,
    })
  }

  get isKnown(): boolean {
    return this.#separator !== undefined
  }

  /** As far as the server tells of them. */
  get areNamespacesKnown(): boolean {
    return this.#areNamespacesKnown
  }

  /** As it stands on the wire; the one before where a SELECT was refused, since not every server lets go of it then. */
  get selected(): MailboxName | undefined {
    return this.#selected
  }

  /** Levels joined by `/`; undefined without one. */
  get selectedName(): string | undefined {
    if (this.#selected === undefined) return undefined
    const resolved = resolveMailbox(this.#selected, this.how)
    return resolved.ok ? resolved.name : this.#selected
  }

  /** Names are UTF-8 from here on (RFC 9755 section 3, RFC 9051 section 5.1). */
  noteEnabled(enabled: readonly string[]): void {
    const isUtf8 = enabled.some((word) => utf8Words.has(word))
    if (isUtf8 === this.#isUtf8) return
    this.#isUtf8 = isUtf8
    this.#how = undefined
  }

  /** An answer to `LIST "" ""` or to NAMESPACE. */
  learn(data: UntaggedData): void {
    if (data.name === 'LIST') this.#separator = data.delimiter
    if (data.name === 'NAMESPACE') {
      const spaces = [data.personal, data.others, data.shared].flatMap((each) => each ?? [])
      this.#prefixes = spaces.map(({ prefix }) => prefix).filter((prefix) => prefix !== '')
    }
    this.#how = undefined
  }

  /** Where nothing is asked, until the server tells. */
  assume(separator: string): void {
    if (this.#separator !== undefined) return
    this.#separator = separator
    this.#how = undefined
  }

  /** The server says nothing of its separator: what it then has, nobody can rely on. */
  giveUp(): void {
    this.#separator ??= null
    this.#how = undefined
  }

  /** NAMESPACE was answered, in whatever way. */
  settleNamespaces(): void {
    this.#areNamespacesKnown = true
  }

  noteSelected(mailbox: MailboxName | undefined): void {
    this.#selected = mailbox
  }

  beginAnew(): void {
    this.#separator = undefined
    this.#prefixes = []
    this.#areNamespacesKnown = false
    this.#selected = undefined
    this.#isUtf8 = false
    this.#how = undefined
  }
}

const utf8Words: ReadonlySet<string> = new Set(['UTF8=ACCEPT', 'UTF8=ONLY', 'IMAP4REV2'])

/** `LIST "" ""` names the separator, and no mailbox (RFC 9051 section 6.3.9). */
export const separatorQuestion: Command = { tag: '', name: 'LIST', reference: '', patterns: [''] }
export const namespaceQuestion: Command = { tag: '', name: 'NAMESPACE' }
