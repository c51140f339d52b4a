/** Mailboxes and accounts in memory, and who wants to hear of changes; knows no wire and no session. */

import { readMessage, type Part } from './mime.ts'

export interface NewMessage {
  readonly source: Buffer
  readonly flags: readonly string[]
  readonly date: Date
}

export class StoredMessage {
  readonly uid: number
  readonly source: Buffer
  readonly date: Date
  readonly flags: Set<string>
  #text: string | undefined
  #parsed: Part | undefined

  constructor(uid: number, message: NewMessage) {
    this.uid = uid
    this.source = message.source
    this.date = message.date
    this.flags = new Set(message.flags)
  }

  /** One character for each octet. */
  get text(): string {
    this.#text ??= this.source.toString('latin1')
    return this.#text
  }

  get parsed(): Part {
    this.#parsed ??= readMessage(this.text)
    return this.#parsed
  }

  hasFlag(flag: string): boolean {
    return [...this.flags].some((own) => own.toLowerCase() === flag.toLowerCase())
  }
}

export class Mailbox {
  readonly name: string
  /** Special-use attributes such as `\Sent`. */
  readonly attributes: readonly string[]
  readonly uidValidity: number
  readonly messages: StoredMessage[] = []
  uidNext = 1
  isSubscribed = true
  readonly #listeners = new Set<() => void>()

  constructor(name: string, uidValidity: number, attributes: readonly string[] = []) {
    this.name = name
    this.uidValidity = uidValidity
    this.attributes = attributes
  }

  append(message: NewMessage): number {
    const uid = this.uidNext
    this.uidNext += 1
    this.messages.push(new StoredMessage(uid, message))
    this.changed()
    return uid
  }

  remove(isGone: (message: StoredMessage) => boolean): void {
    const kept = this.messages.filter((message) => !isGone(message))
    if (kept.length === this.messages.length) return
    this.messages.splice(0, this.messages.length, ...kept)
    this.changed()
  }

  find(uid: number): StoredMessage | undefined {
    return this.messages.find((message) => message.uid === uid)
  }

  count(flag: string): number {
    return this.messages.filter((message) => message.hasFlag(flag)).length
  }

  /** Returns what ends the subscription. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  changed(): void {
    for (const listener of this.#listeners) listener()
  }
}

export class Account {
  readonly user: string
  readonly password: string
  readonly mailboxes: Mailbox[] = []
  #lastValidity: number

  constructor(user: string, password: string, uidValidity: number) {
    this.user = user
    this.password = password
    this.#lastValidity = uidValidity
  }

  find(name: string): Mailbox | undefined {
    const wanted = fold(name)
    return this.mailboxes.find((mailbox) => fold(mailbox.name) === wanted)
  }

  /** Undefined when the name is taken. */
  create(name: string, attributes: readonly string[] = []): Mailbox | undefined {
    if (name === '' || this.find(name)) return undefined
    this.#lastValidity += 1
    const mailbox = new Mailbox(name, this.#lastValidity, attributes)
    this.mailboxes.push(mailbox)
    return mailbox
  }

  delete(mailbox: Mailbox): void {
    this.mailboxes.splice(this.mailboxes.indexOf(mailbox), 1)
    mailbox.remove(() => true)
  }

  hasChildren(mailbox: Mailbox): boolean {
    return this.mailboxes.some((other) => other.name.startsWith(`${mailbox.name}/`))
  }
}

/** Only INBOX is case-insensitive. */
function fold(name: string): string {
  return name.toUpperCase() === 'INBOX' ? 'INBOX' : name
}
