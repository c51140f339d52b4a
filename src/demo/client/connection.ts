/** One IMAP connection of the scripted client: sends commands, pairs answers by tag; knows no script. */

import { once } from 'node:events'
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { Transport } from '../transport.ts'

export interface ConnectOptions {
  readonly host: string
  readonly port: number
  readonly security: 'tls' | 'starttls'
  /** PEM of the authority to trust. */
  readonly ca: string
  /** The name that the certificate must carry. */
  readonly name: string
}

export interface Answer {
  /** `lost`: the connection ended first. */
  readonly status: 'OK' | 'NO' | 'BAD' | 'lost'
  readonly text: string
  /** Untagged responses that came while the command was the oldest in flight, without their line end. */
  readonly untagged: readonly string[]
}

/** A Buffer goes as a literal, anything else as it is; pieces are joined by spaces. */
export type Argument = string | Buffer

interface Pending {
  readonly untagged: string[]
  readonly settle: (answer: Answer) => void
}

const LOST: Answer = { status: 'lost', text: '', untagged: [] }

export class ClientConnection {
  readonly #transport: Transport
  readonly #tagPrefix: string
  readonly #pending = new Map<string, Pending>()
  #nextTag = 1
  #isLost = false
  #hasLiteralPlus = false
  #onContinuation: ((isAsked: boolean) => void) | undefined
  #onPush: ((line: string) => void) | undefined

  private constructor(transport: Transport, tagPrefix: string) {
    this.#transport = transport
    this.#tagPrefix = tagPrefix
  }

  /** Resolves after the greeting, or throws when there is none. With `starttls` TLS is still to come: see `startTls`. */
  static async open(options: ConnectOptions, tagPrefix: string): Promise<ClientConnection> {
    const socket = await openSocket(options)
    // A literal follows its announcement in a packet of its own: Nagle would hold it back.
    socket.setNoDelay(true)
    const connection = new ClientConnection(new Transport(socket), tagPrefix)
    const greeting = await connection.#transport.input.message()
    if (!greeting?.toString('latin1').startsWith('* OK')) throw new Error('the greeting did not come')
    connection.#learn(greeting.toString('latin1'))
    void connection.#read()
    return connection
  }

  async run(name: string, ...pieces: readonly Argument[]): Promise<Answer> {
    const tag = `${this.#tagPrefix}${this.#nextTag}`
    this.#nextTag += 1
    if (this.#isLost) return LOST
    const answer = new Promise<Answer>((settle) => this.#pending.set(tag, { untagged: [], settle }))
    await this.#send([`${tag} ${name}`, ...pieces])
    return answer
  }

  /** Runs a command that the server answers with a continuation request first; `data` goes out then. */
  async runContinued(
    name: string,
    pieces: readonly Argument[],
    data: () => Promise<string>,
  ): Promise<Answer> {
    const asked = this.#continuation()
    const answer = this.run(name, ...pieces)
    if (await asked) await this.#transport.send(await data(), '\r\n')
    return answer
  }

  /** IDLE until the mailbox grows or the time is over. */
  idle(milliseconds: number): Promise<Answer> {
    return this.runContinued('IDLE', [], async () => {
      await this.#pushOrTimeout(milliseconds)
      return 'DONE'
    })
  }

  /** To be called once STARTTLS was answered with OK. */
  async startTls({ ca, name }: ConnectOptions): Promise<void> {
    await this.#transport.secure((socket) => connectTls({ socket, ca, servername: name }), 'secureConnect')
    void this.#read()
  }

  close(): void {
    this.#transport.destroy()
  }

  /** Ends this side and resolves once the peer has ended too. */
  async finish(): Promise<void> {
    this.#transport.end()
    await this.ended
  }

  get ended(): Promise<void> {
    return this.#transport.closed
  }

  async #send(pieces: readonly Argument[]): Promise<void> {
    let text = ''
    for (const [index, piece] of pieces.entries()) {
      const space = index === 0 ? '' : ' '
      if (typeof piece === 'string') {
        text += space + piece
        continue
      }
      const asked = this.#hasLiteralPlus ? undefined : this.#continuation()
      await this.#transport.send(`${text}${space}{${piece.length}${asked ? '' : '+'}}\r\n`)
      if (asked && !(await asked)) return
      await this.#transport.send(piece)
      text = ''
    }
    await this.#transport.send(text, '\r\n')
  }

  #continuation(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#onContinuation = resolve
    })
  }

  #pushOrTimeout(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      this.#onPush = (line) => {
        if (!/^\* (?:\d+ EXISTS|lost)$/.test(line)) return
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** Reads until the input ends; STARTTLS ends it too and starts another. */
  async #read(): Promise<void> {
    const { input } = this.#transport
    for (;;) {
      const message = await input.message()
      if (!message) break
      this.#dispatch(message.toString('latin1').replace(/\r?\n$/, ''))
    }
    if (input === this.#transport.input) this.#lose()
  }

  #dispatch(line: string): void {
    if (line.startsWith('+')) return this.#continue(true)
    if (line.startsWith('* ')) return this.#push(line)
    const [, tag = '', status, text = ''] = /^(\S+) (OK|NO|BAD) (.*)$/s.exec(line) ?? []
    const pending = this.#pending.get(tag)
    if (!pending || (status !== 'OK' && status !== 'NO' && status !== 'BAD')) return
    this.#learn(text)
    this.#pending.delete(tag)
    pending.settle({ status, text, untagged: pending.untagged })
    // A refusal in place of "+": nobody will ask for the rest.
    this.#continue(false)
  }

  #push(line: string): void {
    this.#learn(line)
    const [oldest] = this.#pending.values()
    oldest?.untagged.push(line)
    this.#onPush?.(line)
  }

  #continue(isAsked: boolean): void {
    const waiting = this.#onContinuation
    if (!waiting || (!isAsked && this.#pending.size > 0)) return
    this.#onContinuation = undefined
    waiting(isAsked)
  }

  #learn(text: string): void {
    const capabilities = /CAPABILITY ([^\]\r]*)/.exec(text)?.[1]
    if (capabilities) this.#hasLiteralPlus = capabilities.toUpperCase().split(' ').includes('LITERAL+')
  }

  #lose(): void {
    this.#isLost = true
    for (const { settle } of this.#pending.values()) settle(LOST)
    this.#pending.clear()
    this.#continue(false)
    this.#onPush?.('* lost')
  }
}

async function openSocket({ host, port, security, ca, name }: ConnectOptions): Promise<Socket> {
  if (security === 'starttls') {
    const socket = connectTcp(port, host)
    await once(socket, 'connect')
    return socket
  }
  const socket = connectTls({ host, port, ca, servername: name })
  await once(socket, 'secureConnect')
  return socket
}
