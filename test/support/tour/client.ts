/** A client that plays scenes: sends commands with their literals, and keeps both sides' messages; knows no scene. */

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { constants, createDeflateRaw, createInflateRaw } from 'node:zlib'

import { Assembler } from '../../../src/imap/assembler.ts'
import { Framer } from '../../../src/imap/framer.ts'
import { latin1 } from '../../../src/imap/octets.ts'
import type { RawMessage } from '../../../src/imap/raw-message.ts'

export interface Address {
  readonly port: number
  /** PEM of the authority to trust; without it there is no TLS. */
  readonly ca?: Buffer
}

export interface Login {
  readonly user: string
  readonly password: string
}

/** `broken` bends the grammar on purpose, `unknown` has a word that nobody knows; `line` is SASL data or IDLE's DONE. */
export type Kind = 'command' | 'broken' | 'unknown' | 'line' | 'greeting' | 'response'

export interface Recorded {
  readonly kind: Kind
  readonly raw: RawMessage
  /** UTF8=ACCEPT or IMAP4rev2 was enabled. */
  readonly isUtf8: boolean
}

export interface Reply {
  readonly status: 'OK' | 'NO' | 'BAD'
  /** All that came since the command, one character for an octet. */
  readonly text: string
}

const patienceMs = 10_000

export class TourClient {
  /** Everything that either side said, in order. */
  readonly record: Recorded[] = []
  /** All octets, without TLS and up to the compression of the stream. */
  readonly sent: Buffer[] = []
  readonly received: Buffer[] = []
  isCompressed = false
  socket: Socket
  #framer = new Framer('server')
  #assembler = new Assembler('server')
  #messages: RawMessage[] = []
  #hasGreeted = false
  #isUtf8 = false
  #tag = 0
  #hasEnded = false
  #wake: () => void = () => undefined
  #send: (octets: Buffer) => void
  #hear: (octets: Buffer) => void
  /** Called at the end of the stream, once everything before it was taken. */
  #finish: (end: () => void) => void = (end) => end()

  private constructor(socket: Socket) {
    this.socket = socket
    this.#send = (octets) => this.#write(socket, octets)
    this.#hear = (octets) => this.#take(octets)
    this.#watch(socket)
  }

  static async open(address: Address): Promise<TourClient> {
    const { port, ca } = address
    const host = '127.0.0.1'
    const socket = ca ? connectTls({ port, host, ca, servername: 'localhost' }) : connect({ port, host })
    socket.setNoDelay(true)
    const client = new TourClient(socket)
    await client.#next()
    return client
  }

  /** Sends a command, its literals when the server asks for them, and waits for its completion. */
  async run(text: string, kind: Kind = 'command'): Promise<Reply> {
    const tag = `t${++this.#tag}`
    const heard: string[] = []
    for (const piece of this.#pieces(`${tag} ${text}\r\n`, kind)) {
      this.#send(piece.octets)
      if (!piece.waits) continue
      const answer = await this.#until(heard, tag, true)
      if (answer.status !== undefined) return { status: answer.status, text: heard.join('') }
    }
    const { status = 'BAD' } = await this.#until(heard, tag, false)
    return { status, text: heard.join('') }
  }

  /** Many commands in one write; answers when the last of them is complete. */
  async pipeline(...commands: readonly string[]): Promise<Reply> {
    const tags = commands.map(() => `t${++this.#tag}`)
    const lines = commands.map((text, at) => `${tags[at]} ${text}\r\n`)
    for (const line of lines) this.#pieces(line, 'command')
    this.#send(Buffer.from(lines.join('')))
    const heard: string[] = []
    const { status = 'BAD' } = await this.#until(heard, tags.at(-1) ?? '', false)
    return { status, text: heard.join('') }
  }

  /** Answers each challenge with the next line; a line may be computed from the challenge. */
  async authenticate(
    text: string,
    lines: readonly (string | ((challenge: string) => string))[],
  ): Promise<Reply> {
    const tag = `t${++this.#tag}`
    const heard: string[] = []
    this.#sendAll(`${tag} AUTHENTICATE ${text}\r\n`, 'command')
    for (const line of lines) {
      const answer = await this.#until(heard, tag, true)
      if (answer.status !== undefined) return { status: answer.status, text: heard.join('') }
      const challenge = answer.text.slice(2).trim()
      this.#sendAll(`${typeof line === 'string' ? line : line(challenge)}\r\n`, 'line')
    }
    const { status = 'BAD' } = await this.#until(heard, tag, false)
    return { status, text: heard.join('') }
  }

  /** Runs `during` while idling; it can wait for what comes with `hear`. */
  async idle(during: () => Promise<void>): Promise<Reply> {
    const tag = `t${++this.#tag}`
    const heard: string[] = []
    this.#sendAll(`${tag} IDLE\r\n`, 'command')
    await this.#until(heard, tag, true)
    await during()
    this.#sendAll('DONE\r\n', 'line')
    const { status = 'BAD' } = await this.#until(heard, tag, false)
    return { status, text: heard.join('') }
  }

  /** Waits for a message that no command of ours brought. */
  async hear(pattern: RegExp): Promise<string> {
    for (;;) {
      const text = textOf(await this.#next())
      if (pattern.test(text)) return text
    }
  }

  /** STARTTLS: what comes from now on is TLS. */
  async secure(ca: Buffer): Promise<void> {
    this.socket.removeAllListeners('data').removeAllListeners('end')
    const secured = connectTls({ socket: this.socket, ca, servername: 'localhost' })
    await once(secured, 'secureConnect')
    this.socket = secured
    this.#send = (octets) => this.#write(secured, octets)
    this.#watch(secured)
  }

  /** COMPRESS: from now on each direction is one stream of raw DEFLATE (RFC 4978). */
  compress(): void {
    const inflate = createInflateRaw()
    const deflate = createDeflateRaw()
    const { socket } = this
    this.isCompressed = true
    inflate.on('data', (octets: Buffer) => this.#take(octets))
    deflate.on('data', (octets: Buffer) => void socket.write(octets))
    this.#hear = (octets) => void inflate.write(octets)
    this.#finish = (end) => void inflate.write(Buffer.alloc(0), end)
    this.#send = (octets) => {
      deflate.write(octets)
      deflate.flush(constants.Z_SYNC_FLUSH)
    }
  }

  /** UNAUTHENTICATE ends the compression with its completion (RFC 8437). */
  decompress(): void {
    const { socket } = this
    this.#send = (octets) => void socket.write(octets)
    this.#hear = (octets) => this.#take(octets)
  }

  close(): void {
    this.socket.destroy()
  }

  #write(socket: Socket, octets: Buffer): void {
    this.sent.push(octets)
    socket.write(octets)
  }

  #sendAll(text: string, kind: Kind): void {
    for (const { octets } of this.#pieces(text, kind)) this.#send(octets)
  }

  /** Cut where a literal must wait to be asked for. */
  #pieces(text: string, kind: Kind): { octets: Buffer; waits: boolean }[] {
    const whole = Buffer.from(text)
    const framer = new Framer('client')
    const assembler = new Assembler('client')
    const pieces: { octets: Buffer; waits: boolean }[] = []
    let from = 0
    framer.push(whole)
    while (framer.next(kind === 'line' ? 'idle-done' : 'command')) {
      assembler.add(framer)
      if (framer.announced?.isSynchronizing !== true) continue
      pieces.push({ octets: whole.subarray(from, framer.end), waits: true })
      from = framer.end
    }
    this.record.push({ kind, raw: assembler.take(), isUtf8: this.#isUtf8 })
    if (from < whole.length) pieces.push({ octets: whole.subarray(from), waits: false })
    return pieces
  }

  async #until(
    heard: string[],
    tag: string,
    mayContinue: boolean,
  ): Promise<{ status?: Reply['status']; text: string }> {
    for (;;) {
      const text = textOf(await this.#next())
      heard.push(text)
      const status = new RegExp(`^${tag} (OK|NO|BAD)\\b`, 'u').exec(text)?.[1]
      if (status === 'OK' || status === 'NO' || status === 'BAD') return { status, text }
      if (/^\* ENABLED .*(?:UTF8=ACCEPT|IMAP4rev2)/iu.test(text)) this.#isUtf8 = true
      if (mayContinue && text.startsWith('+')) return { text }
    }
  }

  async #next(): Promise<RawMessage> {
    const deadline = performance.now() + patienceMs
    for (;;) {
      const message = this.#messages.shift()
      if (message) return message
      if (this.#hasEnded) throw new Error(`the server has ended; ${this.#lately()}`)
      if (performance.now() > deadline) throw new Error(`no answer in time; ${this.#lately()}`)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 200)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  #lately(): string {
    const last = this.record.slice(-4).map(({ raw }) => textOf(raw).slice(0, 300))
    return `last said:\n${last.join('')}`
  }

  #watch(socket: Socket): void {
    const end = () =>
      this.#finish(() => {
        this.#hasEnded = true
        this.#wake()
      })
    socket.on('data', (octets: Buffer) => this.#hear(octets))
    socket.on('end', end)
    socket.on('close', end)
    socket.on('error', end)
  }

  #take(octets: Buffer): void {
    if (!this.isCompressed) this.received.push(octets)
    this.#framer.push(octets)
    while (this.#framer.next(this.#hasGreeted ? 'response' : 'greeting')) {
      this.#assembler.add(this.#framer)
      if (!this.#framer.isLast) continue
      const raw = this.#assembler.take()
      const kind = this.#hasGreeted ? 'response' : 'greeting'
      this.record.push({ kind, raw, isUtf8: this.#isUtf8 })
      this.#hasGreeted = true
      this.#messages.push(raw)
    }
    this.#wake()
  }
}

export function textOf(raw: RawMessage): string {
  return raw.parts.map((part) => latin1(part.octets ?? new Uint8Array(0))).join('')
}
