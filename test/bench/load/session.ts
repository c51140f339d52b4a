/** One connection of the load client: sends ready octets and counts what comes; reads lines only outside of measuring. */

import type { Hash } from 'node:crypto'
import { connect, createSecureContext, type TLSSocket } from 'node:tls'

/** All sessions read into the same octets: what arrives is counted at once and never kept. */
const INBOX = Buffer.allocUnsafe(256 * 1024)
/** The same with every peer, as upstream has it: what differs is then the peer's own. */
const secureContext = createSecureContext({ ecdhCurve: 'X25519' })
const TAG_DIGITS = 7

/** What a session waits for. */
type Wish = { readonly resolve: () => void; readonly reject: (fault: Error) => void } & (
  | {
      readonly kind: 'octets'
      remaining: number
      readonly end: Buffer
      readonly seen: Buffer
      readonly hash: Hash | undefined
    }
  | { readonly kind: 'line'; readonly prefix: string; text: string }
)

export interface Expected {
  readonly octets: number
  /** What the last of them must be. */
  readonly end: string
  readonly hash?: Hash | undefined
}

export class LoadSession {
  readonly #socket: TLSSocket
  #wish: Wish | undefined
  #fault: Error | undefined
  #tags = 0
  #idleTag = ''

  private constructor(port: number) {
    const onread = { buffer: INBOX, callback: (octets: number) => this.#receive(octets) }
    // A variable, because the types of `tls.connect` lack `onread`, which it hands to the socket.
    const options = {
      host: '127.0.0.1',
      port,
      servername: 'localhost',
      secureContext,
      rejectUnauthorized: false,
      onread,
    }
    this.#socket = connect(options)
    this.#socket.setNoDelay(true)
    this.#socket.on('error', (error) => this.#fail(error))
    this.#socket.on('close', () => this.#fail(new Error('the connection closed')))
  }

  /** Resolves with the greeting. */
  static async open(port: number): Promise<LoadSession> {
    const session = new LoadSession(port)
    await session.line('* OK ')
    return session
  }

  get cipher(): string {
    return `${this.#socket.getProtocol() ?? '?'} ${this.#socket.getCipher().standardName}`
  }

  /** Unique in this session and always of the same length, so that octets can be foretold. */
  nextTag(): string {
    return tagOf('T', ++this.#tags)
  }

  /** Sends a command and waits for its completion, which must be OK. */
  async command(text: string): Promise<void> {
    const tag = this.nextTag()
    this.#socket.write(`${tag} ${text}\r\n`, 'latin1')
    await this.line(`${tag} OK `)
  }

  send(octets: string | Buffer): void {
    if (typeof octets === 'string') this.#socket.write(octets, 'latin1')
    else this.#socket.write(octets)
  }

  async idle(): Promise<void> {
    this.#idleTag = this.nextTag()
    this.send(`${this.#idleTag} IDLE\r\n`)
    await this.line('+ ')
  }

  async endIdle(): Promise<void> {
    this.send('DONE\r\n')
    await this.line(`${this.#idleTag} OK `)
  }

  /** Waits for exactly so many octets. */
  octets(expected: Expected): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const end = Buffer.from(expected.end, 'latin1')
    const { octets: remaining, hash } = expected
    this.#await({ kind: 'octets', remaining, end, seen: Buffer.alloc(end.length), hash, resolve, reject })
    return promise
  }

  /** Waits for the line that starts so; the lines before it may say anything. */
  line(prefix: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#await({ kind: 'line', prefix, text: '', resolve, reject })
    return promise
  }

  close(): void {
    this.#socket.destroy()
  }

  #await(wish: Wish): void {
    this.#wish = wish
    if (this.#fault) this.#fail(this.#fault)
  }

  #receive(length: number): boolean {
    const octets = INBOX.subarray(0, length)
    const wish = this.#wish
    if (!wish)
      this.#fail(
        new Error(`octets that nobody asked for: ${JSON.stringify(octets.toString('latin1', 0, 80))}`),
      )
    else if (wish.kind === 'octets') this.#count(wish, octets)
    else this.#collect(wish, octets)
    return true
  }

  #count(wish: Extract<Wish, { kind: 'octets' }>, octets: Buffer): void {
    const endAt = wish.remaining - wish.end.length
    if (octets.length > endAt) octets.copy(wish.seen, Math.max(0, -endAt), Math.max(0, endAt))
    wish.hash?.update(octets)
    wish.remaining -= octets.length
    if (wish.remaining > 0) return
    if (wish.remaining < 0) return this.#fail(new Error(`${-wish.remaining} octets more than upstream sent`))
    if (!wish.seen.equals(wish.end))
      return this.#fail(new Error(`ended in ${JSON.stringify(wish.seen.toString('latin1'))}`))
    this.#fulfil(wish)
  }

  #collect(wish: Extract<Wish, { kind: 'line' }>, octets: Buffer): void {
    wish.text += octets.toString('latin1')
    if (!wish.text.endsWith('\r\n')) return
    const last = wish.text.slice(wish.text.lastIndexOf('\r\n', wish.text.length - 3) + 1).trimStart()
    if (last.startsWith(wish.prefix)) return this.#fulfil(wish)
    if (/^T\d+ (NO|BAD) |^\* BYE /.test(last)) this.#fail(new Error(`answered ${JSON.stringify(last)}`))
  }

  #fulfil(wish: Wish): void {
    this.#wish = undefined
    wish.resolve()
  }

  #fail(fault: Error): void {
    this.#fault ??= fault
    const wish = this.#wish
    this.#wish = undefined
    wish?.reject(this.#fault)
    this.#socket.destroy()
  }
}

export const tagOf = (letter: string, number: number): string =>
  letter + String(number).padStart(TAG_DIGITS, '0')
