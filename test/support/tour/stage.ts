/** Where a scene is played: a client that is logged in, mailboxes filled with the same mail; knows no capability. */

import { findUnread, type Finding } from './reading.ts'
import { TourClient, type Address, type Login, type Recorded, type Reply } from './client.ts'
import { sampleMail } from './mail.ts'

export interface Server {
  readonly name: 'dovecot' | 'cyrus'
  readonly address: Address
  readonly login: Login
  /** Another user, whose rights and mailboxes scenes may use. */
  readonly other: Login
  readonly admin?: Login
}

/** Plays one capability; throws when the server does not behave as the scene wants. */
export type Scene = (stage: Stage) => Promise<void>
export type Scenes = Readonly<Record<string, Scene>>

export class Stage {
  readonly server: Server
  readonly clients: TourClient[] = []
  #mailboxes = 0
  readonly #name: string
  #client: TourClient | undefined

  constructor(server: Server, scene: string) {
    this.server = server
    this.#name = `Tour-${scene.replaceAll(/[^A-Za-z0-9]+/gu, '-')}`
  }

  get client(): TourClient {
    if (!this.#client) throw new Error('the stage is not open')
    return this.#client
  }

  get isCyrus(): boolean {
    return this.server.name === 'cyrus'
  }

  get isDovecot(): boolean {
    return this.server.name === 'dovecot'
  }

  async open(): Promise<void> {
    this.#client = await this.login(this.server.login)
  }

  close(): void {
    for (const client of this.clients) client.close()
  }

  get record(): Recorded[] {
    return this.clients.flatMap(({ record }) => record)
  }

  get findings(): Finding[] {
    return this.clients.flatMap(({ record }) => findUnread(record))
  }

  async connect(): Promise<TourClient> {
    const client = await TourClient.open(this.server.address)
    this.clients.push(client)
    return client
  }

  async login({ user, password } = this.server.login): Promise<TourClient> {
    const client = await this.connect()
    await expectStatus(client, 'OK', [`LOGIN ${user} ${quote(password)}`])
    return client
  }

  /** Each must be completed with OK; answers everything that was heard. */
  ok(...commands: readonly string[]): Promise<string> {
    return expectStatus(this.client, 'OK', commands)
  }

  no(...commands: readonly string[]): Promise<string> {
    return expectStatus(this.client, 'NO', commands)
  }

  /** Refused as BAD, although the grammar has it. */
  bad(...commands: readonly string[]): Promise<string> {
    return expectStatus(this.client, 'BAD', commands)
  }

  /** Whatever the server says of them: servers differ. */
  async any(...commands: readonly string[]): Promise<string> {
    const heard: string[] = []
    for (const command of commands) heard.push((await this.client.run(command)).text)
    return heard.join('')
  }

  /** What no grammar has: our own strict reading must refuse it; servers differ. */
  async broken(...commands: readonly string[]): Promise<void> {
    for (const command of commands) await this.client.run(command, 'broken')
  }

  /** Sound words that nobody knows: read, and kept as unknown. */
  async unknown(...commands: readonly string[]): Promise<void> {
    for (const command of commands) await this.client.run(command, 'unknown')
  }

  /** A new mailbox with the sample mail, selected; answers its name. */
  async mailbox(count = sampleMail.length): Promise<string> {
    const name = await this.empty()
    for (const message of sampleMail.slice(0, count))
      await this.ok(`APPEND ${name} (${message.flags}) "${message.date}" ${literal(message.text)}`)
    await this.ok(`SELECT ${name}`)
    return name
  }

  async empty(): Promise<string> {
    const name = `${this.#name}-${++this.#mailboxes}`
    await this.ok(`CREATE ${name}`)
    return name
  }
}

export async function expectStatus(
  client: TourClient,
  wanted: Reply['status'],
  commands: readonly string[],
): Promise<string> {
  const heard: string[] = []
  for (const command of commands) {
    const { status, text } = await client.run(command)
    if (status !== wanted) throw new Error(`${command} was answered with ${status}, not ${wanted}:\n${text}`)
    heard.push(text)
  }
  return heard.join('')
}

/** The first group of the pattern, which must be there. */
export function pick(text: string, pattern: RegExp): string {
  const found = pattern.exec(text)?.[1]
  if (found === undefined) throw new Error(`no ${pattern} in:\n${text}`)
  return found
}

export function quote(text: string): string {
  return `"${text.replaceAll(/["\\]/gu, String.raw`\$&`)}"`
}

export function literal(text: string): string {
  return `{${Buffer.byteLength(text)}}\r\n${text}`
}

/** Sent without being asked for (RFC 7888). */
export function literalPlus(text: string): string {
  return `{${Buffer.byteLength(text)}+}\r\n${text}`
}

/** literal8 (RFC 3516): may hold NUL. */
export function literal8(text: string): string {
  return `~${literal(text)}`
}
