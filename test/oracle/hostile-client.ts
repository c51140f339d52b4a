/** One connection of a hostile client: plays streams, does what their marks say, and watches every octet that it gets. */

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { constants, createDeflateRaw, createInflateRaw, type DeflateRaw, type InflateRaw } from 'node:zlib'

import { quote } from './direct.ts'
import { stepsOf, type Step } from './generator/marks.ts'
import type { Needles, Watch } from './needles.ts'
import type { World } from './world.ts'

/** Milliseconds until an answer that must come is missed, and one that need not come is no longer waited for. */
const patience = { must: 4000, may: 80 } as const

export interface Played {
  /** `answered`: goes on. `closed`: the other side hung up. `hung`: it neither answered nor hung up. */
  readonly end: 'answered' | 'closed' | 'hung'
  /** Came when nothing was played: behind the last stream. */
  readonly before: string
  readonly received: string
  readonly leaks: readonly string[]
}

/**
 * What comes behind a stream. `go-on`: a NOOP that must be answered, unless the stream's only command was; `probe`: that
 * NOOP in any case; `try`: it need not be answered, since the stream may be waiting for more; `leave`: the end.
 */
export type Ending = 'go-on' | 'probe' | 'try' | 'leave'

export interface HostileOptions {
  readonly port: number
  readonly world: World
  readonly needles: Needles
  /** Does something in the stirred canaries. */
  readonly stir: () => Promise<void>
}

/** A completion or a continuation request: whatever lets a client that waits go on. */
const LETS_GO_ON = /(?:^|\n)(?:\+|[^*+\s][^\s]* (?:OK|NO|BAD)\b|\* BYE)/i

export class HostileClient {
  readonly #options: HostileOptions
  readonly #watch: Watch
  #socket: Socket
  #received = ''
  #leaks: string[] = []
  #isClosed = false
  #wake: () => void = () => undefined
  #deflate: DeflateRaw | undefined
  #inflate: InflateRaw | undefined
  #probes = 0
  /** What was said before the first stream. */
  #welcome = ''
  /** How much of what was received has been looked at. */
  #heard = 0

  private constructor(socket: Socket, options: HostileOptions) {
    this.#socket = socket
    this.#options = options
    this.#watch = options.needles.watch()
    this.#listen(socket)
  }

  static async open(options: HostileOptions): Promise<HostileClient> {
    const socket = connect({ port: options.port, host: '127.0.0.1', noDelay: true })
    const client = new HostileClient(socket, options)
    await client.#until(/^\* (?:OK|BYE|PREAUTH)/, patience.must)
    return client
  }

  get welcome(): string {
    return this.#welcome
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Logs in, and says the lines behind; false when that did not work. */
  async logIn(lines: readonly string[]): Promise<boolean> {
    const { user, password } = this.#options.world
    for (const line of [`L LOGIN ${quote(user)} ${quote(password)}`, ...lines]) {
      this.#write(`${line}\r\n`)
      const tag = line.split(' ')[0]
      if (!(await this.#until(new RegExp(`(?:^|\\n)${tag} (?:OK|NO|BAD)|\\* BYE`), patience.must)))
        return false
    }
    this.#welcome = this.#received
    this.#heard = this.#received.length
    return /(?:^|\n)L OK/.test(this.#received)
  }

  async play(text: string, ending: Ending): Promise<Played> {
    const before = this.#received.slice(this.#heard)
    this.#received = ''
    for (const step of stepsOf(text)) {
      if (this.#isClosed) break
      await this.#do(step)
    }
    const isHeard = await this.#hearLast(text)
    const end = await this.#end(ending, isHeard)
    const leaks = this.#leaks
    // What comes from here on is found with the next stream.
    this.#leaks = []
    this.#heard = this.#received.length
    return { end, before, received: this.#received, leaks }
  }

  async #end(ending: Ending, isHeard: boolean): Promise<Played['end']> {
    if (ending === 'leave') return this.#finish()
    if (ending === 'try') return (await this.#isAnswered(patience.may)) ? 'answered' : this.#finish()
    if (ending === 'go-on' && isHeard) return 'answered'
    if (await this.#isAnswered(patience.must)) return 'answered'
    return this.#isClosed ? 'closed' : 'hung'
  }

  close(): void {
    this.#socket.destroy()
    this.#deflate?.destroy()
    this.#inflate?.destroy()
  }

  async #do(step: Step): Promise<void> {
    switch (step.kind) {
      case 'send':
        return this.#write(step.octets)
      case 'await':
        await this.#until(LETS_GO_ON, patience.may)
        return
      case 'pause':
        await new Promise((resolve) => setImmediate(resolve))
        return
      case 'deflate':
        if (/(?:^|\n)z OK/.test(this.#received)) this.#compress()
        return
      case 'secure':
        if (/(?:^|\n)t OK/.test(this.#received)) await this.#secure()
        return
      case 'stir':
        await this.#options.stir()
    }
  }

  /**
   * The answer to the last line, where there is one: Cyrus writes answers one by one, and without a word of ours in
   * between each waits for the acknowledgement of the one before it, which takes 40 ms.
   */
  async #hearLast(text: string): Promise<boolean> {
    const tag = /(?:^|\n)([\w.,!#-]+) [^\n]*\r\n$/.exec(text)?.[1]
    if (tag === undefined) return false
    const answer = `(?:^|\\n)${tag.replaceAll('.', '\\.')} (?:OK|NO|BAD)`
    if (!(await this.#until(new RegExp(`(?:^|\\n)\\+|${answer}`), patience.may))) return false
    // The gateway's own answer to one command may come before the server's to another.
    return !/\n[^]/.test(text) && new RegExp(`${answer}[^\\n]*\\r\\n$`).test(this.#received)
  }

  async #isAnswered(millis: number): Promise<boolean> {
    const tag = `probe${++this.#probes}`
    this.#write(`${tag} NOOP\r\n`)
    return this.#until(new RegExp(`(?:^|\\n)${tag} (?:OK|NO|BAD)`), millis)
  }

  /** Says that nothing more will come; whatever the other side waits for, it must come to an end. */
  async #finish(): Promise<Played['end']> {
    this.#deflate?.end()
    this.#socket.end()
    await this.#until(/(?!)/, patience.must)
    return this.#isClosed ? 'closed' : 'hung'
  }

  #write(octets: string): void {
    if (this.#isClosed) return
    if (!this.#deflate) {
      this.#socket.write(octets, 'latin1')
      return
    }
    this.#deflate.write(octets, 'latin1')
    this.#deflate.flush(constants.Z_SYNC_FLUSH)
  }

  #listen(socket: Socket): void {
    socket.on('data', (chunk: Buffer) => {
      if (this.#inflate) this.#inflate.write(chunk)
      else this.#take(chunk)
    })
    socket.on('error', () => undefined)
    socket.on('end', () => socket.end())
    socket.on('close', () => {
      this.#isClosed = true
      this.#wake()
    })
  }

  #take(chunk: Buffer): void {
    const text = chunk.toString('latin1')
    this.#received += text
    this.#leaks.push(...this.#watch.feed(text))
    this.#wake()
  }

  #compress(): void {
    const socket = this.#socket
    this.#deflate = createDeflateRaw()
    this.#inflate = createInflateRaw()
    this.#deflate.on('data', (chunk: Buffer) => void (socket.writable && socket.write(chunk)))
    this.#inflate.on('data', (chunk: Buffer) => this.#take(chunk))
    // A stream that is broken on purpose ends the connection, and nothing else.
    for (const coder of [this.#deflate, this.#inflate]) coder.on('error', () => socket.destroy())
  }

  async #secure(): Promise<void> {
    this.#socket.removeAllListeners('data').removeAllListeners('end').removeAllListeners('close')
    // It is the gateway's own certificate: who answers is not the question here.
    const secured = connectTls({ socket: this.#socket, rejectUnauthorized: false })
    this.#socket = secured
    this.#listen(secured)
    await Promise.race([once(secured, 'secureConnect'), once(secured, 'close')]).catch(() => undefined)
  }

  /** Whether it came before the end and before the patience was over. */
  async #until(pattern: RegExp, millis: number): Promise<boolean> {
    const deadline = performance.now() + millis
    for (;;) {
      if (pattern.test(this.#received)) return true
      const left = deadline - performance.now()
      if (this.#isClosed || left <= 0) return false
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }
}
