/** One session as both directions have told of it, for checks to hold the next message against; judges nothing. */

import type { Command } from '../../imap/commands/index.ts'
import { idValue } from '../../imap/id-parameters.ts'
import { limits } from '../../imap/limits.ts'
import { decodeMailboxName } from '../../imap/mailbox.ts'
import type { ResponseCode } from '../../imap/response-code.ts'
import type { TaggedResponse, UntaggedData } from '../../imap/responses/index.ts'
import type { Address, SessionId, TlsFacts } from '../../relay/event.ts'
import { move, type SessionState, type Transition } from '../../session/state.ts'
import { keepWords } from './kept-text.ts'
import { MailboxModel } from './mailbox-model.ts'
import { asksForModSeq } from './mod-sequence-use.ts'
import { recognizeServer, type ServerKind } from './server-kind.ts'
import type { Work } from './work.ts'

/** Commands in progress that are followed; those beyond are relayed and not judged. */
export const WORK_KEPT = 1_000

export class SessionModel {
  readonly id: SessionId
  readonly openedAt: number
  state: SessionState = 'opening'
  user: string | undefined
  /** Name and version of the client's ID. */
  client: string | undefined
  address: Address | undefined
  /** URLs. */
  listener = ''
  upstream = ''
  tls: { client: TlsFacts | undefined; server: TlsFacts | undefined } = {
    client: undefined,
    server: undefined,
  }
  serverKind: ServerKind | undefined
  /** As the server last announced them, upper case; undefined until it did. */
  capabilities: ReadonlySet<string> | undefined
  /** The same as the client saw them: rules may hide some. */
  shown: ReadonlySet<string> | undefined
  /** What was announced last holds behind login, or came with its answer. */
  isAnnouncedInside = false
  /** Upper case. */
  readonly enabled = new Set<string>()
  mailbox: MailboxModel | undefined
  /** Commands in progress by exchange, oldest first. */
  readonly open = new Map<number, Work>()
  /** Commands that the server had to answer, ever. */
  begun = 0
  /** The client has an IDLE open since then. */
  idleSince: number | undefined
  /** The latest message of each side. */
  lastAt: { client: number; server: number }
  /** It was heard from its beginning on: a capture may begin in the middle of one. */
  isHeardWhole = false
  hasGreeting = false
  isLeaving = false
  /** Responses came that nobody can read: the state may be another. */
  hasMissed = false
  /** More commands were in progress than are followed: from then on nobody knows what belongs to which. */
  isOverrun = false
  /** The client asked for events at any time (NOTIFY, RFC 5465). */
  isNotified = false
  readonly #openNames = new Map<string, number>()
  readonly #openTags = new Map<string, Work>()
  #oldest: Work | undefined
  readonly #notes = new Map<unknown, unknown>()

  constructor(id: SessionId, at: number) {
    this.id = id
    this.openedAt = at
    this.lastAt = { client: at, server: at }
  }

  get isAuthenticated(): boolean {
    return this.state === 'authenticated' || this.state === 'selected'
  }

  get isIdle(): boolean {
    return this.idleSince !== undefined
  }

  /** What the SELECT or EXAMINE is told of whose turn it is. */
  get selecting(): MailboxModel | undefined {
    return this.oldest?.selects
  }

  /** Message counts and codes of now belong to this one. */
  get current(): MailboxModel | undefined {
    return this.selecting ?? this.mailbox
  }

  /** The command that untagged responses are taken for. */
  get oldest(): Work | undefined {
    return this.#oldest
  }

  /** A command of this name is in progress; for hundreds in a pipeline none is looked at. */
  isOpen(name: string): boolean {
    return this.#openNames.has(name)
  }

  /** The names of the commands in progress, each once. */
  get openNames(): Iterable<string> {
    return this.#openNames.keys()
  }

  /** The oldest command in progress with this tag. */
  withTag(tag: string): Work | undefined {
    return this.#openTags.get(tag)
  }

  begin(work: Work): void {
    this.begun += 1
    this.open.set(work.id, work)
    this.#openNames.set(work.name, (this.#openNames.get(work.name) ?? 0) + 1)
    if (!this.#openTags.has(work.tag)) this.#openTags.set(work.tag, work)
    this.#oldest ??= work
  }

  finish(id: number): void {
    const work = this.open.get(id)
    if (!work) return
    this.open.delete(id)
    const left = (this.#openNames.get(work.name) ?? 1) - 1
    if (left === 0) this.#openNames.delete(work.name)
    else this.#openNames.set(work.name, left)
    if (this.#openTags.get(work.tag) === work) this.#openTags.delete(work.tag)
    if (this.#oldest === work) this.#oldest = firstOf(this.open.values())
  }

  has(capability: string): boolean {
    return this.capabilities?.has(capability) ?? false
  }

  /** The client did something by which the server speaks CONDSTORE (RFC 7162 section 3.1). */
  isCondstoreAware = false

  /** Enabled, or the only revision there is. */
  get isRev2(): boolean {
    return this.enabled.has('IMAP4REV2') || (this.has('IMAP4REV2') && !this.has('IMAP4REV1'))
  }

  get isQresync(): boolean {
    return this.enabled.has('QRESYNC')
  }

  get isUidOnly(): boolean {
    return this.enabled.has('UIDONLY')
  }

  get isUtf8(): boolean {
    return this.enabled.has('UTF8=ACCEPT') || this.isRev2
  }

  /** What a check keeps for the session; `make` is also the key, so that no two checks share it. Must be bounded. */
  note<T>(make: () => T): T {
    // The value under this key was made by this function and nobody else can put one there.
    const known = this.#notes.get(make) as T | undefined
    if (known !== undefined) return known
    const made = make()
    this.#notes.set(make, made)
    return made
  }

  /** A response that cannot be read; it may have moved a count, unless it is data of one message. */
  miss(mayCount: boolean): void {
    this.hasMissed = true
    if (mayCount) this.current?.loseCount()
    for (const work of this.open.values()) work.hasMissed = true
  }

  // What changes it, called by the engine when the checks have seen the message.

  observeCommand(command: Command, at: number): void {
    if (command.name === 'ID') this.client = nameOf(command.parameters) ?? this.client
    if (command.name === 'LOGOUT') this.isLeaving = true
    if (command.name === 'IDLE') this.idleSince = at
    // Already now, and not only when the server agrees: nothing that it tells meanwhile is out of order.
    if (command.name === 'NOTIFY' && command.groups.length > 0) this.isNotified = true
  }

  /** A model of the mailbox that this command selects, if it does. */
  makeMailbox(command: Command | undefined): MailboxModel | undefined {
    if (command?.name !== 'SELECT' && command?.name !== 'EXAMINE') return undefined
    return new MailboxModel(decodeMailboxName(command.mailbox, this.isUtf8), command.name === 'EXAMINE')
  }

  observeDone(): void {
    this.idleSince = undefined
  }

  observeUntagged(data: UntaggedData): void {
    switch (data.name) {
      case 'OK':
        this.#greet('greeting')
        return this.observeCode(data.text.code)
      case 'PREAUTH':
        this.#greet('preauth')
        return this.observeCode(data.text.code)
      case 'BYE':
        this.isLeaving = true
        return this.#move('bye')
      case 'NO':
      case 'BAD':
        return this.observeCode(data.text.code)
      case 'CAPABILITY':
        return this.announce(data.capabilities)
      case 'ENABLED':
        return this.#enable(data.capabilities)
      case 'ID':
        this.serverKind ??= recognizeServer({ name: idValue(data.parameters, 'name') })
        return
      case 'EXISTS':
        return this.current?.setExists(data.count)
      case 'RECENT':
        if (this.current) this.current.recent = data.count
        return
      case 'EXPUNGE':
        return this.current?.expunge(data.message)
      case 'VANISHED':
        return data.isEarlier ? undefined : this.current?.vanish(data.uids)
      case 'UIDFETCH':
        if (this.current) this.current.highestUid = Math.max(this.current.highestUid, data.uid)
        return
      case 'FETCH':
        return this.current?.observeItems(data.message, data.items)
      default:
    }
  }

  observeCode(code: ResponseCode | undefined): void {
    if (!code) return
    if (code.name === 'CAPABILITY') return this.announce(code.capabilities)
    // What was selected before is closed (RFC 7162 section 3.2.11): the rest is about the new one.
    if (code.name === 'CLOSED') {
      this.mailbox = undefined
      this.oldest?.restart()
    }
    this.current?.observeCode(code)
  }

  observeCompletion(work: Work | undefined, response: TaggedResponse): void {
    const { status, text } = response
    if (work) this.#complete(work, status, text.code)
    if (work && status === 'OK' && asksForModSeq(work.command)) this.isCondstoreAware = true
    this.observeCode(text.code)
  }

  /** What the server announces; `shown` follows unless a rule has written something else in its place. */
  announce(words: readonly string[]): void {
    const upper = keepWords(words)
    this.capabilities = upper
    this.shown = upper
    this.serverKind ??= recognizeServer({ capabilities: upper })
    const { oldest } = this
    this.isAnnouncedInside =
      this.isAuthenticated || oldest?.name === 'LOGIN' || oldest?.name === 'AUTHENTICATE'
  }

  /** imaptap greeted the client itself: upstream's greeting was its own to read. */
  noteOwnGreeting(): void {
    this.#greet('greeting')
  }

  #greet(transition: Transition): void {
    this.hasGreeting = true
    this.#move(transition)
  }

  #complete(work: Work, status: TaggedResponse['status'], code: ResponseCode | undefined): void {
    if (work.selects || work.name === 'SELECT' || work.name === 'EXAMINE')
      return this.#finishSelect(work, status, code)
    if (work.name === 'IDLE') this.idleSince = undefined
    if (status === 'OK') this.#succeed(work)
  }

  #finishSelect({ selects }: Work, status: TaggedResponse['status'], code: ResponseCode | undefined): void {
    // What came meanwhile was about the mailbox that stays.
    if (status === 'BAD') return this.mailbox?.loseCount()
    this.mailbox = status === 'OK' ? selects : undefined
    if (status === 'NO') return this.#move('select-refused')
    if (code) selects?.observeCode(code)
    selects?.open()
    this.#move('select')
  }

  #succeed({ name, command }: Work): void {
    switch (name) {
      case 'LOGIN':
      case 'AUTHENTICATE':
        return this.#move('login')
      case 'CLOSE':
      case 'UNSELECT':
        this.mailbox = undefined
        return this.#move('close')
      case 'LOGOUT':
        return this.#move('bye')
      case 'NOTIFY':
        if (command?.name === 'NOTIFY' && command.groups.length === 0) this.isNotified = false
        return
      case 'STARTTLS':
        // What was announced in the clear does not hold behind it (RFC 9051 section 6.2.1).
        this.capabilities = undefined
        return
      case 'UNAUTHENTICATE':
        return this.#unauthenticate()
      default:
    }
  }

  #unauthenticate(): void {
    this.user = undefined
    this.mailbox = undefined
    this.capabilities = undefined
    this.enabled.clear()
    this.isCondstoreAware = false
    this.isNotified = false
    this.#move('unauthenticate')
  }

  #enable(words: readonly string[]): void {
    for (const word of words) if (this.enabled.size < limits.enabledKept) this.enabled.add(word.toUpperCase())
    if (this.enabled.has('CONDSTORE') || this.enabled.has('QRESYNC')) this.isCondstoreAware = true
  }

  #move(transition: Transition): void {
    this.state = move(this.state, transition)
  }
}

function firstOf<T>(values: Iterable<T>): T | undefined {
  for (const value of values) return value
  return undefined
}

function nameOf(parameters: Parameters<typeof idValue>[0]): string | undefined {
  const name = idValue(parameters, 'name')
  const version = idValue(parameters, 'version')
  return name === undefined || version === undefined ? name : `${name}/${version}`
}
