/** A client that has messages made, flagged, copied and moved as fast as it is answered, each command under a name of its own. */

import { connect, type Socket } from 'node:net'

import { quote } from '../../oracle/direct.ts'
import type { KillUpstream } from './kill-upstreams.ts'

/** What a name's first letter says of its command. */
export const kinds = {
  l: 'LOGIN',
  e: 'SELECT',
  a: 'APPEND',
  s: 'UID STORE',
  c: 'UID COPY',
  m: 'UID MOVE',
  h: 'UID COPY',
  d: 'UID STORE',
} as const

/** Of a mailbox that is hidden, and of a flag that the policy forbids. */
const isRefused = (kind: string): boolean => kind === 'h' || kind === 'd'

/** Beyond what the gateway takes in whole: it streams. */
const STREAMED = 1024 * 1024 + 1_000
const LARGE = 90_000

export interface KillTell {
  /** Names what each round is about: `run-number`. */
  nextNumber(): string
  onAnswer(name: string, isOk: boolean): void
  /** An answer that no client should have. */
  onStrange(answer: string): void
}

/** Talks until the gateway is gone. */
export class KillClient {
  readonly #socket: Socket
  readonly #upstream: KillUpstream
  readonly #account: { readonly name: string; readonly password: string }
  readonly #tell: KillTell
  #received = ''
  #rounds = 0
  /** Commands of this round that are not answered. */
  #open = 0
  /** Goes out when the gateway asks for it. */
  #literal = ''

  constructor(port: number, who: { readonly upstream: KillUpstream; readonly user: string }, tell: KillTell) {
    this.#upstream = who.upstream
    this.#account = who.upstream.user(who.user)
    this.#tell = tell
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true })
    this.#socket.on('data', (chunk: Buffer) => this.#hear(chunk.toString('latin1')))
    this.#socket.on('error', () => undefined)
  }

  close(): void {
    this.#socket.destroy()
  }

  #hear(text: string): void {
    this.#received += text
    const lines = this.#received.split('\r\n')
    this.#received = lines.pop() ?? ''
    for (const line of lines) this.#take(line)
  }

  #take(line: string): void {
    if (line.startsWith('* OK') && this.#rounds === 0) return this.#begin()
    if (line.startsWith('+')) return this.#say(this.#literal)
    const [, kind = '', number = '', status = ''] = /^([a-z])(\d+-\d+) (OK|NO|BAD)/.exec(line) ?? []
    if (kind === '') return
    if ((status === 'OK') === isRefused(kind)) this.#tell.onStrange(line)
    this.#tell.onAnswer(`${kind}${number}`, status === 'OK')
    this.#open -= 1
    if (kind === 'e' || kind === 'a') this.#goOn(number, /\[APPENDUID \d+ (\d+)\]/.exec(line)?.[1])
    else if (this.#open === 0 && kind !== 'l') this.#append()
  }

  #begin(): void {
    this.#rounds = 1
    this.#open = 2
    const { name, password } = this.#account
    this.#say(`l${this.#tell.nextNumber()} LOGIN ${name} ${quote(password)}\r\n`)
    this.#say(`e${this.#tell.nextNumber()} SELECT Drafts\r\n`)
  }

  /** The message that was added last: everything about it at once, and the literals of names in either form. */
  #goOn(number: string, uid: string | undefined): void {
    if (uid === undefined) return this.#append()
    const isEven = this.#rounds % 2 === 0
    this.#open += 5
    this.#say(
      [
        `s${number} UID STORE ${uid} +FLAGS.SILENT ($Kept)`,
        `c${number} UID COPY ${uid} {4+}\r\nWork`,
        `h${number} UID COPY ${uid} ${isEven ? 'Secret' : '{6+}\r\nSecret'}`,
        `d${number} UID STORE ${uid} +FLAGS.SILENT (\\Deleted)`,
        `m${number} UID MOVE ${uid} "Archive"\r\n`,
      ].join('\r\n'),
    )
  }

  #append(): void {
    this.#rounds += 1
    this.#open += 1
    const name = `a${this.#tell.nextNumber()}`
    const message = `Subject: ${name.slice(1)}\r\n\r\n${'x'.repeat(this.#pickSize())}\r\n`
    const isAsked = this.#rounds % 3 === 0
    this.#literal = `${message}\r\n`
    const command = `${name} APPEND Drafts (\\Draft)`
    if (isAsked) this.#say(`${command} {${message.length}}\r\n`)
    else this.#say(`${command} {${message.length}+}\r\n${message}\r\n`)
  }

  #pickSize(): number {
    if (this.#rounds % 16 === 5 && this.#upstream.takesLarge) return STREAMED
    return this.#rounds % 8 === 3 ? LARGE : (this.#rounds * 37) % 900
  }

  #say(text: string): void {
    this.#socket.write(text, 'latin1')
  }
}
