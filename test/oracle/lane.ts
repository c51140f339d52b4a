/** One user's part of a run: plays its share of the streams on a few connections, then asks the server what is true. */

import { compareTruth } from './comparing.ts'
import { Direct } from './direct.ts'
import { throwDice } from './dice.ts'
import { isUsable, Judge, type OpenSession } from './judge.ts'
import { makeNeedles, type Needles } from './needles.ts'
import { clip, type Finding } from './findings.ts'
import { TWIN } from './generator/plain-families.ts'
import { makeStream, type Generation } from './generator/streams.ts'
import type { Stream } from './generator/stage.ts'
import { HostileClient, type Ending, type Played } from './hostile-client.ts'
import { showStream } from './generator/marks.ts'
import { readMarks, readTruth, rebuildCanaries, stirCanaries, tidyWorld } from './truth.ts'

export interface LaneOptions {
  readonly lane: number
  readonly lanes: number
  readonly generation: Generation
  readonly serverPort: number
  readonly gatewayPort: number
  readonly connections: number
  readonly onFinding: (finding: Finding) => void
  /** False once so much was found that nothing more need be played. */
  readonly goesOn: () => boolean
}

export interface LaneCounts {
  streams: number
  sessions: number
  hangs: number
  closed: number
  failedLogins: number
}

/** Streams on one connection at most, so that states of sessions do not grow old. */
const streamsPerConnection = 80
const failuresAtMost = 50

export class LaneRunner {
  readonly counts: LaneCounts = { streams: 0, sessions: 0, hangs: 0, closed: 0, failedLogins: 0 }
  readonly lane: number
  readonly #options: LaneOptions
  readonly #direct: Direct
  #needles: Needles
  #truth: readonly string[]
  #stirring: Promise<void> = Promise.resolve()
  #open: OpenSession[] = []
  readonly #judge: Judge

  private constructor(options: LaneOptions, direct: Direct, needles: Needles, truth: readonly string[]) {
    this.lane = options.lane
    this.#options = options
    this.#direct = direct
    this.#needles = needles
    this.#truth = truth
    this.#judge = new Judge({
      world: options.generation.world,
      direct,
      openFor: ({ user, password }) => Direct.open(options.serverPort, user, password),
      openLike: (stream) =>
        stream.begins === 'fresh' ? this.#openFresh() : this.#openSession(stream.number),
      leave: (session) => this.#leave(session),
      endingOf,
    })
  }

  static async open(options: LaneOptions): Promise<LaneRunner> {
    const { world } = options.generation
    const direct = await Direct.open(options.serverPort, world.user, world.password)
    await tidyWorld(direct, world)
    const { needles, truth } = await observe(direct, options)
    return new LaneRunner(options, direct, needles, truth)
  }

  /** The lane's streams from the n-th on; false when a canary was changed. */
  async runBatch(from: number, count: number): Promise<boolean> {
    const { lane, lanes, generation, connections } = this.#options
    const numbers = Array.from({ length: count }, (_, index) => (from + index) * lanes + lane)
    const queue = numbers.map((number) => makeStream(number, generation))
    const streams = [...queue]
    await Promise.all(Array.from({ length: connections }, () => this.#work(queue)))
    return !this.#options.goesOn() || this.#verify(streams)
  }

  /** Alone, on one connection, one after the other: whether the canary is changed by them. */
  async replay(streams: readonly Stream[]): Promise<boolean> {
    await this.#rebuild()
    await this.#work([...streams])
    const changed = (await this.#differences()).length > 0
    await this.#rebuild()
    return changed
  }

  close(): void {
    for (const session of this.#open) session.client.close()
    this.#direct.close()
  }

  async #work(queue: Stream[]): Promise<void> {
    let session: OpenSession | undefined
    for (let stream = queue.shift(); stream && this.#options.goesOn(); stream = queue.shift()) {
      if (stream.begins === 'fresh') {
        await this.#playFresh(stream)
        continue
      }
      session = isUsable(session) ? session : await this.#openSession(stream.number)
      session.streams.push(stream)
      const played = await this.#playOn(session, stream)
      if (played.end === 'answered' && session.streams.length < streamsPerConnection) continue
      this.#leave(session)
      session = undefined
    }
    if (session) this.#leave(session)
  }

  async #playFresh(stream: Stream): Promise<void> {
    const session = await this.#openFresh()
    session.streams.push(stream)
    await this.#playOn(session, stream)
    this.#leave(session)
  }

  async #playOn(session: OpenSession, stream: Stream): Promise<Played> {
    const played = await session.client.play(stream.text, endingOf(stream))
    this.counts.streams++
    if (played.end === 'closed') this.counts.closed++
    await this.#look(session, stream, played)
    if (stream.family === TWIN && played.end === 'answered')
      this.#tellIf('difference', session, await this.#judge.compareTwin(session, stream))
    return played
  }

  async #look(session: OpenSession, stream: Stream, played: Played): Promise<void> {
    const leaks = await this.#judge.withoutChance(played)
    if (leaks.length > 0) this.#tell('leak', session, `received ${around(played)}`)
    else this.#tellIf('told', session, await this.#judge.findTold(session, stream, played))
    if (played.end !== 'hung') return
    this.counts.hangs++
    this.#tell('hang', session, `received ${clip(showStream(played.received), 300)}`)
  }

  #tellIf(kind: Finding['kind'], session: OpenSession, detail: string | undefined): void {
    if (detail !== undefined) this.#tell(kind, session, detail)
  }

  #tell(kind: Finding['kind'], { streams, prelude }: OpenSession, detail: string): void {
    this.#options.onFinding({ kind, lane: this.#options.lane, streams: [...streams], prelude, detail })
  }

  async #openFresh(): Promise<OpenSession> {
    const client = await HostileClient.open(this.#clientOptions())
    const session = { client, streams: [], prelude: [] }
    this.#open.push(session)
    return session
  }

  async #openSession(number: number): Promise<OpenSession> {
    for (;;) {
      const client = await HostileClient.open(this.#clientOptions())
      const prelude = preludeOf(this.#options.generation.seed, number)
      if (await client.logIn(prelude)) {
        const session = { client, streams: [], prelude }
        this.#open.push(session)
        this.counts.sessions++
        return session
      }
      client.close()
      if (++this.counts.failedLogins > failuresAtMost) throw new Error('no more logins: is the server alive?')
    }
  }

  #leave(session: OpenSession): void {
    session.client.close()
    this.#open = this.#open.filter((one) => one !== session)
  }

  #clientOptions() {
    const { generation, gatewayPort } = this.#options
    const stir = (): Promise<void> => {
      this.#stirring = this.#stirring.then(() => stirCanaries(this.#direct, generation.world))
      return this.#stirring
    }
    return { port: gatewayPort, world: generation.world, needles: this.#needles, stir }
  }

  async #verify(streams: readonly Stream[]): Promise<boolean> {
    const { world } = this.#options.generation
    const changes = await this.#differences()
    if (changes.length > 0) {
      this.#options.onFinding({
        kind: 'truth',
        lane: this.#options.lane,
        streams,
        prelude: [],
        detail: changes.join('\n'),
      })
      await this.#rebuild()
    }
    await tidyWorld(this.#direct, world)
    await this.#judge.settleDoubts((session, detail) => this.#tell('difference', session, detail))
    return changes.length === 0
  }

  async #differences(): Promise<string[]> {
    const now = await readTruth(this.#direct, this.#options.generation.world)
    return compareTruth(this.#truth, now)
  }

  async #rebuild(): Promise<void> {
    await rebuildCanaries(this.#direct, this.#options.generation.world)
    const { needles, truth } = await observe(this.#direct, this.#options)
    this.#needles = needles
    this.#truth = truth
  }
}

async function observe(direct: Direct, { generation }: LaneOptions) {
  const identifiers = await readMarks(direct, generation.world)
  // To ask for mod-sequences is to have them counted from then on: only the second answer lasts.
  await readTruth(direct, generation.world)
  const truth = await readTruth(direct, generation.world)
  return { needles: makeNeedles(generation.world, identifiers), truth }
}

/**
 * Where the other side may be waiting for more, one in four clients hangs up there, and the others go on if they are
 * answered: whoever lost its place in the stream takes the next streams for what they are not.
 */
function endingOf({ family, begins, isLast, number, text }: Stream): Ending {
  // Nobody is logged in any more.
  if (begins === 'fresh' || /^leaving/.test(family) || /UNAUTHENTICATE/i.test(text)) return 'leave'
  if (isLast) return number % 4 === 0 ? 'leave' : 'try'
  return family === TWIN ? 'probe' : 'go-on'
}

/** What the client does before its first stream; it belongs to that stream's number. */
function preludeOf(seed: number, number: number): string[] {
  const dice = throwDice(seed ^ 0x5eed, number)
  return [
    ...(dice.chance(10)
      ? [`P1 ENABLE ${dice.pick(['UTF8=ACCEPT', 'IMAP4rev2', 'QRESYNC', 'CONDSTORE'])}`]
      : []),
    ...(dice.chance(75)
      ? [`P2 SELECT ${dice.pick(['INBOX', 'INBOX', 'Work', 'Work/Sub', 'Family', 'inbox'])}`]
      : []),
  ]
}

function around({ received, leaks }: Played): string {
  const at = Math.max(0, received.toLowerCase().indexOf((leaks[0] ?? '').toLowerCase()))
  return `${showStream(leaks.join(' '))} in ${showStream(received.slice(Math.max(0, at - 160), at + 160))}`
}
