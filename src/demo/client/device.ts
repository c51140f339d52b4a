/** What every device of the script shares: opening, logging in, pacing itself and noting what it did not expect. */

import { setTimeout as sleep } from 'node:timers/promises'
import { passwordOf, type DemoUser } from '../mailbox.ts'
import type { Random } from '../random.ts'
import { ClientConnection, type Answer, type Argument, type ConnectOptions } from './connection.ts'
import type { Tally } from './tally.ts'

export interface Stage {
  readonly tls: ConnectOptions
  readonly startTls: ConnectOptions
  /** Once: no pauses, short IDLE. */
  readonly isOnce: boolean
  readonly random: Random
  readonly tally: Tally
  readonly signal: AbortSignal
}

/** A device could not go on; the reason is already noted. */
export class DeviceStopped extends Error {}

export class Device {
  readonly random: Random
  readonly #name: string
  readonly #stage: Stage
  readonly #connection: ClientConnection

  private constructor(name: string, stage: Stage, connection: ClientConnection) {
    this.#name = name
    this.#stage = stage
    this.random = stage.random
    this.#connection = connection
  }

  /** Connected, with TLS, and known to the server by its ID. */
  static async start(
    name: string,
    stage: Stage,
    security: ConnectOptions['security'] = 'tls',
  ): Promise<Device> {
    const options = security === 'tls' ? stage.tls : stage.startTls
    stage.tally.countSession()
    const connection = await ClientConnection.open(options, name.charAt(0))
    closeOnAbort(connection, stage.signal)
    const device = new Device(name, stage, connection)
    if (security === 'starttls') await device.#startTls(options)
    await device.ok('CAPABILITY')
    const [product, version] = name.split('/')
    await device.ok('ID', `("name" "${product}" "version" "${version}")`)
    return device
  }

  /** Runs a command that must succeed. */
  ok(name: string, ...pieces: readonly Argument[]): Promise<Answer> {
    return this.#expect('OK', name, () => this.#connection.run(name, ...pieces))
  }

  /** Runs a command that the server must refuse. */
  no(name: string, ...pieces: readonly Argument[]): Promise<Answer> {
    return this.#expect('NO', name, () => this.#connection.run(name, ...pieces))
  }

  /** Commands sent without waiting for each other's answers. */
  async pipeline(commands: readonly (readonly [name: string, ...pieces: string[]])[]): Promise<void> {
    await this.#breathe()
    const answers = commands.map(([name, ...pieces]) =>
      this.#run('OK', name, () => this.#connection.run(name, ...pieces)),
    )
    await Promise.all(answers)
  }

  /** LOGIN with the password as a literal where a quoted string cannot carry it safely. */
  logIn(user: DemoUser): Promise<Answer> {
    return this.ok('LOGIN', user, Buffer.from(passwordOf(user), 'utf8'))
  }

  authenticate(user: DemoUser, how: 'initial-response' | 'continued'): Promise<Answer> {
    const response = Buffer.from(`\0${user}\0${passwordOf(user)}`, 'utf8').toString('base64')
    if (how === 'initial-response') return this.ok('AUTHENTICATE', 'PLAIN', response)
    return this.#expect('OK', 'AUTHENTICATE', () => {
      return this.#connection.runContinued('AUTHENTICATE', ['PLAIN'], () => Promise.resolve(response))
    })
  }

  idle(): Promise<Answer> {
    const milliseconds = this.#stage.isOnce ? 1500 : this.random.between(6000, 20_000)
    return this.#expect('OK', 'IDLE', () => this.#connection.idle(milliseconds))
  }

  async logOut(): Promise<void> {
    await this.ok('LOGOUT')
    await this.#connection.finish()
  }

  async #startTls(options: ConnectOptions): Promise<void> {
    const { status } = await this.ok('STARTTLS')
    try {
      if (status !== 'OK') throw new DeviceStopped()
      await this.#connection.startTls(options)
    } catch (error) {
      this.#connection.close()
      throw error
    }
  }

  async #expect(status: Answer['status'], name: string, run: () => Promise<Answer>): Promise<Answer> {
    await this.#breathe()
    return this.#run(status, name, run)
  }

  async #run(status: Answer['status'], name: string, run: () => Promise<Answer>): Promise<Answer> {
    const { tally, signal } = this.#stage
    tally.countCommand(name)
    const answer = await run()
    if (signal.aborted) throw new DeviceStopped()
    if (answer.status !== status)
      tally.noteUnexpected(`${this.#name}: ${name} was to be ${status} and was ${answer.status}`)
    else if (status === 'NO') tally.countExpectedFailure()
    if (answer.status === 'lost') throw new DeviceStopped()
    return answer
  }

  /** People and programs pause between commands; a single round does not. */
  async #breathe(): Promise<void> {
    if (this.#stage.isOnce) return
    await sleep(this.random.between(120, 900), undefined, { signal: this.#stage.signal })
  }
}

/** The listener goes with the connection: the signal outlives thousands of them. */
function closeOnAbort(connection: ClientConnection, signal: AbortSignal): void {
  const close = () => connection.close()
  if (signal.aborted) return close()
  signal.addEventListener('abort', close)
  void connection.ended.then(() => signal.removeEventListener('abort', close))
}

/** The UIDs in a SEARCH or ESEARCH answer, ranges written out. */
export function foundUids(answer: Answer): number[] {
  const line = answer.untagged.find((one) => /^\* E?SEARCH/.test(one)) ?? ''
  const set = / ALL (\S+)/.exec(line)?.[1] ?? line.replace(/^\* SEARCH ?/, '').replaceAll(' ', ',')
  return set.split(',').flatMap((range) => {
    const [low = 0, high = low] = range.split(':').map(Number)
    return /^\d/.test(range) ? Array.from({ length: high - low + 1 }, (_, index) => low + index) : []
  })
}
