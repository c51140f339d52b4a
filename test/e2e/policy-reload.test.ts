/** A policy is read again a hundred times under load, with real sockets and Dovecot behind: nobody is dropped, and no command is decided by half of one. */

import { renameSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { loadPolicyFile } from '../../src/config/policy-settings.ts'
import { startDovecot, type Dovecot } from '../support/dovecot.ts'
import { startLiveProxy, type LiveProxy } from '../support/live-proxy.ts'
import { startProxy } from '../support/proxy.ts'
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts'
import { requireTool } from '../support/tools.ts'
import { AskingSession, judgeTurn, writeGeneration, writeMistake } from './support/reload-scene.ts'

const tools = [
  requireTool('openssl', { package: 'openssl' }),
  requireTool('dovecot', { package: 'dovecot-imapd' }),
]
const users = ['plain-ann', 'plain-ben', 'plain-cat', 'plain-dan', 'plain-eve', 'plain-fay']
const sessionsOfEach = 4
const reloads = 100
const patienceMs = 8_000
const message = {
  octets: Buffer.from('Subject: x\r\n\r\nx\r\n'),
  flags: '',
  receivedAt: 1_700_000_000,
}

describe('an answer of half a policy', () => {
  const turn = (copy: number, move: number, store: string): string =>
    `c1 NO [NOPERM] generation ${copy}\r\nm1 NO [NOPERM] generation ${move}\r\ns1 NO [NOPERM] ${store}\r\n`
  const noFlag = 'not permitted here: flag'

  it.each([
    ['rules of one and a rule of another', turn(7, 9, 'generation 7'), 'mixed'],
    ['rights of the one before', turn(7, 7, noFlag), 'mixed'],
    ['rights of the one behind', turn(8, 8, 'generation 8'), 'mixed'],
    ['all of one with rights', turn(7, 7, 'generation 7'), 'whole'],
    ['all of one without', turn(8, 8, noFlag), 'whole'],
  ])('is told from a whole one: %s', (_, text, kind) => {
    expect(judgeTurn(text).kind).toBe(kind)
  })
})

describe.skipIf(tools.includes(undefined))('a policy that is read again under load', () => {
  let dovecot: Dovecot
  let folder: TempFolder
  beforeAll(async () => {
    folder = await createTempFolder('reload')
    dovecot = await startDovecot({ tls: 'none', users })
    for (const user of users) await dovecot.deliver(user, [message])
  })
  afterAll(async () => {
    await dovecot.stop()
    await folder.remove()
  })

  it(`is one whole policy for every command of ${users.length * sessionsOfEach} sessions, ${reloads} times`, async () => {
    const scene = await ReloadScene.open(dovecot, folder)
    try {
      for (let number = 1; number <= reloads; number++) await scene.reload(number)
      await scene.settle()
      const turns = scene.sessions.flatMap((session) => session.turns)
      expect(turns.filter(({ judged }) => judged.kind === 'mixed').slice(0, 3)).toEqual([])
      // Neither one that is over, nor one that was refused, nor one that did not hold yet.
      expect(
        turns.filter(
          ({ sent, answered, judged }) =>
            judged.kind === 'whole' && (judged.generation < sent || judged.generation > answered),
        ),
      ).toEqual([])
      const seen = new Set(turns.map(({ judged }) => judged.kind === 'whole' && judged.generation))
      expect(seen.size).toBeGreaterThan(reloads / 4)
      expect(scene.sessions.every(({ isAlive }) => isAlive)).toBe(true)
      expect(scene.live.of('closed')).toEqual([])
      // The last file is a bad one, and the policy before it holds.
      for (const session of scene.sessions)
        expect((await session.ask()).judged).toEqual({
          kind: 'whole',
          generation: generationHeld(scene.live),
        })
      expect(generationHeld(scene.live)).toBe(generationOf(reloads - 1))
    } finally {
      await scene.close()
    }
    await scene.expectTold()
  }, 40_000)

  it('is read again by the program on SIGHUP', async () => {
    const file = folder.join('signal.yaml')
    writeFileSync(file, writeGeneration(1))
    const upstream = `imap://127.0.0.1:${dovecot.ports.imap}`
    const proxy = await startProxy({ upstream, args: ['--policy', file] })
    let holding = 1
    const session = await AskingSession.open(proxy.ports.imap, dovecot.user('plain-ann'), () => holding)
    try {
      for (const number of [2, 3, 5]) {
        writeFileSync(file, writeGeneration(number))
        process.kill(proxy.pid, 'SIGHUP')
        await untilTrue(async () => {
          holding = number
          const { judged } = await session.ask()
          return judged.kind === 'whole' && judged.generation === number
        }, `generation ${number}`)
      }
      const { text, place } = writeMistake(4)
      writeFileSync(file, text)
      process.kill(proxy.pid, 'SIGHUP')
      await proxy.waitForRecord((record) => JSON.stringify(record).includes(`signal.yaml:${place}: `))
      expect((await session.ask()).judged).toEqual({ kind: 'whole', generation: 5 })
    } finally {
      session.close()
      await proxy.stop()
    }
  })
})

/** Of the good ones, which come before each bad one. */
const generationOf = (reload: number): number => (reload + 1) / 2

class ReloadScene {
  readonly live: LiveProxy
  readonly sessions: readonly AskingSession[]
  readonly #file: string
  readonly #log: string
  readonly #places: string[] = []
  readonly #work: Promise<unknown>

  private constructor(live: LiveProxy, sessions: readonly AskingSession[], folder: TempFolder) {
    this.live = live
    this.sessions = sessions
    this.#file = folder.join('policy.yaml')
    this.#log = folder.join('proxy.log')
    this.#work = Promise.all(sessions.map((session) => session.work()))
    // It is waited for at the end: until then a failure must not end the process.
    this.#work.catch(() => undefined)
  }

  static async open(dovecot: Dovecot, folder: TempFolder): Promise<ReloadScene> {
    const file = folder.join('policy.yaml')
    writeFileSync(file, writeGeneration(0))
    const live = await startLiveProxy({
      upstream: `imap://127.0.0.1:${dovecot.ports.imap}`,
      policy: loadPolicyFile(file),
      logFile: folder.join('proxy.log'),
    })
    const holding = (): number => generationHeld(live)
    const opened = users.flatMap((user) =>
      Array.from({ length: sessionsOfEach }, () =>
        AskingSession.open(live.imap, dovecot.user(user), holding),
      ),
    )
    return new ReloadScene(live, await Promise.all(opened), folder)
  }

  /** Every second one is bad; by turns they come by signal and by a change of the file, in place and as another file. */
  async reload(number: number): Promise<void> {
    const isBad = number % 2 === 0
    const { text, place } = isBad
      ? writeMistake(number)
      : { text: writeGeneration(generationOf(number)), place: '' }
    if (number % 8 < 4) writeFileSync(this.#file, text)
    else {
      writeFileSync(`${this.#file}.new`, text)
      renameSync(`${this.#file}.new`, this.#file)
    }
    if (number % 4 < 2) this.live.proxy.reload?.()
    if (!isBad)
      return untilTrue(
        () => generationHeld(this.live) === generationOf(number),
        `the policy of reload ${number}`,
      )
    const told = `${this.#file}:${place}: `
    this.#places.push(told)
    await untilTrue(() => this.#problem?.includes(told) === true, told)
  }

  get #problem(): string | undefined {
    return this.live.proxy.policy?.status()?.problem
  }

  async settle(): Promise<void> {
    for (const session of this.sessions) session.stop()
    await this.#work
  }

  async close(): Promise<void> {
    for (const session of this.sessions) {
      session.stop()
      session.close()
    }
    await this.live.stop()
  }

  /** Each bad file in the log, with its place. */
  async expectTold(): Promise<void> {
    const log = await readFile(this.#log, 'utf8')
    expect(this.#places).toHaveLength(reloads / 2)
    expect(this.#places.filter((place) => !log.includes(place))).toEqual([])
    const refused = log.split('\n').filter((line) => line.includes('the policy was not taken'))
    expect(refused.filter((line) => !/goes on: \S+policy\.yaml:\d+:\d+: /u.test(line))).toEqual([])
  }
}

async function untilTrue(isTrue: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + patienceMs
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`not in time: ${what}`)
    await sleep(2)
  }
}

/** As the proxy itself says: none before it may be seen any more. */
function generationHeld({ proxy }: LiveProxy): number {
  const [rule] = proxy.policy?.status()?.rules ?? []
  return Number(/\d+$/u.exec(rule?.name ?? '')?.[0])
}
