/** Speaks to the server itself, past the gateway, to build and to read what is true; knows just enough IMAP for that. */

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** Milliseconds that a server may take for a handful of commands. */
const patience = 30_000

export interface Answer {
  /** Untagged responses, whole, as they came. */
  readonly data: string
  readonly status: string
  readonly text: string
}

const noAnswer: Answer = { data: '', status: '', text: '' }

export class Direct {
  readonly #socket: Socket
  #received = ''
  #wake: () => void = () => undefined
  #tags = 0
  #lastSent = ''
  #isClosed = false
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => {
      this.#received += chunk.toString('latin1')
      this.#wake()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.#isClosed = true
      this.#wake()
    })
  }

  static async open(port: number, user: string, password: string): Promise<Direct> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    await once(socket, 'connect')
    const direct = new Direct(socket)
    await direct.#until(/^\* OK/)
    const login = await direct.run(`LOGIN ${quote(user)} ${quote(password)}`)
    if (login.status !== 'OK') throw new Error(`no login for ${user}: ${login.text}`)
    return direct
  }

  async run(command: string): Promise<Answer> {
    const [answer] = await this.runAll([command])
    if (answer === undefined) throw new Error('unreachable: one command has one answer')
    return answer
  }

  /**
   * The answers are in the order of the commands, whatever the order they come in. Those without a literal go out
   * together; Dovecot falls asleep over a long run of pipelined literals.
   */
  runAll(commands: readonly string[]): Promise<Answer[]> {
    // Several ask at once, and each takes whatever answer comes next.
    const run = this.#turn.then(() => this.#runInTurn(commands))
    this.#turn = run.catch(() => undefined)
    return run
  }

  async #runInTurn(commands: readonly string[]): Promise<Answer[]> {
    const answers: Answer[] = []
    for (let at = 0; at < commands.length;) {
      const group = commands.slice(at, endOfGroup(commands, at))
      const tags = group.map((command) => this.#send(command))
      const byTag = new Map<string, Answer>()
      while (byTag.size < tags.length) {
        const { tag, answer } = await this.#nextAnswer()
        byTag.set(tag, answer)
      }
      for (const tag of tags) answers.push(byTag.get(tag) ?? noAnswer)
      at += group.length
    }
    return answers
  }

  close(): void {
    this.#socket.destroy()
  }

  #send(command: string): string {
    this.#lastSent = command
    const tag = `d${++this.#tags}`
    this.#socket.write(`${tag} ${command}\r\n`, 'latin1')
    return tag
  }

  async #nextAnswer(): Promise<{ tag: string; answer: Answer }> {
    const found = await this.#until(/^(d\d+) (OK|NO|BAD)(.*)\r\n/m)
    const data = this.#received.slice(0, found.index)
    this.#received = this.#received.slice(found.index + found[0].length)
    return { tag: found[1] ?? '', answer: { data, status: found[2] ?? '', text: found[3] ?? '' } }
  }

  async #until(pattern: RegExp): Promise<RegExpExecArray> {
    const deadline = Date.now() + patience
    for (;;) {
      const found = pattern.exec(this.#received)
      if (found) return found
      if (this.#isClosed) throw new Error(`the server hung up; it said: ${this.#received.slice(-300)}`)
      if (Date.now() > deadline)
        throw new Error(
          `no answer to ${JSON.stringify(this.#lastSent)}; it said: ${this.#received.slice(-300)}`,
        )
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1000)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }
}

function endOfGroup(commands: readonly string[], from: number): number {
  const hasLiteral = (command: string | undefined): boolean => command?.includes('\r\n') === true
  let at = from + 1
  while (at < commands.length && at - from < 50 && !hasLiteral(commands[at - 1]) && !hasLiteral(commands[at]))
    at++
  return at
}

export const quote = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`

/** For servers that take octets without being asked, as both of the oracle's do. */
export const literal = (octets: string): string => `{${octets.length}+}\r\n${octets}`
