/** Commands that wait for a person's word: who may give it, and what happens when nobody does. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { Approvals } from '../../src/app/approvals.ts'
import { EventBus } from '../../src/app/event-bus.ts'
import type { ObservedEvent } from '../../src/findings/finding.ts'
import type { RuledInput } from '../../src/relay/input.ts'
import { FakeSession, message, view } from '../tui/support/events.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

type Ruling = Omit<RuledInput, 'kind'> & { readonly session: string }

interface Asked {
  readonly session?: string
  readonly otherwise?: 'allow' | 'deny'
  readonly waits?: number
}

/** A bus, and engines that tell of a release as soon as they are ruled. */
class Bench {
  now = 1_000
  readonly ruled: Ruling[] = []
  readonly heard: ObservedEvent[] = []
  readonly bus = new EventBus((error) => {
    throw error
  })
  readonly approvals = new Approvals({
    bus: this.bus,
    now: () => this.now,
    rule: (session, ruled) => {
      this.ruled.push({ session, ...ruled })
      const how = ruled.how ?? (ruled.ruling.kind === 'answer' ? 'answered' : 'forwarded')
      this.tell({ kind: 'released', session, at: this.now, ticket: ruled.ticket, how })
    },
  })

  constructor() {
    this.bus.subscribe((event) => void this.heard.push(event))
  }

  tell(event: ObservedEvent): this {
    this.bus.publish(this.approvals.sign(event))
    return this
  }

  ask(ticket: number, { session = 'S1', otherwise, waits = 60_000 }: Asked = {}): this {
    return this.tell({
      kind: 'held',
      session,
      at: this.now,
      ticket,
      side: 'client',
      message: message('client', `A${ticket} UID MOVE 5 Trash`, 'command'),
      hidesAll: false,
      isEditable: false,
      deadline: this.now + waits,
      approval: { rule: 'ask', otherwise: otherwise ?? 'deny' },
    })
  }

  releases(): unknown[] {
    return this.heard.flatMap((event) =>
      event.kind === 'released' ? [[event.ticket, event.how, event.by]] : [],
    )
  }
}

const deny = { kind: 'answer', status: 'NO', text: 'not approved' } as const
const allow = { kind: 'forward' } as const

describe('approvals', () => {
  it('are listed with who asks, what for, and how long there is', () => {
    const bench = new Bench()
      .tell({ kind: 'changed', session: 'S1', at: 1, view: view({ user: 'ann' }) })
      .ask(3)
    bench.now += 20_000
    expect(bench.approvals.table()).toEqual([
      {
        session: 'S1',
        ticket: 3,
        user: 'ann',
        rule: 'ask',
        otherwise: 'deny',
        leftMillis: 40_000,
        command: 'A3 UID MOVE 5 Trash',
      },
    ])
    expect(bench.approvals.list()).toMatchObject([{ session: 'S1', ticket: 3, approval: { rule: 'ask' } }])
  })

  it('say what else there is to know of it', () => {
    const bench = new Bench().tell({
      kind: 'held',
      session: 'S1',
      at: 1,
      ticket: 1,
      side: 'client',
      message: message('client', 'a UID MOVE 5 Secret', 'command'),
      hidesAll: false,
      isEditable: false,
      deadline: 2_000,
      approval: { rule: 'ask', otherwise: 'deny', note: 'it is hidden' },
    })
    expect(bench.approvals.table()).toMatchObject([{ command: 'a UID MOVE 5 Secret', note: 'it is hidden' }])
  })

  it('show no credential of a command that waits', () => {
    const bench = new Bench().tell({
      kind: 'held',
      session: 'S1',
      at: 1,
      ticket: 1,
      side: 'client',
      message: message('client', 'a LOGIN ann secret', 'command'),
      hidesAll: false,
      isEditable: false,
      deadline: 2_000,
      approval: { rule: 'ask', otherwise: 'deny' },
    })
    expect(JSON.stringify(bench.approvals.table())).not.toContain('secret')
  })

  it('are ruled on once, by anybody, and the release says by whom', () => {
    const bench = new Bench().ask(1).ask(2)
    expect(bench.approvals.rule('S1', 1, allow, 'ann by imaptap attach')).toEqual({ ok: true })
    expect(bench.approvals.rule('S1', 2, deny, 'bob by imaptap approvals')).toEqual({ ok: true })
    expect(bench.approvals.rule('S1', 1, deny, 'mallory')).toMatchObject({ ok: false })
    expect(bench.releases()).toEqual([
      [1, 'forwarded', 'ann by imaptap attach'],
      [2, 'answered', 'bob by imaptap approvals'],
    ])
    expect(bench.approvals.list()).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each([
    ['deny', { kind: 'answer', status: 'NO', text: 'nobody approved it in time (rule ask)' }],
    ['allow', allow],
  ] as const)('that nobody rules on end as the rule says: %s', (otherwise, ruling) => {
    const bench = new Bench().ask(1, { otherwise, waits: 5_000 })
    vi.advanceTimersByTime(4_999)
    expect(bench.ruled).toEqual([])
    vi.advanceTimersByTime(1)
    expect(bench.ruled).toEqual([{ session: 'S1', ticket: 1, ruling, how: 'expired' }])
    expect(bench.releases()).toEqual([[1, 'expired', 'the deadline']])
  })

  it('know nothing of what a breakpoint holds', () => {
    const bench = new Bench().tell({
      kind: 'held',
      session: 'S1',
      at: 1,
      ticket: 9,
      side: 'client',
      message: message('client', 'a NOOP', 'command'),
      hidesAll: false,
      isEditable: true,
      deadline: 2_000,
    })
    expect(bench.approvals.has('S1', 9)).toBe(false)
    expect(bench.approvals.rule('S1', 9, allow)).toMatchObject({ ok: false })
    expect(vi.getTimerCount()).toBe(0)
    bench.tell({ kind: 'released', session: 'S1', at: 2, ticket: 9, how: 'forwarded' })
    expect(bench.releases()).toEqual([[9, 'forwarded', undefined]])
  })

  it('end with their session, also where nothing told of their release', () => {
    const bench = new Bench().ask(1).ask(2, { session: 'S2' })
    for (const event of new FakeSession('S1').close(2_000)) bench.tell(event)
    expect(bench.approvals.list()).toMatchObject([{ session: 'S2' }])
    expect(vi.getTimerCount()).toBe(1)
  })

  it('are bounded in number: one more is refused at once, behind the event that it was held', async () => {
    const bench = new Bench()
    for (let ticket = 1; ticket <= 1_001; ticket++) bench.ask(ticket)
    expect(bench.approvals.list()).toHaveLength(1_000)
    expect(bench.ruled).toEqual([])
    await Promise.resolve()
    expect(bench.ruled).toMatchObject([{ ticket: 1_001, ruling: { kind: 'answer', status: 'NO' } }])
    expect(bench.releases()).toEqual([[1_001, 'answered', 'the limit of waiting commands']])
  })

  it('never wait longer than a timer can', () => {
    const bench = new Bench().ask(1, { waits: Number.MAX_SAFE_INTEGER })
    vi.advanceTimersByTime(1_000)
    expect(bench.ruled).toEqual([])
    vi.advanceTimersByTime(24 * 60 * 60 * 1_000)
    expect(bench.ruled).toHaveLength(1)
  })
})
