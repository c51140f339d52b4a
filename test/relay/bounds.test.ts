import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { beforeAll, describe, expect, it } from 'vitest'

import { limits } from '../../src/imap/limits.ts'
import { octetsOf } from '../../src/imap/octets.ts'
import type { Side } from '../../src/imap/raw-message.ts'
import { makeRules } from '../../src/policy/rules.ts'
import type { ProxyEvent } from '../../src/relay/event.ts'
import { Relay } from '../../src/relay/relay.ts'
import { Dialogue, play, playLoggedIn } from '../support/play.ts'

/** Drives the engine and keeps nothing of what it does but counts. */
class Counted {
  readonly relay: Relay
  readonly passed = { client: 0, server: 0 }
  completed = 0
  largestSend = 0
  readonly warnings: string[] = []

  constructor() {
    this.relay = new Relay({
      session: 'S1',
      decider: makeRules({ hideCapabilities: [], compress: 'follow' }),
      compress: 'follow',
      interests: { messages: false },
      isClientSecure: true,
      startsUpstreamTls: false,
      makeTag: () => 'Tsecret',
      digesters: { client: () => undefined, server: () => undefined },
    })
    this.relay.handle({ at: 0, kind: 'connected' })
    this.say('server', '* PREAUTH hi\r\n')
  }

  say(from: Side, text: string): this {
    return this.give(from, octetsOf(text))
  }

  give(from: Side, octets: Uint8Array): this {
    for (const effect of this.relay.handle({ at: 0, kind: 'received', from, octets })) {
      if (effect.kind === 'emit') this.#note(effect.event)
      if (effect.kind !== 'send') continue
      this.passed[effect.to] += effect.octets.length
      this.largestSend = Math.max(this.largestSend, effect.octets.length)
    }
    return this
  }

  giveInPieces(from: Side, text: string, size: number): this {
    const octets = octetsOf(text)
    for (let at = 0; at < octets.length; at += size) this.give(from, octets.subarray(at, at + size))
    return this
  }

  #note(event: ProxyEvent): void {
    if (event.kind === 'exchange-completed') this.completed += 1
    if (event.kind === 'warning') this.warnings.push(event.reason)
  }
}

let collectGarbage: () => void = () => undefined
beforeAll(() => {
  setFlagsFromString('--expose-gc')
  // Node hands the collector to contexts that are made after the flag was set.
  const gc: unknown = runInNewContext('gc')
  if (typeof gc === 'function') collectGarbage = () => void gc()
})

/** Octets on the heap and in buffers that are still in use. */
function memory(): number {
  collectGarbage()
  // Buffers are swept beside the program: the second collection waits for the sweep of the first.
  collectGarbage()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

const MIB = 1024 * 1024

/** Milliseconds of processor time: what other processes do does not count. */
function cost(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** How much dearer four times the work is; the best of three, since a collection may fall into any of them. */
function growth(work: (size: number) => void, size: number): number {
  work(size)
  const tries = [1, 2, 3].map(() => {
    const small = cost(() => work(size))
    return cost(() => work(4 * size)) / Math.max(small, 1)
  })
  return Math.min(...tries)
}

/** Four times the work at four times the price, and as much again for the noise; quadratic would be sixteen. */
const LINEAR = 8

describe('memory', () => {
  it('of one session does not grow with its commands', () => {
    const talk = new Counted()
    const run = (from: number, to: number): void => {
      for (let at = from; at < to; at++) {
        talk.say('client', `a${at} UID FETCH ${at} (FLAGS BODY.PEEK[HEADER])\r\n`)
        talk.say(
          'server',
          `* ${at} FETCH (UID ${at} FLAGS (\\Seen) BODY[HEADER] {5}\r\nabc\r\n)\r\na${at} OK done\r\n`,
        )
      }
    }
    run(0, 10_000)
    const early = memory()
    run(10_000, 100_000)
    expect(talk.completed).toBe(100_000)
    expect(memory() - early).toBeLessThan(MIB)
  })

  it('holds neither a line of 64 MiB from the server nor one from the client', () => {
    const chunk = new Uint8Array(64 * 1024).fill(0x78)
    for (const [from, head] of [
      ['server', ''],
      ['server', '* 1 FETCH ('],
      ['client', 'a '],
      ['client', ''],
    ] as const) {
      const talk = new Counted().say(from, head)
      const before = memory()
      let most = 0
      for (let at = 0; at < 1024; at++) {
        talk.give(from, chunk)
        if (at % 256 === 255) most = Math.max(most, memory() - before)
      }
      const to = from === 'client' ? 'server' : 'client'
      expect(talk.passed[to]).toBeGreaterThanOrEqual(64 * MIB)
      expect(most, `held of a line of the ${from} that begins with ${JSON.stringify(head)}`).toBeLessThan(
        4 * MIB,
      )
      expect(talk.largestSend).toBeLessThanOrEqual(2 * limits.lineHeld)
    }
  })

  it('holds little of a literal of 64 MiB, from either side', () => {
    const chunk = new Uint8Array(64 * 1024).fill(0x78)
    for (const [from, head] of [
      ['server', `* 1 FETCH (BODY[] {${64 * MIB}}\r\n`],
      ['client', `a APPEND x {${64 * MIB}+}\r\n`],
    ] as const) {
      const talk = new Counted().say(from, head)
      const before = memory()
      for (let at = 0; at < 1024; at++) talk.give(from, chunk)
      expect(memory() - before).toBeLessThan(MIB)
    }
  })

  it('of large commands in flight is bounded: the words for them stay, their octets go', () => {
    const talk = new Counted()
    const before = memory()
    const body = 'x'.repeat(60_000)
    for (let at = 0; at < 1_000; at++) talk.say('client', `a${at} APPEND x {60000+}\r\n${body}\r\n`)
    expect(memory() - before).toBeLessThan(12 * MIB)
  })

  it('of a message of more literals than are kept is bounded', () => {
    const talk = new Counted().say('client', 'a XFOO')
    const before = memory()
    for (let at = 0; at < 30_000; at++) talk.say('client', ' {4+}\r\nabcd')
    expect(memory() - before).toBeLessThan(16 * MIB)
    expect(talk.say('client', '\r\n').passed.server).toBe(30_000 * 11 + 8)
  })
})

describe('pipelining without an answer', () => {
  it('goes on beyond what is kept, and so do the answers', () => {
    const count = limits.exchangesInFlight + 2_500
    const commands = Array.from({ length: count }, (_, at) => `a${at} NOOP\r\n`).join('')
    const answers = Array.from({ length: count }, (_, at) => `a${at} OK\r\n`).join('')
    const talk = new Counted().say('client', commands)
    expect(talk.passed.server).toBe(commands.length)
    const before = talk.passed.client
    talk.say('server', answers)
    expect(talk.passed.client - before).toBe(answers.length)
    expect(talk.completed).toBe(limits.exchangesInFlight)
    // The client's stream is opaque from there on: nothing is lost, and nothing more is told.
    expect(talk.say('client', 'z NOOP\r\n').say('server', 'z OK\r\n').completed).toBe(
      limits.exchangesInFlight,
    )
    expect(talk.passed.server).toBe(commands.length + 8)
  })
})

describe('time is linear in the octets', () => {
  it.each<[string, Side, (size: number) => string]>([
    ['a line that never ends', 'server', (size) => 'x'.repeat(size)],
    ['an untagged line of one word', 'server', (size) => `* ${'x'.repeat(size)}`],
    ['an untagged line of spaces', 'server', (size) => `* ${' '.repeat(size)}`],
    ['an untagged line of digits', 'server', (size) => `* ${'1'.repeat(size)}`],
    ['a line of data', 'server', (size) => `* LIST ${'('.repeat(size)}\r\n`],
    ['a command that never ends', 'client', (size) => `a LOGIN "${'\\"'.repeat(size / 2)}`],
    ['a command of many words', 'client', (size) => `a SEARCH ${'NOT '.repeat(size / 4)}\r\n`],
    ['many short commands', 'client', (size) => 'a NOOP\r\n'.repeat(size / 8)],
    ['many empty literals', 'client', (size) => `a X${' {0+}\r\n'.repeat(size / 7)}\r\n`],
  ])('octet by octet: %s', (_, from, text) => {
    expect(growth((size) => void new Counted().giveInPieces(from, text(size), 1), 15_000)).toBeLessThan(
      LINEAR,
    )
  })

  it('for a client that sends far ahead of the continuation requests', () => {
    const work = (size: number): void => {
      const talk = new Counted()
        .say('client', 'a AUTHENTICATE PLAIN\r\n')
        .say('client', 'x\r\n'.repeat(size / 3))
      talk.say('server', '+\r\n'.repeat(size / 3))
      expect(talk.warnings).toEqual([])
    }
    expect(growth(work, 60_000)).toBeLessThan(LINEAR)
  })

  it('for pipelined commands, answered from either end', () => {
    const work = (isReversed: boolean) => (size: number) => {
      const tags = Array.from({ length: size }, (_, at) => `t${at}`)
      const talk = new Counted().say('client', tags.map((tag) => `${tag} NOOP\r\n`).join(''))
      if (isReversed) tags.reverse()
      talk.say('server', tags.map((tag) => `${tag} OK\r\n`).join(''))
      expect(talk.completed).toBe(size)
    }
    expect(growth(work(false), 2_400)).toBeLessThan(LINEAR)
    expect(growth(work(true), 2_400)).toBeLessThan(LINEAR)
  })

  it('a million octets one at a time pass in seconds, not in minutes', () => {
    const talk = new Counted()
    const text = '* 1 FETCH (FLAGS (\\Seen) UID 4711)\r\n'.repeat(28_000)
    expect(cost(() => talk.giveInPieces('server', text, 1))).toBeLessThan(10_000)
    expect(talk.passed.client).toBe(text.length + '* PREAUTH hi\r\n'.length)
  })
})

describe('a client that sends ahead more than is kept', () => {
  const ahead = 'x'.repeat(limits.undecidedOctets + 1)

  it('is passed on unread, and that is told', () => {
    const talk = playLoggedIn().client(`a APPEND x {${ahead.length + 9}}`)
    talk.take('server')
    talk.raw('client', ahead)
    expect(talk.take('server')).toBe(ahead)
    expect(talk.of('warning')[0]?.reason).toMatch(/^the client's stream can no longer be read/)
    talk.client('b NOOP').toServer('b NOOP').server('a OK', 'b OK').toClient('a OK', 'b OK')
    expect(talk.of('exchange-completed').map(({ exchange }) => exchange.name)).toEqual(['APPEND'])
    expect(talk.of('warning')).toHaveLength(1)
  })

  it('is read on up to the limit', () => {
    const talk = playLoggedIn().client(`a APPEND x {${limits.undecidedOctets - 2}}`)
    talk.raw('client', ahead.slice(0, limits.undecidedOctets - 2)).client('')
    talk.server('+ go', 'a OK').client('b NOOP').server('b OK')
    expect(talk.of('exchange-completed').map(({ exchange }) => exchange.name)).toEqual(['APPEND', 'NOOP'])
  })

  it('is cut when it does so before the greeting', () => {
    const talk = new Dialogue().raw('client', ahead)
    expect(talk.acts).toEqual(['close'])
    expect(talk.of('closed')[0]?.reason).toBe('the client sent too much before the greeting')
  })
})

describe('a peer without manners', () => {
  it('is not remembered by an upstream that sends lines of nothing for ever', () => {
    const talk = play().server(...Array.from({ length: 5_000 }, () => ''))
    expect(talk.take('client')).toHaveLength(10_000)
    expect(talk.of('unreadable')).toEqual([])
  })
})
