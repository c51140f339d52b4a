/** One session's view of its selected mailbox: sequence numbers, and what the client has not been told yet. */

import { writeFlags } from './fetch.ts'
import type { Mailbox, StoredMessage } from './mailbox.ts'
import type { Largest } from './search.ts'
import { includes, readSequenceSet } from './sequence-set.ts'

export interface Numbered {
  readonly sequence: number
  readonly message: StoredMessage
}

export class Selection {
  readonly mailbox: Mailbox
  readonly isReadOnly: boolean
  /** In the order of their sequence numbers, with the flags that the client knows. */
  #known: { message: StoredMessage; flags: string }[]

  constructor(mailbox: Mailbox, isReadOnly: boolean) {
    this.mailbox = mailbox
    this.isReadOnly = isReadOnly
    this.#known = mailbox.messages.map((message) => ({ message, flags: writeFlags(message) }))
  }

  get largest(): Largest {
    return { sequence: this.#known.length, uid: this.#known.at(-1)?.message.uid ?? 0 }
  }

  all(): Numbered[] {
    return this.#known.map(({ message }, index) => ({ sequence: index + 1, message }))
  }

  /** The messages that a sequence set names; undefined when the text is no set or names a number beyond the last. */
  pick(text: string, isUid: boolean): Numbered[] | undefined {
    const { sequence, uid } = this.largest
    const set = readSequenceSet(text, isUid ? uid : sequence)
    if (!set) return undefined
    if (!isUid && set.some(({ low, high }) => low < 1 || high > sequence)) return undefined
    return this.all().filter((one) => includes(set, isUid ? one.message.uid : one.sequence))
  }

  /** The client has been told these flags. */
  acknowledge(message: StoredMessage): void {
    const known = this.#known.find((one) => one.message === message)
    if (known) known.flags = writeFlags(message)
  }

  /** The untagged responses that bring the client up to date; it must not hear EXPUNGE at every moment. */
  changes(mayExpunge: boolean): string[] {
    return [...(mayExpunge ? this.#expunged() : []), ...this.#reflagged(), ...this.#arrived()]
  }

  #expunged(): string[] {
    const present = new Set(this.mailbox.messages)
    const lines: string[] = []
    // From the end: a number announced never shifts those still to come.
    for (let index = this.#known.length - 1; index >= 0; index -= 1) {
      const known = this.#known[index]
      if (!known || present.has(known.message)) continue
      this.#known.splice(index, 1)
      lines.push(`* ${index + 1} EXPUNGE`)
    }
    return lines
  }

  #reflagged(): string[] {
    return this.#known.flatMap((known, index) => {
      const flags = writeFlags(known.message)
      if (flags === known.flags) return []
      known.flags = flags
      return [`* ${index + 1} FETCH (UID ${known.message.uid} FLAGS ${flags})`]
    })
  }

  #arrived(): string[] {
    const lastUid = this.largest.uid
    const arrived = this.mailbox.messages.filter((message) => message.uid > lastUid)
    if (arrived.length === 0) return []
    this.#known.push(...arrived.map((message) => ({ message, flags: writeFlags(message) })))
    return [`* ${this.#known.length} EXISTS`, '* 0 RECENT']
  }
}
