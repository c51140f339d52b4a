/** One user's part of a run: plays its share of the streams on a few connections, then asks the server what is true. */

import { comparable, compareTruth } from './comparing.ts'
import { Direct } from './direct.ts'
import { throwDice } from './dice.ts'
import { findLines, findTellingLines, makeNeedles, type Needles } from './needles.ts'
import { clip, type Finding } from './findings.ts'
import { TWIN } from './generator/plain-families.ts'
import { makeStream, type Generation } from './generator/streams.ts'
import type { Stream } from './generator/stage.ts'
import { HostileClient, type Ending, type Played } from './hostile-client.ts'
import { marks, showStream } from './generator/marks.ts'
import {
  buildWorld,
  readMarks,
  readNamesakes,
  readTruth,
  rebuildCanaries,
  stirCanaries,
  tidyWorld,
} from './truth.ts'
import { twinOf } from './world.ts'

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
  #doubts: Stream[] = []

  private constructor(options: LaneOptions, direct: Direct, needles: Needles, truth: readonly string[]) {
    this.lane = options.lane
    this.#options = options
    this.#direct = direct
    this.#needles = needles
    this.#truth = truth
  }

  static async open(options: LaneOptions): Promise<LaneRunner> {
    const { world } = options.generation
    const direct = await Direct.open(options.serverPort, world.user, world.password)
    await buildWorld(direct, world)
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
    await this.#judge(session, stream, played)
    if (stream.family === TWIN && played.end === 'answered') await this.#compareTwin(session, stream, played)
    return played
  }

  async #judge(session: OpenSession, stream: Stream, played: Played): Promise<void> {
    const leaks = played.leaks.length > 0 ? await this.#withoutChance(played.leaks) : []
    if (leaks.length > 0) this.#tell('leak', session, `received ${around(played)}`)
    const told = findTellingLines(played.received, this.#options.generation.world)
    if (told.length > 0 && leaks.length === 0) await this.#judgeTold(session, stream, told)
    if (played.end !== 'hung') return
    this.counts.hangs++
    this.#tell('hang', session, `received ${clip(showStream(played.received), 300)}`)
  }

  /** A UIDVALIDITY counts up with the time and with mailboxes made anew: that of a visible one may come to be the same. */
  async #withoutChance(leaks: readonly string[]): Promise<readonly string[]> {
    if (leaks.some((leak) => !/^\d+$/.test(leak))) return leaks
    const { data } = await this.#direct.run('LIST "" "*" RETURN (STATUS (UIDVALIDITY))')
    const visible = data.split('\r\n').filter((line) => line.startsWith('* STATUS') && !namesCanary(line))
    return leaks.filter((leak) => !visible.some((line) => line.includes(`UIDVALIDITY ${leak})`)))
  }

  /**
   * Some servers say the same of what does not exist, above all who was told before to subscribe to it: only what they do
   * not say of it tells anything.
   */
  async #judgeTold({ streams, ...session }: OpenSession, stream: Stream, told: readonly string[]) {
    const { world } = this.#options.generation
    const expected = new Set<string>()
    // Who is cut off hears now more, now less.
    for (let attempt = 1; attempt <= 3; attempt++) {
      for (const line of findLines(await this.#playTwins(streams, stream))) expected.add(line)
      if (told.every((line) => expected.has(twinOf(line, world, stream.number)))) return
    }
    const namesakes = await readNamesakes(this.#direct, world)
    const isExplained = (line: string): boolean =>
      expected.has(twinOf(line, world, stream.number)) || namesakes.some((name) => line.includes(name))
    const telling = told.filter((line) => !isExplained(line))
    if (telling.length === 0) return
    this.#tell('told', { streams, ...session }, telling.slice(0, 3).join('\n'))
  }

  /** Everything that was said on a session up to a stream, once more, with names that nothing has. */
  async #playTwins(streams: readonly Stream[], last: Stream): Promise<string> {
    const { world } = this.#options.generation
    const open = (): Promise<OpenSession> =>
      last.begins === 'fresh' ? this.#openFresh() : this.#openSession(streams[0]?.number ?? last.number)
    let session = await open()
    let received = ''
    for (const stream of streams) {
      if (!isUsable(session)) {
        this.#leave(session)
        session = await open()
      }
      const text = twinOf(withoutPauses(stream.text), world, last.number)
      received += (await session.client.play(text, stream === last ? endingOf(stream) : 'probe')).received
    }
    this.#leave(session)
    return received
  }

  /** What happens to be different once, such as a message that just arrived, is not so twice. */
  async #compareTwin(session: OpenSession, stream: Stream, first: Played, mayDoubt = true): Promise<void> {
    const { world } = this.#options.generation
    const text = twinOf(withoutPauses(stream.text), world, stream.number)
    if (text === withoutPauses(stream.text)) return
    for (let attempt = 1; ; attempt++) {
      const own = attempt === 1 ? first : await session.client.play(stream.text, 'probe')
      const other = await session.client.play(text, 'probe')
      const said = comparable(twinOf(own.received, world, stream.number))
      const expected = comparable(other.received)
      if (said === expected) return
      if (attempt < 3) continue
      if (mayDoubt && (await readNamesakes(this.#direct, world)).length > 0)
        return void this.#doubts.push(stream)
      this.#tell(
        'difference',
        session,
        `of the canary: ${showStream(said)}\nof nothing:    ${showStream(expected)}`,
      )
      return
    }
  }

  /** What was different while there were namesakes, once more without them. */
  async #settleDoubts(): Promise<void> {
    const doubts = this.#doubts
    this.#doubts = []
    for (const stream of doubts) {
      const session = await this.#openSession(stream.number)
      session.streams.push(stream)
      const played = await session.client.play(stream.text, 'probe')
      if (played.end === 'answered') await this.#compareTwin(session, stream, played, false)
      this.#leave(session)
    }
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
    await this.#settleDoubts()
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

interface OpenSession {
  readonly client: HostileClient
  readonly streams: Stream[]
  readonly prelude: readonly string[]
}

/** A name that is cut in two is a name all the same. */
const withoutPauses = (text: string): string => text.replaceAll(marks.pause, '')

/** Of whichever world. */
const namesCanary = (line: string): boolean => /Canary|Below|&APY-gel|Child|Stir/i.test(line)

const isUsable = (session: OpenSession | undefined): session is OpenSession =>
  session !== undefined && !session.client.isClosed

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
