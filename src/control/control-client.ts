/** The viewer's end of the control socket: asks, and hands on what the daemon tells; it does not know what is done with it. */

import { setTimeout as sleep } from 'node:timers/promises'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import type { ObservedEvent } from '../findings/finding.ts'
import type { SessionId, Ticket } from '../relay/event.ts'
import type { Ruling } from '../relay/hold-rule.ts'
import type { PolicyStatus } from '../relay/policy-status.ts'
import { codeOf, ControlError } from './control-error.ts'
import { LineReader } from './line-reader.ts'
import {
  controlLimits,
  protocolVersion,
  readApprovalFacts,
  readDaemonLine,
  readPolicyStatus,
  readSessionFacts,
  writeRequest,
  type ApprovalFacts,
  type Fields,
  type Hello,
  type RecallEdge,
  type RequestBody,
  type SessionFacts,
} from './protocol.ts'

/** Reads the lines of a daemon's encoder, from its first line on; `again` tells nothing new. */
export interface Decoder {
  decode(line: string): ObservedEvent | 'again' | undefined
}

export interface Subscription {
  readonly messages: boolean
  makeDecoder(): Decoder
  /**
   * In order, and valid within the call: exchanges go on. `recalled` are the first ones: how the live sessions began, and
   * what is in flight.
   */
  onEvent(event: ObservedEvent, when: 'recalled' | 'live'): void
  /** Asked now and then; until the promise is kept, nothing more is read. */
  settle?(): Promise<void>
}

export interface Answer {
  /** Why not; undefined where it was done. */
  readonly problem: string | undefined
  readonly parts: readonly Fields[]
}

interface Question {
  readonly parts: Fields[]
  resolve(answer: Answer): void
  reject(error: ControlError): void
}

/** Milliseconds in which a daemon says hello: a stopped one must not hold a script for ever. */
const patience = 10_000

export class ControlClient {
  /** Resolves with the reason when the connection is over, whoever ended it. */
  readonly ended: Promise<string>
  readonly path: string
  readonly #socket: Socket
  readonly #reader = new LineReader(controlLimits.lineOctets)
  readonly #questions = new Map<number, Question>()
  readonly #greeting = Promise.withResolvers<Hello>()
  readonly #clock: { hello: Hello | undefined; heardAt: number } = { hello: undefined, heardAt: 0 }
  #asked = 0
  #listener: Listener | undefined
  #reason: string | undefined

  private constructor(socket: Socket, path: string) {
    this.#socket = socket
    this.path = path
    const { promise, resolve } = Promise.withResolvers<string>()
    this.ended = promise
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    // What it was is told by `close`.
    socket.on('error', () => undefined)
    socket.once('close', () => void this.#giveUp().then(resolve))
  }

  /** Rejects with a ControlError that says why, and what to do. */
  static async open(path: string): Promise<ControlClient> {
    const client = new ControlClient(await dial(path), path)
    const timer = setTimeout(() => client.#socket.destroy(), patience)
    try {
      await client.#shakeHands()
      return client
    } catch (error) {
      client.close()
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  get hello(): Hello {
    const { hello } = this.#clock
    if (!hello) throw new Error('the daemon has not said hello yet')
    return hello
  }

  /** The daemon's clock, on which its events have their times. */
  now(): number {
    return this.hello.clock + performance.now() - this.#clock.heardAt
  }

  async sessions(): Promise<readonly SessionFacts[]> {
    const { parts } = await this.#ask({ ask: 'sessions' })
    return parts.flatMap((fields) => readSessionFacts(fields) ?? [])
  }

  /** False when there is no such session. */
  async kill(session: SessionId): Promise<boolean> {
    const { problem } = await this.#ask({ ask: 'kill', session })
    return problem === undefined
  }

  /** Resolves with what is wrong with the filter, if something is; undefined ends the breakpoint. */
  async break(filter: string | undefined, timeoutMillis: number): Promise<string | undefined> {
    const { problem } = await this.#ask({ ask: 'break', filter, timeoutMillis })
    return problem
  }

  /** Resolves with why it could not be done, if it could not. */
  async rule(session: SessionId, ticket: Ticket, ruling: Ruling, by?: string): Promise<string | undefined> {
    const named = by === undefined ? {} : { by }
    const { problem } = await this.#ask({ ask: 'rule', session, ticket, ruling, ...named })
    return problem
  }

  /** What waits for approval. */
  async approvals(): Promise<readonly ApprovalFacts[]> {
    const { parts, problem } = await this.#ask({ ask: 'approvals' })
    if (problem !== undefined) throw new ControlError(problem, newer)
    return parts.flatMap((fields) => readApprovalFacts(fields) ?? [])
  }

  /** Undefined where there is no policy; a daemon that knows of none has none. */
  async policy(): Promise<PolicyStatus | undefined> {
    const { parts } = await this.#ask({ ask: 'policy' })
    return parts[0] && readPolicyStatus(parts[0])
  }

  /** Resolves with why it could not be done, if it could not. */
  async setDryRun(rule: string | undefined, on: boolean, by: string): Promise<string | undefined> {
    const { problem } = await this.#ask({ ask: 'dry-run', rule, on, by })
    return problem
  }

  /** From now on all events, those that tell how live sessions began first. */
  async subscribe(subscription: Subscription): Promise<void> {
    this.#listener = new Listener(subscription)
    const { problem } = await this.#ask({ ask: 'subscribe', messages: subscription.messages })
    if (problem !== undefined) throw new ControlError(problem, newer)
  }

  close(): void {
    this.#reason = 'closed'
    this.#socket.destroy()
  }

  async #shakeHands(): Promise<void> {
    const { version } = await this.#greeting.promise
    if (version !== protocolVersion)
      throw new ControlError(
        `the imaptap at ${this.path} speaks version ${version} of the control protocol, this one ${protocolVersion}`,
        newer,
      )
    const { problem } = await this.#ask({ ask: 'hello', version: protocolVersion })
    if (problem !== undefined) throw new ControlError(problem, newer)
  }

  /** Rejects when the daemon goes before it has answered. */
  #ask(body: RequestBody): Promise<Answer> {
    const id = ++this.#asked
    return new Promise((resolve, reject) => {
      if (this.#socket.closed) return reject(this.#explainEnd())
      this.#questions.set(id, { parts: [], resolve, reject })
      this.#socket.write(writeRequest({ id, ...body }))
    })
  }

  #read(chunk: Buffer): void {
    const lines = this.#reader.push(chunk)
    if (!lines) return this.#break('it sent a line without an end')
    try {
      for (const line of lines) this.#hear(line)
    } catch (error) {
      return this.#break(`it sent a record that cannot be read (${String(error)})`)
    }
    const settled = this.#listener?.settle()
    if (!settled) return
    this.#socket.pause()
    void settled.then(() => this.#socket.resume())
  }

  #hear(text: string): void {
    const line = readDaemonLine(text)
    switch (line.kind) {
      case 'hello':
        this.#clock.hello = line.hello
        this.#clock.heardAt = performance.now()
        return this.#greeting.resolve(line.hello)
      case 'part':
        return void this.#questions.get(line.id)?.parts.push(line.value)
      case 'answer': {
        const question = this.#questions.get(line.id)
        this.#questions.delete(line.id)
        return question?.resolve({ problem: line.problem, parts: question.parts })
      }
      case 'bye':
        this.#reason = line.reason
        return
      case 'record':
        return this.#listener?.decode(text)
      case 'recall':
        return this.#listener?.recall(line.edge)
      case 'strange':
        return this.#break('it does not speak the control protocol')
    }
  }

  #break(reason: string): void {
    this.#reason = reason
    this.#socket.destroy()
  }

  /** Who had no time for a last word, or whose word was in the way of too many others, may be there still. */
  async #giveUp(): Promise<string> {
    // A process that was killed loses its sockets one by one.
    if (this.#reason === undefined) await sleep(LAST_BREATH)
    const reason = (this.#reason ??= (await isAnswering(this.path))
      ? tooSlow
      : 'imaptap has gone without a word')
    for (const question of this.#questions.values()) question.reject(this.#explainEnd())
    this.#questions.clear()
    this.#greeting.reject(this.#explainEnd())
    // Whoever waited has heard; nobody else needs to.
    this.#greeting.promise.catch(() => undefined)
    return reason
  }

  #explainEnd(): ControlError {
    return new ControlError(`${this.path}: ${this.#reason ?? 'closed'}`, 'is it an imaptap that still runs?')
  }
}

/** Makes events of records, and takes out what was told before. */
class Listener {
  readonly #subscription: Subscription
  #decoder: Decoder
  #recalls = 0
  #isRecalling = false

  constructor(subscription: Subscription) {
    this.#subscription = subscription
    this.#decoder = subscription.makeDecoder()
  }

  /** The daemon begins to reckon anew. */
  recall(edge: RecallEdge): void {
    this.#isRecalling = edge === 'begin'
    if (!this.#isRecalling) return
    this.#decoder = this.#subscription.makeDecoder()
    this.#recalls += 1
  }

  /** What a later recall tells was told before. */
  decode(line: string): void {
    const event = this.#decoder.decode(line)
    if (!event || event === 'again') return
    if (!this.#isRecalling) this.#subscription.onEvent(event, 'live')
    else if (this.#recalls === 1) this.#subscription.onEvent(event, 'recalled')
  }

  settle(): Promise<void> | undefined {
    return this.#subscription.settle?.()
  }
}

/** Milliseconds. */
const LAST_BREATH = 100

const newer = 'use the imaptap that the daemon was started with'

const tooSlow = 'imaptap runs on, but has let this viewer go: it read too slowly'

async function isAnswering(path: string): Promise<boolean> {
  try {
    const socket = await dial(path)
    socket.destroy()
    return true
  } catch {
    return false
  }
}

async function dial(path: string): Promise<Socket> {
  // The system refuses a plain file with the same word as a socket that nobody listens on.
  if (isOtherFile(path)) throw explainDial(path, 'ENOTSOCK')
  const socket = connect(path)
  try {
    await once(socket, 'connect')
    return socket
  } catch (error) {
    throw explainDial(path, codeOf(error))
  }
}

function isOtherFile(path: string): boolean {
  try {
    return !statSync(path).isSocket()
  } catch {
    return false
  }
}

function explainDial(path: string, code: string): ControlError {
  switch (code) {
    case 'ENOENT':
      return new ControlError(
        `no control socket at ${path}`,
        'is imaptap running, and not with --no-control?',
        true,
      )
    case 'ECONNREFUSED':
      return new ControlError(
        `nobody listens on ${path}: the imaptap that made it has ended`,
        'start it again, or name another: --socket PATH',
        true,
      )
    case 'EACCES':
    case 'EPERM':
      return new ControlError(
        `not allowed to use the control socket ${path}`,
        'only the user who runs that imaptap may: become that user, as with sudo -u',
      )
    case 'ENOTSOCK':
      return new ControlError(`${path} is no socket`, 'name the one of a running imaptap: --socket PATH')
    default:
      return new ControlError(`cannot reach ${path} (${code})`, 'name another socket: --socket PATH')
  }
}
