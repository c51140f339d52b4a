/** One client's session with the demo server: its state and its loop; the commands live beside it. */

import type { Socket } from 'node:net'
import type { Transport } from '../transport.ts'
import {
  malformed,
  type CommandDefinition,
  type CommandSession,
  type Completion,
  type ServerState,
} from './command.ts'
import { loginCommands } from './login-commands.ts'
import type { Account } from './mailbox.ts'
import { mailboxCommands } from './mailbox-commands.ts'
import { messageCommands } from './message-commands.ts'
import type { Selection } from './selection.ts'
import { readTokens, textOf, type Token } from './tokens.ts'

const commands: Record<string, CommandDefinition> = {
  ...loginCommands,
  ...mailboxCommands,
  ...messageCommands,
}

/** What is offered once logged in; every word of it is kept. */
const EXTENSIONS = [
  'LITERAL+',
  'ID',
  'ENABLE',
  'IDLE',
  'NAMESPACE',
  'CHILDREN',
  'SPECIAL-USE',
  'UNSELECT',
  'UIDPLUS',
  'MOVE',
  'ESEARCH',
  'STATUS=SIZE',
]

/** Sequence numbers must not shift under a client that is using them (RFC 3501 section 7.4.1). */
const KEEPS_NUMBERS = new Set(['FETCH', 'STORE', 'SEARCH'])

export interface SessionHost {
  readonly accounts: readonly Account[]
  readonly slowMs: number
  /** Puts TLS on a socket when the client asks for it; undefined where STARTTLS is not offered. */
  readonly startTls: ((socket: Socket) => Socket) | undefined
}

interface Request {
  readonly tag: string
  readonly name: string
  readonly isUid: boolean
  readonly args: readonly Token[]
}

export class ServerSession implements CommandSession {
  readonly #transport: Transport
  readonly #host: SessionHost
  #isSecured = false
  #state: ServerState = 'not-authenticated'
  #account: Account | undefined
  #selection: Selection | undefined

  constructor(transport: Transport, host: SessionHost) {
    this.#transport = transport
    this.#host = host
  }

  /** Ends when the client logs out or leaves. */
  async run(): Promise<void> {
    await this.say(`* OK [CAPABILITY ${this.capabilities.join(' ')}] Harbour Mail is ready`)
    while (this.#state !== 'logout') {
      const octets = await this.#transport.input.message(() => void this.#transport.send('+ go ahead\r\n'))
      if (!octets) break
      await this.#answer(octets)
    }
    this.#transport.end()
  }

  get slowMs(): number {
    return this.#host.slowMs
  }

  get canSecure(): boolean {
    return this.#host.startTls !== undefined && !this.#isSecured
  }

  get isLoginAllowed(): boolean {
    return !this.canSecure
  }

  get capabilities(): readonly string[] {
    if (this.#account) return ['IMAP4rev1', ...EXTENSIONS]
    const login = this.canSecure ? ['STARTTLS', 'LOGINDISABLED'] : ['SASL-IR', 'AUTH=PLAIN']
    return ['IMAP4rev1', ...login, ...EXTENSIONS]
  }

  get account(): Account {
    if (!this.#account) throw new Error('the command table let a command through without login')
    return this.#account
  }

  get selection(): Selection {
    if (!this.#selection) throw new Error('the command table let a command through without mailbox')
    return this.#selection
  }

  authenticate(user: string, password: string): boolean {
    const found = this.#host.accounts.find(
      (account) => account.user === user && account.password === password,
    )
    if (!found) return false
    this.#account = found
    this.#state = 'authenticated'
    return true
  }

  select(selection: Selection | undefined): void {
    this.#selection = selection
    this.#state = selection ? 'selected' : 'authenticated'
  }

  leave(): void {
    this.#state = 'logout'
  }

  say(response: string): Promise<void> {
    return this.#transport.send(response, '\r\n')
  }

  async tellChanges(mayExpunge: boolean): Promise<void> {
    const lines = this.#selection?.changes(mayExpunge) ?? []
    if (lines.length > 0) await this.say(lines.join('\r\n'))
  }

  watch(listener: () => void): () => void {
    return this.#selection?.mailbox.onChange(listener) ?? (() => undefined)
  }

  async readLine(): Promise<string | undefined> {
    const line = await this.#transport.input.line()
    return line?.toString('latin1').replace(/\r?\n$/, '')
  }

  async #answer(octets: Buffer): Promise<void> {
    const request = readRequest(octets)
    if (!request) return this.say(`${readTag(octets)} BAD That is no command`)
    const completion = await this.#carryOut(request)
    if (this.#state !== 'logout') await this.tellChanges(request.isUid || !KEEPS_NUMBERS.has(request.name))
    await this.say(`${request.tag} ${completion.status} ${completion.text}`)
    if (request.name === 'STARTTLS' && completion.status === 'OK') await this.#secure()
  }

  async #carryOut(request: Request): Promise<Completion> {
    const command = commands[request.name]
    if (!command || (request.isUid && !command.hasUid)) return malformed('Unknown command')
    if (!this.#isInState(command.when)) return malformed('Not now')
    return command.run({ session: this, ...request })
  }

  #isInState(when: CommandDefinition['when']): boolean {
    if (when === 'any') return true
    if (when === 'authenticated') return this.#account !== undefined
    return this.#state === when
  }

  async #secure(): Promise<void> {
    const { startTls } = this.#host
    // Octets sent ahead of the handshake could have been put there by anyone.
    if (!startTls || this.#transport.input.buffered > 0) return this.leave()
    await this.#transport.secure(startTls, 'secure')
    this.#isSecured = true
  }
}

/** `*` where there is no tag to answer. */
function readTag(octets: Buffer): string {
  return /^[A-Za-z0-9.]+(?= )/.exec(octets.toString('latin1'))?.[0] ?? '*'
}

function readRequest(octets: Buffer): Request | undefined {
  const [tag, first, second, ...rest] = readTokens(octets) ?? []
  if (tag?.kind !== 'atom' || first?.kind !== 'atom') return undefined
  const word = first.text.toUpperCase()
  if (word !== 'UID')
    return { tag: tag.text, name: word, isUid: false, args: second ? [second, ...rest] : [] }
  return { tag: tag.text, name: textOf(second)?.toUpperCase() ?? '', isUid: true, args: rest }
}
