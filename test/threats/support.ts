/** The real gateway before a real Dovecot or Cyrus, with a recorder on the wire between them; knows no threat. */

import { setImmediate as turn } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'

import { loadConfig } from '../../src/config/load.ts'
import { readTextFile } from '../../src/config/text-file.ts'
import { Direct, literal, quote } from '../oracle/direct.ts'
import { requireCyrus, startCyrus } from '../support/cyrus.ts'
import { startDovecot, type DovecotOptions } from '../support/dovecot.ts'
import { startLiveProxy, type LiveProxy } from '../support/live-proxy.ts'
import { Peer } from '../support/peer.ts'
import { requireTool } from '../support/tools.ts'
import { startTap, type Tap, type Tapped } from './tap.ts'

export type Kind = 'dovecot' | 'cyrus'

/** Nobody could guess it: stands in every message of a canary. */
export const token = 'quetzal7f3a91'

/** As they stand on the wire; all hidden, each with three unread messages. */
export const canaries = ['Secret', 'Secret/Sub', 'Parent/Secret', 'S&AOk-cret'] as const

/** Hides the canaries, and nothing else. */
export const hiding = `
  default: allow
  mailboxes:
    - match: [Secret, 'Secret/**', Parent/Secret, 'Parent/Secret/**', Sécret, 'Sécret/**']
      hidden: true
`

export interface StageOptions {
  readonly kinds?: readonly Kind[]
  /** What stands under `policy:`, indented by two. */
  readonly policy?: string
  readonly dovecot?: Partial<DovecotOptions>
}

interface Server {
  readonly ports: { readonly imap: number }
  user(name: string): { readonly name: string; readonly password: string }
  logs(): string
  stop(): Promise<void>
}

export class Stage {
  readonly kind: Kind
  readonly #server: Server
  readonly #tap: Tap
  readonly #live: LiveProxy
  readonly ann: Direct
  readonly #open: Session[] = []

  private constructor(kind: Kind, parts: { server: Server; tap: Tap; live: LiveProxy; ann: Direct }) {
    this.kind = kind
    this.#server = parts.server
    this.#tap = parts.tap
    this.#live = parts.live
    this.ann = parts.ann
  }

  static async start(kind: Kind, { policy = hiding, dovecot }: StageOptions): Promise<Stage> {
    const server = await startServer(kind, dovecot)
    const tap = await startTap(server.ports.imap)
    const live = await startLiveProxy({
      upstream: `imap://127.0.0.1:${tap.port}`,
      policy: readPolicy(policy),
    })
    const ann = await Direct.open(server.ports.imap, 'ann', server.user('ann').password)
    const stage = new Stage(kind, { server, tap, live, ann })
    await stage.#build()
    return stage
  }

  async stop(): Promise<void> {
    this.closeSessions()
    this.ann.close()
    await this.#live.stop()
    await this.#tap.stop()
    await this.#server.stop()
  }

  closeSessions(): void {
    for (const { peer } of this.#open.splice(0)) peer.close()
  }

  /** The server itself, past the gateway. */
  get port(): number {
    return this.#server.ports.imap
  }

  /** What the server wrote down. */
  logs(): string {
    return this.#server.logs()
  }

  get events(): LiveProxy['events'] {
    return this.#live.events
  }

  passwordOf(user: string): string {
    return this.#server.user(user).password
  }

  direct(user: string): Promise<Direct> {
    return Direct.open(this.#server.ports.imap, user, this.passwordOf(user))
  }

  /** A session through the gateway that has been greeted. */
  async greet(): Promise<Session> {
    const peer = await Peer.open(this.#live.imap)
    const session = new Session(peer, () => tapped)
    await peer.until(/^\* OK .*\r\n/mu)
    const tapped = this.#tap.last()
    this.#open.push(session)
    session.mark()
    return session
  }

  /** Logged in, and past what the gateway itself asks of the server: all that upstream gets from here on is on command. */
  async enter(user = 'ann', selected = 'INBOX'): Promise<Session> {
    const session = await this.greet()
    await session.expectOk(`LOGIN ${user} ${quote(this.passwordOf(user))}`)
    await session.expectOk('STATUS INBOX (MESSAGES)')
    if (selected !== '') await session.expectOk(`SELECT ${selected}`)
    session.mark()
    return session
  }

  /** What is true of the canaries, from the server itself: the same lines again as long as nobody touched them. */
  async truth(): Promise<readonly string[]> {
    const [listed, subscribed, ...rest] = await this.ann.runAll([
      'LIST "" "*"',
      'LSUB "" "*"',
      ...canaries.flatMap((name) => [
        `STATUS ${name} (MESSAGES UIDNEXT UIDVALIDITY UNSEEN)`,
        `EXAMINE ${name}`,
        'FETCH 1:* (UID FLAGS BODY.PEEK[])',
        'UNSELECT',
        `GETACL ${name}`,
        `GETMETADATA ${name} /private/comment`,
      ]),
    ])
    const canaryLines = (data = ''): string[] =>
      data
        .split('\r\n')
        .filter((line) => /s(?:&AOk-|e)cret/iu.test(line))
        .map((line) => line.replace(/^\* (L\w+) \([^)]*\)/u, '$1'))
        .toSorted()
    return [
      ...canaryLines(listed?.data),
      ...canaryLines(subscribed?.data),
      ...rest.flatMap(({ data, status }) => [...data.split('\r\n').filter(isTelling), status]),
    ]
  }

  async #build(): Promise<void> {
    await this.ann.runAll(['CREATE Parent', 'CREATE Pub', `APPEND INBOX ${literal(message('open'))}`])
    const bob = await this.direct('bob')
    await bob.runAll(['CREATE Parent', 'CREATE Pub', `APPEND INBOX ${literal(message('open'))}`])
    bob.close()
    for (const name of canaries) {
      const answers = await this.ann.runAll([
        `CREATE ${name}`,
        `SUBSCRIBE ${name}`,
        ...[1, 2, 3].map((n) => `APPEND ${name} ${literal(message(`${token} ${n}`))}`),
      ])
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 'OK'))
    }
  }
}

/** Differs from one look to the next, whoever looked. */
const isTelling = (line: string): boolean => line !== '' && !/^\* (?:OK \[CLOSED\]|\d+ RECENT)/u.test(line)

export function message(subject: string): string {
  return `From: a@example.test\r\nSubject: ${subject}\r\n\r\n${subject} sings\r\n`
}

async function startServer(kind: Kind, dovecot: Partial<DovecotOptions> | undefined): Promise<Server> {
  const users = ['ann', 'bob']
  if (kind === 'cyrus') return startCyrus({ tls: 'none', users })
  return startDovecot({ hasEveryExtension: true, tls: 'none', users, ...dovecot })
}

/** What stands under `policy:`, as the program itself would read it. */
export function readPolicy(policy: string): ReturnType<typeof loadConfig>['policy'] {
  return loadConfig({
    flags: { upstream: 'imap://127.0.0.1:1', config: '/threat.yaml' },
    env: {},
    readFile: (path) =>
      path === '/threat.yaml' ? { ok: true, value: `policy:\n${policy}` } : readTextFile(path),
  }).policy
}

/** A client's session, with all that either end of the gateway heard of it. */
export class Session {
  readonly peer: Peer
  readonly #tapped: () => Tapped | undefined
  #heard = ''
  #tags = 0
  #mark = 0
  #heardMark = 0

  constructor(peer: Peer, tapped: () => Tapped | undefined) {
    this.peer = peer
    this.#tapped = tapped
    peer.socket.on('data', (chunk: Buffer) => (this.#heard += chunk.toString('latin1')))
  }

  /** From here on `upstream` and `heard` are counted. */
  mark(): void {
    this.#mark = this.#tapped()?.received.length ?? 0
    this.#heardMark = this.#heard.length
  }

  /** What the server got since the mark. */
  get upstream(): string {
    return this.#tapped()?.received.slice(this.#mark) ?? ''
  }

  /** All that the client heard since the mark. */
  get heard(): string {
    return this.#heard.slice(this.#heardMark)
  }

  /** The completion and all before it. */
  async run(command: string): Promise<string> {
    return this.peer.run(`t${++this.#tags} ${command}`)
  }

  async expectOk(command: string): Promise<string> {
    const answer = await this.run(command)
    if (!/^t\d+ OK /mu.test(answer)) throw new Error(`${command}: ${answer}`)
    return answer
  }

  /** Octets as they are; in two segments where `at` lies within them. */
  async send(octets: string, at = 0): Promise<void> {
    if (at > 0) {
      await this.#write(octets.slice(0, at))
      // The gateway is in this process: it reads what has come before the rest is written.
      for (let turns = 0; turns < 4; turns++) await turn()
    }
    await this.#write(octets.slice(at))
  }

  /** Everything that came, up to the completion of a NOOP that is sent behind it; and that NOOP is what upstream got last. */
  async settle(): Promise<string> {
    const before = this.#heard.length
    await this.peer.run('zz NOOP')
    return this.#heard.slice(before)
  }

  /** Waits until the gateway has cut both legs. */
  async cut(): Promise<void> {
    await this.peer.end()
    await this.#tapped()?.ended
  }

  async #write(octets: string): Promise<void> {
    await new Promise<void>((resolve) => {
      this.peer.socket.write(octets, 'latin1', () => resolve())
    })
  }
}

/** REFUSE: the client hears NO or BAD of its command `a`, the server gets nothing of it, and the session goes on. */
export async function expectRefused(session: Session, octets: string, at = 0): Promise<string> {
  session.mark()
  await session.send(octets, at)
  const refusal = await session.peer.until(/^a (?:OK|NO|BAD) .*\r\n/mu)
  expect(refusal).toMatch(/^a (?:NO|BAD) /mu)
  expect(await session.settle()).toMatch(/^zz OK [^\r]*\r\n$/u)
  expect(session.upstream).toBe('zz NOOP\r\n')
  return refusal
}

/** REFUSE and CUT: the client hears BYE, and the server gets nothing. */
export async function expectCut(session: Session, octets: string, at = 0): Promise<void> {
  session.mark()
  await session.send(octets, at)
  await session.cut()
  expect(session.heard).toMatch(/^\* BYE .*\r\n$/mu)
  expect(session.heard).not.toMatch(/^\S+ OK /mu)
  expect(session.upstream).toBe('')
}

/** One server and one gateway for all tests of `body`; whatever they do, the canaries are untouched after each. */
export function describeThreat(
  name: string,
  options: StageOptions,
  body: (stage: () => Stage, kind: Kind) => void,
): void {
  for (const kind of options.kinds ?? (['dovecot', 'cyrus'] as const)) {
    describe.skipIf(!hasServer(kind))(`${name}, with ${kind}`, () => {
      let stage: Stage | undefined
      let before: readonly string[]
      beforeAll(async () => {
        stage = await Stage.start(kind, options)
        before = await stage.truth()
        // Or nothing that is asserted about it would mean a thing.
        expect(before.join('\n').split(token).length).toBeGreaterThan(canaries.length * 3)
      })
      afterEach(() => stage?.closeSessions())
      afterAll(async () => {
        try {
          expect(await stage?.truth()).toEqual(before)
        } finally {
          await stage?.stop()
        }
      })
      body(() => {
        if (!stage) throw new Error('the stage is not up')
        return stage
      }, kind)
    })
  }
}

function hasServer(kind: Kind): boolean {
  const openssl = requireTool('openssl', { package: 'openssl' })
  const server = kind === 'cyrus' ? requireCyrus() : requireTool('dovecot', { package: 'dovecot-imapd' })
  return openssl !== undefined && server !== undefined
}

/** Every place at which a text can be cut in two, and 0 for whole. */
export const cuts = (text: string): readonly number[] => Array.from({ length: text.length }, (_, at) => at)
