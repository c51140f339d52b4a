import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { Breakpoints, type Breakpoint } from '../../src/app/breakpoints.ts'
import { EventBus } from '../../src/app/event-bus.ts'
import type { ReleasedHow } from '../../src/relay/event.ts'
import type { HoldFacts } from '../../src/relay/hold-rule.ts'
import { octetsOf } from '../../src/imap/octets.ts'
import { playLoggedIn, type Dialogue } from '../support/play.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Engines of sessions on one bus, as a proxy has them. */
class Bench {
  readonly faults: unknown[] = []
  readonly bus = new EventBus((error) => this.faults.push(error))
  readonly sessions = new Map<string, Dialogue>()
  readonly breakpoints = new Breakpoints({
    bus: this.bus,
    rule: (session, ruled) => {
      this.sessions.get(session)?.input({ kind: 'ruled', ...ruled })
      this.#publish(session)
    },
    onFault: (error) => this.faults.push(error),
  })
  readonly #told = new Map<string, number>()

  open(session: string): this {
    this.sessions.set(session, playLoggedIn({ session, interests: this.bus.interests }))
    return this
  }

  client(session: string, ...lines: string[]): this {
    this.sessions.get(session)?.client(...lines)
    this.#publish(session)
    return this
  }

  server(session: string, ...lines: string[]): this {
    this.sessions.get(session)?.server(...lines)
    this.#publish(session)
    return this
  }

  /** What reached the server of this session since this was last asked. */
  sent(session = 'S1'): string {
    return this.sessions.get(session)?.take('server') ?? ''
  }

  fates(session = 'S1'): ReleasedHow[] {
    return (this.sessions.get(session)?.of('released') ?? []).map(({ how }) => how)
  }

  #publish(session: string): void {
    const events = this.sessions.get(session)?.events ?? []
    const from = this.#told.get(session) ?? 0
    this.#told.set(session, events.length)
    for (const event of events.slice(from)) this.bus.publish(event)
  }
}

const on = (name: string, timeoutMillis = 5_000): Breakpoint => ({
  timeoutMillis,
  mayHold: (head) => head.name === name,
  holds: () => true,
})

describe('breakpoints', () => {
  it('ask nothing of the sessions while nobody has one', () => {
    const bench = new Bench().open('S1')
    expect(bench.bus.interests.hold).toBeUndefined()
    bench.breakpoints.set('me', on('NOOP'))
    expect(bench.bus.interests.hold).toBeDefined()
    bench.breakpoints.set('me', undefined)
    expect(bench.bus.interests.hold).toBeUndefined()
    expect(bench.client('S1', 'a NOOP').sent()).toBe('a NOOP\r\n')
  })

  it('hold in several sessions at once, and let each go by its ticket', () => {
    const bench = new Bench().open('S1').open('S2')
    bench.breakpoints.set('me', on('NOOP'))
    bench.client('S1', 'a NOOP').client('S2', 'b NOOP', 'c CHECK')
    expect(bench.sent('S1') + bench.sent('S2')).toBe('')
    const held = bench.breakpoints.list()
    expect(held.map(({ session, exchange }) => `${session} ${exchange?.tag}`)).toEqual(['S1 a', 'S2 b'])
    const { ticket = 0 } = held[1] ?? {}
    expect(bench.breakpoints.rule('S2', ticket, { kind: 'forward' })).toEqual({ ok: true })
    expect(bench.sent('S2')).toBe('b NOOP\r\nc CHECK\r\n')
    expect(bench.sent('S1')).toBe('')
    expect(bench.breakpoints.list()).toHaveLength(1)
  })

  it('can be ruled on by a listener, at once and once', () => {
    const bench = new Bench().open('S1')
    const ruled: unknown[] = []
    bench.bus.subscribe((event) => {
      if (event.kind !== 'held') return
      const edit = { kind: 'replace', octets: octetsOf('a CHECK') } as const
      for (const _ of 'xx') ruled.push(bench.breakpoints.rule(event.session, event.ticket, edit).ok)
    })
    bench.breakpoints.set('me', on('NOOP'))
    expect(bench.client('S1', 'a NOOP').sent()).toBe('a CHECK\r\n')
    expect(ruled).toEqual([true, false])
    expect(bench.fates()).toEqual(['edited'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('let a message go on as it was at the deadline of its owner', () => {
    const bench = new Bench().open('S1')
    bench.breakpoints.set('me', on('NOOP', 5_000))
    bench.client('S1', 'a NOOP')
    vi.advanceTimersByTime(4_999)
    expect(bench.sent()).toBe('')
    vi.advanceTimersByTime(1)
    expect(bench.sent()).toBe('a NOOP\r\n')
    expect(bench.fates()).toEqual(['expired'])
    expect(bench.breakpoints.list()).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('let go of what an owner held who is gone, and only that', () => {
    const bench = new Bench().open('S1').open('S2')
    const [me, you] = [{}, {}]
    bench.breakpoints.set(me, on('NOOP'))
    bench.breakpoints.set(you, on('CHECK'))
    bench.client('S1', 'a NOOP', 'b CHECK').client('S2', 'a CHECK')
    bench.breakpoints.drop(me)
    expect(bench.sent('S1')).toBe('a NOOP\r\n')
    expect(bench.breakpoints.list().map(({ session }) => session)).toEqual(['S2', 'S1'])
    bench.breakpoints.drop(you)
    expect(bench.sent('S1') + bench.sent('S2')).toBe('b CHECK\r\na CHECK\r\n')
    expect(bench.fates('S1')).toEqual(['forwarded', 'forwarded'])
  })

  it('keep what the last rule of an owner holds when it gets another', () => {
    const bench = new Bench().open('S1')
    bench.breakpoints.set('me', on('NOOP'))
    bench.client('S1', 'a NOOP').breakpoints.set('me', on('CHECK'))
    expect(bench.breakpoints.list()).toHaveLength(1)
  })

  it('say why a ruling is none', () => {
    const bench = new Bench().open('S1')
    bench.breakpoints.set('me', on('SELECT'))
    expect(bench.breakpoints.rule('S1', 99, { kind: 'forward' })).toMatchObject({ ok: false })
    const [held] = bench.client('S1', 'a SELECT x').breakpoints.list()
    const { ticket = 0 } = held ?? {}
    const rule = (text: string): unknown =>
      bench.breakpoints.rule('S1', ticket, { kind: 'replace', octets: octetsOf(text) })
    expect(rule('b SELECT x')).toEqual({ ok: false, text: 'the tag has to stay: the client waits for it' })
    expect(bench.sent()).toBe('')
    expect(rule('a SELECT y')).toEqual({ ok: true })
    expect(bench.sent()).toBe('a SELECT y\r\n')
    expect(rule('a SELECT z')).toMatchObject({ ok: false })
  })

  it('answer commands, never responses, and edit no credentials', () => {
    const bench = new Bench().open('S1')
    bench.breakpoints.set('me', { timeoutMillis: 1, mayHold: () => true, holds: () => true })
    bench.server('S1', '* 1 EXISTS').client('S1', 'a LOGIN ann secret')
    const [response, login] = bench.breakpoints.list()
    const answer = { kind: 'answer', status: 'NO', text: 'no' } as const
    const edit = { kind: 'replace', octets: octetsOf('a NOOP') } as const
    expect(bench.breakpoints.rule('S1', response?.ticket ?? 0, answer)).toMatchObject({ ok: false })
    expect(bench.breakpoints.rule('S1', login?.ticket ?? 0, edit)).toMatchObject({ ok: false })
    expect(bench.breakpoints.rule('S1', login?.ticket ?? 0, answer)).toEqual({ ok: true })
    expect(bench.sent()).toBe('')
  })

  it('forget a session that has ended', () => {
    const bench = new Bench().open('S1')
    bench.breakpoints.set('me', on('NOOP'))
    bench.client('S1', 'a NOOP')
    bench.sessions.get('S1')?.input({ kind: 'failed', reason: 'ended' })
    bench.client('S1')
    expect(bench.breakpoints.list()).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('drop a rule that throws, and hold nothing by it', () => {
    const bench = new Bench().open('S1')
    const bad = (): boolean => {
      throw new Error('bad rule')
    }
    bench.breakpoints.set('me', { timeoutMillis: 1, mayHold: bad, holds: bad })
    expect(bench.client('S1', 'a NOOP').sent()).toBe('a NOOP\r\n')
    expect(bench.faults.map(String)).toEqual(['Error: bad rule'])
    expect(bench.bus.interests.hold).toBeUndefined()
  })

  it('hold a bounded number of messages, each for a bounded time', () => {
    const { bus, breakpoints } = new Bench()
    breakpoints.set('me', { timeoutMillis: Number.MAX_SAFE_INTEGER, mayHold: () => true, holds: () => true })
    const [event] = playLoggedIn({ messages: true }).client('a NOOP').of('message')
    if (!event || !bus.interests.hold) throw new Error('nothing to hold')
    const { message, exchange } = event
    const { view } = playLoggedIn().relay
    const facts: HoldFacts = {
      session: 'S1',
      side: 'client',
      name: 'NOOP',
      exchange,
      view,
      message,
      hidesAll: false,
      ticket: 0,
    }
    const given = Array.from({ length: 1_100 }, (_, ticket) => bus.interests.hold?.hold({ ...facts, ticket }))
    expect(given.filter((millis) => millis !== undefined)).toHaveLength(1_000)
    expect(given[0]).toBe(60 * 60 * 1_000)
  })
})
