/** What both sides of one conversation have agreed on so far; no sockets, no policy, no clock. */

import { readCommand, type Command } from '../imap/commands/index.ts'
import { strictUtf8, tolerant, type Reading } from '../imap/cursor.ts'
import { idValue } from '../imap/id-parameters.ts'
import { limits } from '../imap/limits.ts'
import { latin1 } from '../imap/octets.ts'
import { decodeMailboxName } from '../imap/mailbox.ts'
import type { Message } from '../imap/message.ts'
import { printable } from '../imap/printable.ts'
import type { ResponseCode } from '../imap/response-code.ts'
import type { Response, UntaggedData } from '../imap/responses/index.ts'
import type { SequenceSet } from '../imap/sequence-set.ts'
import { Continuations } from './continuations.ts'
import type { OpenExchange } from './exchanges.ts'
import { readCramUser, readSaslUser } from './sasl.ts'
import { isAuthenticated, move, type SessionState, type Transition } from './state.ts'

export type { SessionState } from './state.ts'

export interface SelectedMailbox {
  /** Decoded for display; `INBOX` in upper case. */
  readonly name: string
  readonly isReadOnly: boolean
  readonly exists: number | undefined
  readonly uidValidity: number | undefined
  readonly uidNext: number | undefined
}

/** A live view: it changes as the session goes on. */
export interface SessionView {
  readonly state: SessionState
  readonly user: string | undefined
  /** From the client's ID command, such as `Thunderbird/128`; name and version only. */
  readonly client: string | undefined
  /** From the server's ID response, or undefined. */
  readonly server: string | undefined
  readonly mailbox: SelectedMailbox | undefined
  /** As the server last announced them, upper case. */
  readonly capabilities: readonly string[]
  readonly enabled: readonly string[]
  readonly isIdle: boolean
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

export class Session implements SessionView {
  state: SessionState = 'opening'
  user: string | undefined
  client: string | undefined
  server: string | undefined
  mailbox: Writable<SelectedMailbox> | undefined
  capabilities: readonly string[] = []
  enabled: readonly string[] = []
  /** How messages are to be read, as far as it depends on what was enabled. */
  reading: Reading = tolerant
  /** The client asked to leave; without that, the state `logout` is the server's doing. */
  hasLoggedOut = false
  readonly continuations = new Continuations()
  /** Counts and codes that come while a SELECT is open belong to the mailbox that it selects. */
  #selecting: Writable<SelectedMailbox> | undefined
  /** Whom a SASL exchange names; true only once the server has said OK. */
  #claimedUser: string | undefined
  #mayClaim = false

  get isIdle(): boolean {
    return this.continuations.isIdle
  }

  /** Quoted strings and mailbox names are UTF-8 (RFC 9755 section 3, RFC 9051 section 5.1). */
  get isUtf8(): boolean {
    return this.reading.isUtf8
  }

  /** IMAP4rev2 is on: SEARCH answers by ESEARCH, and nothing is recent. */
  get isRev2(): boolean {
    return this.enabled.includes('IMAP4REV2')
  }

  /** Message numbers are UIDs (RFC 9586). */
  get isUidOnly(): boolean {
    return this.enabled.includes('UIDONLY')
  }

  get isAuthenticated(): boolean {
    return isAuthenticated(this.state)
  }

  /** A new connection to upstream: nothing of the old one holds. */
  beginAnew(): void {
    this.#reset()
    this.continuations.beginAnew()
    this.state = 'opening'
    this.client = undefined
    this.server = undefined
  }

  /** Upstream's greeting was ours to read, and was OK. */
  greet(): void {
    this.#move('greeting')
  }

  /** A command went to the server. */
  observeCommand(command: Command): void {
    if (command.name === 'LOGOUT') this.hasLoggedOut = true
    if (command.name === 'ID') this.client = nameOf(command.parameters) ?? this.client
    if (command.name === 'AUTHENTICATE') {
      const { mechanism, initialResponse } = command
      this.#claimedUser = initialResponse && readSaslUser(mechanism, initialResponse.reveal())
      // `=` is an empty initial response (RFC 4959): the mechanism's first message is still to come.
      this.#mayClaim = !initialResponse || initialResponse.reveal() === '='
    }
    if (command.name === 'SELECT' || command.name === 'EXAMINE') {
      this.#selecting = emptyMailbox(
        printable(decodeMailboxName(command.mailbox, this.isUtf8), SHOWN),
        command.name === 'EXAMINE',
      )
    }
  }

  /** A line of the client's within an AUTHENTICATE exchange; only the first names the user: the next may be a password. */
  observeSaslData(mechanism: string, message: Message): void {
    if (!this.#mayClaim) return
    this.#mayClaim = false
    const [line] = message.raw.parts
    if (line?.kind !== 'line') return
    const base64 = latin1(line.octets).trim()
    this.#claimedUser = mechanism === 'CRAM-MD5' ? readCramUser(base64) : readSaslUser(mechanism, base64)
  }

  /** True when something that a view shows has changed. */
  observeResponse(response: Response, owner: OpenExchange | undefined): boolean {
    if (response.kind === 'continuation') return false
    if (response.kind === 'untagged') {
      const isNew = this.#observeUntagged(response.data)
      return (response.glued !== undefined && this.observeResponse(response.glued, owner)) || isNew
    }
    const hasMoved = this.#observeCompletion(response.status, response.text.code, owner)
    // What a completion announces holds behind it: UNAUTHENTICATE forgets what was announced before.
    return this.#observeCode(response.text.code) || hasMoved
  }

  #observeUntagged(data: UntaggedData): boolean {
    switch (data.name) {
      case 'OK':
        return this.#observeGreeting(data.text.code, 'greeting')
      case 'PREAUTH':
        return this.#observeGreeting(data.text.code, 'preauth')
      case 'BYE':
        return this.#move('bye')
      case 'CAPABILITY':
        return this.#setCapabilities(data.capabilities)
      case 'ENABLED':
        return this.#enable(data.capabilities)
      case 'EXISTS':
        return this.#setMailbox({ exists: data.count })
      case 'EXPUNGE':
        return this.#countGone(1)
      case 'VANISHED':
        // What went earlier was never counted (RFC 7162 section 3.2.10).
        return !data.isEarlier && this.#countGone(countUids(data.uids))
      case 'ID':
        this.server = nameOf(data.parameters) ?? this.server
        return true
      default:
        return false
    }
  }

  /** Also any later untagged OK, which moves nothing. */
  #observeGreeting(code: ResponseCode | undefined, transition: Transition): boolean {
    const hasMoved = this.#move(transition)
    return this.#observeCode(code) || hasMoved
  }

  #observeCode(code: ResponseCode | undefined): boolean {
    if (!code) return false
    if (code.name === 'CAPABILITY') return this.#setCapabilities(code.capabilities)
    if (code.name === 'UIDVALIDITY') return this.#setMailbox({ uidValidity: code.value })
    if (code.name === 'UIDNEXT') return this.#setMailbox({ uidNext: code.value })
    return false
  }

  #observeCompletion(
    status: 'OK' | 'NO' | 'BAD',
    code: ResponseCode | undefined,
    owner: OpenExchange | undefined,
  ): boolean {
    if (!owner) return false
    if (owner.name === 'SELECT' || owner.name === 'EXAMINE') return this.#finishSelect(status, code)
    if (owner.name === 'LOGIN' || owner.name === 'AUTHENTICATE') owner.user = this.#userOf(owner)
    if (status !== 'OK') return false
    switch (owner.name) {
      case 'LOGIN':
      case 'AUTHENTICATE':
        this.user = shown(loginUser(owner)) ?? owner.user
        return this.#move('login')
      case 'CLOSE':
      case 'UNSELECT':
        this.mailbox = undefined
        return this.#move('close')
      case 'LOGOUT':
        return this.#move('bye')
      case 'UNAUTHENTICATE':
      case 'X-UNAUTHENTICATE':
        this.#reset()
        return this.#move('unauthenticate')
      default:
        return false
    }
  }

  #userOf(owner: OpenExchange): string | undefined {
    return shown(owner.name === 'LOGIN' ? soundUser(owner) : this.#claimedUser)
  }

  #finishSelect(status: 'OK' | 'NO' | 'BAD', code: ResponseCode | undefined): boolean {
    const selecting = this.#selecting
    this.#selecting = undefined
    // BAD: the server did not try, and what was selected stays (RFC 9051 section 7.1.3).
    if (status === 'BAD') return false
    if (status === 'NO' || !selecting) {
      this.mailbox = undefined
      return this.#move('select-refused')
    }
    if (code?.name === 'READ-ONLY') selecting.isReadOnly = true
    this.mailbox = selecting
    this.#move('select')
    return true
  }

  #setMailbox(change: Partial<SelectedMailbox>): boolean {
    const mailbox = this.#selecting ?? this.mailbox
    if (!mailbox) return false
    Object.assign(mailbox, change)
    return true
  }

  #countGone(messages: number): boolean {
    const { mailbox } = this
    if (!mailbox?.exists) return false
    mailbox.exists = Math.max(0, mailbox.exists - messages)
    return true
  }

  #setCapabilities(capabilities: readonly string[]): boolean {
    this.capabilities = capabilities.map(upperCase)
    return true
  }

  /** Only what the server names is on: iCloud answers ENABLE by a tagged OK alone, and turns nothing on. */
  #enable(capabilities: readonly string[]): boolean {
    const named = new Set([...this.enabled, ...capabilities.map(upperCase)])
    this.enabled = [...named].slice(0, limits.enabledKept)
    if (this.enabled.some((word) => utf8Words.has(word))) this.reading = tolerantUtf8
    return true
  }

  #reset(): void {
    this.user = undefined
    this.mailbox = undefined
    this.capabilities = []
    this.enabled = []
    this.reading = tolerant
    this.#selecting = undefined
    this.#claimedUser = undefined
  }

  #move(transition: Transition): boolean {
    const before = this.state
    this.state = move(before, transition)
    return this.state !== before
  }
}

/** Names come from peers: nothing in them may break a line of the log or move a cursor. */
const shown = (name: string | undefined): string | undefined => name && printable(name, SHOWN)

/** Characters of a name that are kept. */
const SHOWN = 200

const tolerantUtf8: Reading = { ...tolerant, isUtf8: true }
const utf8Words = new Set(['UTF8=ACCEPT', 'UTF8=ONLY', 'IMAP4REV2'])

const upperCase = (word: string): string => word.toUpperCase()

function emptyMailbox(name: string, isReadOnly: boolean): Writable<SelectedMailbox> {
  return { name, isReadOnly, exists: undefined, uidValidity: undefined, uidNext: undefined }
}

/** How many UIDs a server names, without a list of them. */
function countUids(uids: SequenceSet): number {
  const sizes = uids.split(',').map((range) => {
    const [first = 0, last = first] = range.split(':').map(Number)
    // What is no number names nobody.
    return Math.abs(last - first) + 1 || 0
  })
  return uids === '' ? 0 : sizes.reduce((sum, size) => sum + size, 0)
}

/** Of a LOGIN that is not flawless nobody knows which word is the name: that of a login that failed is not shown. */
function soundUser({ message }: OpenExchange): string | undefined {
  const command = message && readCommand(message.raw, strictUtf8)
  return command?.ok && command.value.name === 'LOGIN' ? command.value.user : undefined
}

function loginUser(owner: OpenExchange): string | undefined {
  const command = owner.message?.command()
  return command?.ok && command.value.name === 'LOGIN' ? command.value.user : undefined
}

/** `name/version` out of ID's parameters. */
function nameOf(parameters: Parameters<typeof idValue>[0]): string | undefined {
  const name = idValue(parameters, 'name')
  const version = idValue(parameters, 'version')
  return shown(name === undefined || version === undefined ? name : `${name}/${version}`)
}
