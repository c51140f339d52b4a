/** One connection of the paced client: writes commands at once and tells how long each was in flight. */

import { connect, type TLSSocket } from 'node:tls'

const TAG_DIGITS = 7
/** Milliseconds that a greeting or a login may take. */
const PATIENCE = 20_000

export class PacedSession {
  readonly #socket: TLSSocket
  #partial = ''
  #tags = 0
  /** When each command went out that is not answered; upstream answers in order. */
  readonly #sentAt: number[] = []
  #isGreeted = false
  #onChange: () => void = () => undefined
  fault: Error | undefined
  /** Hears the milliseconds from the write of a command to its completion. */
  onAnswer: (millis: number) => void = () => undefined

  constructor(port: number) {
    this.#socket = connect({ host: '127.0.0.1', port, servername: 'localhost', rejectUnauthorized: false })
    this.#socket.setNoDelay(true)
    this.#socket.on('data', (chunk: Buffer) => this.#receive(chunk.toString('latin1')))
    this.#socket.on('error', (error) => this.#fail(error))
    this.#socket.on('close', () => this.#fail(new Error('the connection closed')))
  }

  get pending(): number {
    return this.#sentAt.length
  }

  send(command: string): void {
    this.#tags++
    this.#sentAt.push(performance.now())
    this.#socket.write(`T${String(this.#tags).padStart(TAG_DIGITS, '0')} ${command}\r\n`, 'latin1')
  }

  greeted(): Promise<void> {
    return this.#until(() => this.#isGreeted)
  }

  /** Nothing is in flight. */
  settled(): Promise<void> {
    return this.#until(() => this.#sentAt.length === 0)
  }

  #until(isDone: () => boolean): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const timer = setTimeout(() => reject(new Error('no answer in time')), PATIENCE)
    this.#onChange = () => {
      if (this.fault) reject(this.fault)
      else if (isDone()) resolve()
    }
    this.#onChange()
    return promise.finally(() => clearTimeout(timer))
  }

  #receive(text: string): void {
    const lines = (this.#partial + text).split('\r\n')
    this.#partial = lines.pop() ?? ''
    const now = performance.now()
    for (const line of lines) this.#read(line, now)
    this.#onChange()
  }

  #read(line: string, now: number): void {
    if (line.startsWith('* OK')) this.#isGreeted = true
    if (!line.startsWith('T')) return
    if (!line.startsWith(' OK ', TAG_DIGITS + 1))
      return this.#fail(new Error(`answered ${JSON.stringify(line)}`))
    this.onAnswer(now - (this.#sentAt.shift() ?? now))
  }

  #fail(fault: Error): void {
    this.fault ??= fault
    this.#onChange()
    this.#socket.destroy()
  }
}
