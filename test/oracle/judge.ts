/** Tells what only looks like a leak from what is one, by playing it again with names that nothing has; it knows no truth. */

import { comparable } from './comparing.ts'
import type { Direct } from './direct.ts'
import { marks, showStream } from './generator/marks.ts'
import type { Stream } from './generator/stage.ts'
import type { Ending, HostileClient, Played } from './hostile-client.ts'
import { findLines, findTellingLines, tellingStrings } from './needles.ts'
import { readNamesakes, readOwnValidities, readVisibleValidities } from './truth.ts'
import { ghostOf, twinOf, type World } from './world.ts'

export interface OpenSession {
  readonly client: HostileClient
  readonly streams: Stream[]
  readonly prelude: readonly string[]
}

export const isUsable = (session: OpenSession | undefined): session is OpenSession =>
  session !== undefined && !session.client.isClosed

/** What a judge needs of its lane. */
export interface Court {
  readonly world: World
  readonly direct: Direct
  /** Past the gateway, as another user. */
  openFor(world: World): Promise<Direct>
  /** A session as the one that such a stream was played on. */
  openLike(stream: Stream): Promise<OpenSession>
  leave(session: OpenSession): void
  endingOf(stream: Stream): Ending
}

type Rename = (text: string) => string

/** Who is cut off hears now more, now less: the first attempt is as fast as can be, the others wait for every answer. */
const attemptsAtTold = 3
/** News of messages come between as they like, but not every time. */
const attemptsAtTwins = 8

export class Judge {
  readonly #court: Court
  #doubts: (readonly Stream[])[] = []

  constructor(court: Court) {
    this.#court = court
  }

  /** A UIDVALIDITY counts up with the time and with mailboxes made anew: that of a visible one may come to be the same. */
  async withoutChance({ leaks }: Played): Promise<readonly string[]> {
    if (leaks.length === 0 || leaks.some((leak) => !/^\d+$/.test(leak))) return leaks
    const { world, direct } = this.#court
    const visible = await readVisibleValidities(direct, world)
    for (const neighbour of world.neighbours) {
      const other = await this.#court.openFor(neighbour)
      visible.push(...(await readOwnValidities(other, neighbour)))
      other.close()
    }
    return leaks.filter((leak) => !visible.includes(leak))
  }

  /**
   * Some servers say the same of what does not exist, above all who was told before to subscribe to it: only what they do
   * not say of ghosts tells anything. A ghost cannot be made either, so that no CREATE before explains anything.
   */
  async findTold(
    { streams }: OpenSession,
    stream: Stream,
    { before, received }: Played,
  ): Promise<string | undefined> {
    const { world, direct } = this.#court
    const told = findTellingLines(before + received, world)
    if (told.length === 0) return undefined
    const expected = new Set<string>()
    for (let attempt = 1; attempt <= attemptsAtTold; attempt++) {
      const isSlow = attempt > 1
      for (const line of findLines(await this.#playGhosts(streams, stream, isSlow))) expected.add(line)
      if (told.every((line) => expected.has(ghostOf(line, world)))) return undefined
    }
    const namesakes = await readNamesakes(direct, world)
    // The longest first: one name may begin another.
    const own = namesakes.toSorted((one, other) => other.length - one.length)
    const withoutOwn = (line: string): string => own.reduce((rest, name) => rest.replaceAll(name, ''), line)
    const isOwn = (line: string): boolean =>
      tellingStrings(line, world).every((text) => namesakes.includes(text)) ||
      tellingStrings(withoutOwn(line), world).length === 0
    const telling = told.filter((line) => !expected.has(ghostOf(line, world)) && !isOwn(line))
    return telling.length === 0 ? undefined : telling.slice(0, 3).join('\n')
  }

  /** How the answers to a canary and to nothing differ, if they do every time. */
  async compareTwin(session: OpenSession, stream: Stream, mayDoubt = true): Promise<string | undefined> {
    const { world, direct } = this.#court
    const rename = this.#twinning(stream)
    const text = withoutPauses(stream.text)
    if (rename(text) === text) return undefined
    let [said, expected] = ['', '']
    for (let attempt = 1; attempt <= attemptsAtTwins && isUsable(session); attempt++) {
      const own = await session.client.play(text, 'probe')
      const other = await session.client.play(rename(text), 'probe')
      said = comparable(rename(own.received))
      expected = comparable(other.received)
      if (said === expected) return undefined
    }
    if (!isUsable(session)) return undefined
    if (mayDoubt && (await readNamesakes(direct, world)).length > 0) {
      this.#doubts.push([...session.streams])
      return undefined
    }
    return `of the canary: ${showStream(said)}\nof nothing:    ${showStream(expected)}`
  }

  /** What was different while there were namesakes, once more without them: alone, and behind all that came before. */
  async settleDoubts(tell: (session: OpenSession, detail: string) => void): Promise<void> {
    const doubts = this.#doubts
    this.#doubts = []
    for (const streams of doubts) {
      const last = streams.at(-1)
      if (last === undefined) continue
      for (const before of [[], streams.slice(0, -1)]) {
        const session = await this.#court.openLike(streams[0] ?? last)
        const isThere = await this.#playAll(session, before)
        session.streams.push(last)
        const detail = isThere ? await this.compareTwin(session, last, before.length > 0) : undefined
        this.#court.leave(session)
        if (detail !== undefined) {
          tell(session, detail)
          break
        }
      }
    }
    // Who makes namesakes itself is in doubt for ever.
    this.#doubts = []
  }

  async #playAll(session: OpenSession, streams: readonly Stream[]): Promise<boolean> {
    for (const stream of streams) {
      if (!isUsable(session)) return false
      session.streams.push(stream)
      await session.client.play(stream.text, 'probe')
    }
    return isUsable(session)
  }

  /** What makes a mailbox is compared with what is hidden and not there, and the rest by turns with both. */
  #twinning({ text, number }: Stream): Rename {
    const { world } = this.#court
    const isMaking = /^w (?:CREATE|SUBSCRIBE|RENAME Work)/m.test(withoutPauses(text))
    return isMaking || number % 2 === 0
      ? (some) => ghostOf(some, world)
      : (some) => twinOf(some, world, number)
  }

  /** Everything that was said on a session up to a stream, once more, with names that are hidden and that nothing has. */
  async #playGhosts(streams: readonly Stream[], last: Stream, isSlow: boolean): Promise<string> {
    const { world } = this.#court
    const first = last.begins === 'fresh' ? last : (streams[0] ?? last)
    let session = await this.#court.openLike(first)
    let received = session.client.welcome
    for (const stream of streams) {
      if (!isUsable(session)) {
        this.#court.leave(session)
        session = await this.#court.openLike(first)
        received += session.client.welcome
      }
      const whole = ghostOf(withoutPauses(stream.text), world)
      const text = isSlow ? whole.replaceAll('\r\n', `\r\n${marks.await}`) : whole
      const ending = stream === last ? this.#court.endingOf(stream) : 'probe'
      const played = await session.client.play(text, ending)
      received += played.before + played.received
    }
    this.#court.leave(session)
    return received
  }
}

/** A name that is cut in two is a name all the same. */
const withoutPauses = (text: string): string => text.replaceAll(cutting, '')

/** Waits at the end of a line are for answers. */
const cutting = new RegExp(`${marks.pause}|(?<!\\n)${marks.await}`, 'g')
