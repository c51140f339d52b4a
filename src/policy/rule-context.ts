/** The facts that conditions ask for, worked out when one asks and kept for the next; decides nothing. */

import type { Command } from '../imap/commands/index.ts'
import type { TlsFacts } from '../relay/event.ts'
import type { GuardedCommand, SessionOrigin } from '../relay/guard.ts'
import type { SessionView } from '../session/session.ts'
import { isAuthenticated } from '../session/state.ts'
import { fetchItemsOf, flagsOf, mechanismOf, searchKeysOf, setFormOf } from './command-words.ts'
import type { SetForm, weekdays } from './context.ts'
import type { Counts } from './ledger.ts'
import { noPairs, pairsOf, type NamedPairs, type NamesAsked } from './named-mailboxes.ts'
import type { Needs } from './needs.ts'
import { foldUser } from './user-name.ts'
import { plainAddress } from './network.ts'

export interface WallTime {
  readonly hour: number
  readonly minute: number
  readonly weekday: (typeof weekdays)[number]
}

/** Where the facts of a session come from; each is asked only when a condition wants it. */
export interface SessionFacts {
  readonly origin: SessionOrigin
  readonly view: SessionView
  wallTime(): WallTime
  counts(): Counts
  /** The selected mailbox as the policy names it: resolved, levels joined by `/`; undefined without one. */
  selected(): string | undefined
}

/** A command as rules see it. */
export interface RuleCommand {
  readonly guarded: Pick<GuardedCommand, 'command' | 'name' | 'octets' | 'messageOctets'>
  readonly needs: Needs
  /** For each of `needs.accesses` its resolved name, levels joined by `/`; what is no name of one mailbox is ''. */
  readonly names: readonly string[]
  /** Who tries to log in; the session's user when undefined. */
  readonly user?: string | undefined
}

const nothing: readonly string[] = []

/** The fields of `tls`. */
export class Tls {
  readonly isOn: boolean
  readonly version: string
  readonly cipher: string
  readonly name: string

  constructor(facts: TlsFacts | undefined) {
    this.isOn = facts !== undefined
    this.version = facts?.version ?? ''
    this.cipher = facts?.cipher ?? ''
    this.name = facts?.name ?? ''
  }
}

/** The fields of `session`. */
export class SessionCounts {
  readonly commands: bigint
  readonly octets: bigint
  readonly messages: bigint
  readonly age: bigint

  constructor({ session }: Counts) {
    this.commands = whole(session.commands)
    this.octets = whole(session.octets)
    this.messages = whole(session.messages)
    this.age = whole(session.age)
  }
}

/** The fields of `usage`. */
export class Usage {
  readonly messagesLastHour: bigint
  readonly octetsLastHour: bigint
  readonly sessions: bigint
  readonly addressSessions: bigint
  readonly failedLogins: bigint

  constructor({ user, address }: Counts) {
    this.messagesLastHour = whole(user.messagesLastHour)
    this.octetsLastHour = whole(user.octetsLastHour)
    this.sessions = whole(user.sessions)
    this.addressSessions = whole(address.sessions)
    this.failedLogins = whole(address.failedLogins)
  }
}

interface Kept {
  counts?: Counts
  time?: WallTime
  session?: SessionCounts
  usage?: Usage
  tls?: Tls
  flags?: readonly string[]
  searchKeys?: readonly string[]
  fetchItems?: readonly string[]
  setForm?: SetForm
  pairs?: NamedPairs
  named?: readonly string[]
  mailboxes?: readonly string[]
}

/** One for a session. Each getter is a variable of that name. */
export class RuleContext {
  readonly #facts: SessionFacts
  #about: RuleCommand | undefined
  /** What was worked out for this decision. */
  #kept: Kept = {}
  #asIf: string | undefined
  #asked: NamesAsked | undefined

  constructor(facts: SessionFacts) {
    this.#facts = facts
  }

  /** Forgets what was kept for the decision before. Undefined: no command is asked about. */
  describe(about: RuleCommand | undefined): this {
    this.#about = about
    this.#kept = {}
    return this
  }

  get user(): string {
    return this.#asIf ?? foldUser(this.#about?.user ?? this.#facts.view.user ?? '')
  }

  /** Asks as if the user had another name. */
  askAs<T>(user: string, ask: () => T): T {
    this.#asIf = user
    try {
      return ask()
    } finally {
      this.#asIf = undefined
    }
  }

  /** The mailboxes to ask about one by one; none where the command is about one. */
  pairs(): NamedPairs {
    return (this.#kept.pairs ??= this.#about ? pairsOf(this.#about) : noPairs)
  }

  /** Asks as if the command were about these alone. */
  askAbout<T>(asked: NamesAsked, ask: () => T): T {
    this.#asked = asked
    try {
      return ask()
    } finally {
      this.#asked = undefined
    }
  }

  get client(): string {
    return splitClient(this.#facts.view.client).name
  }

  get clientVersion(): string {
    return splitClient(this.#facts.view.client).version
  }

  get address(): string {
    return plainAddress(this.#facts.origin.address.host)
  }

  get listener(): string {
    return this.#facts.origin.listener
  }

  get tls(): Tls {
    return (this.#kept.tls ??= new Tls(this.#facts.origin.tls()))
  }

  get state(): string {
    return this.#facts.view.state
  }

  get isAuthenticated(): boolean {
    return isAuthenticated(this.#facts.view.state)
  }

  get selected(): string {
    return this.#facts.selected() ?? ''
  }

  get readOnly(): boolean {
    return this.#facts.view.mailbox?.isReadOnly ?? false
  }

  get capabilities(): readonly string[] {
    return this.#facts.view.capabilities
  }

  get hour(): bigint {
    return whole(this.#time.hour)
  }

  get time(): string {
    const { hour, minute } = this.#time
    return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
  }

  get weekday(): string {
    return this.#time.weekday
  }

  get session(): SessionCounts {
    return (this.#kept.session ??= new SessionCounts(this.#counts))
  }

  get usage(): Usage {
    return (this.#kept.usage ??= new Usage(this.#counts))
  }

  get command(): string {
    return this.#about?.guarded.name ?? ''
  }

  get actions(): readonly string[] {
    return this.#about?.needs.actions ?? nothing
  }

  get reaches(): readonly string[] {
    return this.#about?.needs.reaches ?? nothing
  }

  get mailbox(): string {
    return this.#asked?.pair?.mailbox ?? (this.#nameOf('selected') || this.#nameOf('source'))
  }

  get destination(): string {
    return this.#asked?.pair?.destination ?? this.#nameOf('destination')
  }

  get mailboxes(): readonly string[] {
    // What is asked about may be more than what is named: all that lies below.
    return this.#asked && !this.#asked.isNamed
      ? (this.#kept.mailboxes ??= [...new Set([...this.#named, ...this.pairs().below])])
      : this.#named
  }

  get flags(): readonly string[] {
    return (this.#kept.flags ??= this.#read(flagsOf))
  }

  get size(): bigint {
    return whole(this.#about?.guarded.messageOctets ?? 0)
  }

  get octets(): bigint {
    return whole(this.#about?.guarded.octets ?? 0)
  }

  get setForm(): string {
    const command = this.#about?.guarded.command
    return (this.#kept.setForm ??= command ? setFormOf(command) : 'none')
  }

  get uid(): boolean {
    const command = this.#about?.guarded.command
    return command !== undefined && 'uid' in command && command.uid
  }

  get mechanism(): string {
    const command = this.#about?.guarded.command
    return command ? mechanismOf(command) : ''
  }

  get searchKeys(): readonly string[] {
    return (this.#kept.searchKeys ??= this.#read(searchKeysOf))
  }

  get fetchItems(): readonly string[] {
    return (this.#kept.fetchItems ??= this.#read(fetchItemsOf))
  }

  get #time(): WallTime {
    return (this.#kept.time ??= this.#facts.wallTime())
  }

  get #counts(): Counts {
    return (this.#kept.counts ??= this.#facts.counts())
  }

  get #named(): readonly string[] {
    return (this.#kept.named ??= this.#about ? namedBy(this.#about) : nothing)
  }

  #nameOf(role: Needs['accesses'][number]['role']): string {
    if (!this.#about) return ''
    const at = this.#about.needs.accesses.findIndex((access) => access.role === role)
    return this.#about.names[at] ?? ''
  }

  #read(wordsOf: (command: Command) => readonly string[]): readonly string[] {
    return this.#about ? wordsOf(this.#about.guarded.command) : nothing
  }
}

function namedBy({ names, needs }: RuleCommand): readonly string[] {
  const named = names.filter((name, at) => name !== '' && needs.accesses[at]?.role !== 'listed')
  return named.length > 1 ? [...new Set(named)] : named
}

/** Integers of the language are bigint. */
const whole = (value: number): bigint => BigInt(Math.trunc(value))

/** `Thunderbird/128`, as the session keeps it. */
function splitClient(client: string | undefined): { readonly name: string; readonly version: string } {
  const slash = client?.lastIndexOf('/') ?? -1
  if (client === undefined || slash < 0) return { name: client ?? '', version: '' }
  return { name: client.slice(0, slash), version: client.slice(slash + 1) }
}
