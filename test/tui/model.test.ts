import { describe, expect, it } from 'vitest'
import type { ObservedEvent } from '../../src/findings/finding.ts'
import { parseFilter } from '../../src/filter/filter.ts'
import { renderFrame } from '../../src/tui/frame.ts'
import type { UiAction } from '../../src/tui/keys.ts'
import { plain } from '../../src/tui/span.ts'
import { layOut } from '../../src/tui/layout.ts'
import { reduce } from '../../src/tui/model.ts'
import { grouped } from '../../src/tui/format.ts'
import { rowSubject, rowText } from '../../src/tui/subjects.ts'
import { windowOf } from '../../src/tui/transcript-view.ts'
import { CLOSED_KEPT, initialState, liveCount, type SessionRow, type State } from '../../src/tui/state.ts'
import { FakeSession, mailbox, message } from './support/events.ts'
import { scene } from './support/world.ts'

const info = { version: '0', listen: [], upstream: '', caPath: undefined }

function fold(inputs: readonly (ObservedEvent | UiAction)[], state: State = initialState(info)): State {
  for (const input of inputs) reduce(state, input)
  return state
}

function sessionOf(state: State, id: string): SessionRow {
  const session = state.sessions.get(id)
  if (!session) throw new Error(`no ${id}`)
  return session
}

const selectedId = (state: State): string | undefined => layOut(state).selected?.id

function manySessions(count: number, from = 1): ObservedEvent[] {
  return Array.from({ length: count }, (_, at) => new FakeSession(`S${from + at}`).open(at)).flat()
}

describe('sessions', () => {
  it('carry what the events say of them', () => {
    const session = sessionOf(fold(scene()), 'S42')
    expect(session).toMatchObject({
      user: 'ann@example.org',
      agent: 'Thunderbird/128',
      mailbox: 'INBOX',
      commands: 4,
      errors: 1,
    })
    expect(session.tls).toEqual({ client: '1.3', server: '1.3' })
    expect(session.upstream).toBe('imap.example.org')
    expect(session.latencies.p95()).toBe(3080)
  })

  it('count octets as they pass and believe the totals at the end', () => {
    const fake = new FakeSession('S1')
    const state = fold([...fake.open(0), fake.untagged(1, '* 1 EXISTS')])
    expect(sessionOf(state, 'S1').octetsOut).toBe(12)
    fold(
      [
        {
          kind: 'closed',
          session: 'S1',
          at: 5,
          reason: 'x',
          totals: { fromClient: 3, fromServer: 99, commands: 0 },
          view: scene().find((one) => one.kind === 'changed')!.view,
        },
      ],
      state,
    )
    expect(sessionOf(state, 'S1')).toMatchObject({ octetsIn: 3, octetsOut: 99 })
  })

  it('are forgotten oldest first once too many are closed, but never the selected one', () => {
    const state = fold(manySessions(1))
    state.selected = 'S1'
    for (let n = 1; n <= CLOSED_KEPT + 50; n++) {
      const fake = new FakeSession(`S${n}`)
      fold([...(n === 1 ? [] : fake.open(n)), ...fake.close(n)], state)
    }
    expect(state.sessions.size).toBe(CLOSED_KEPT)
    expect(state.sessions.has('S1')).toBe(true)
    expect(state.sessions.has('S2')).toBe(false)
    expect(liveCount(state)).toBe(0)
    expect(state.closedSeen).toBe(CLOSED_KEPT + 50)
  })

  it('do not count the length of an IDLE as latency', () => {
    const fake = new FakeSession('S1')
    const idle = fake.command(10, 'IDLE')
    const state = fold([...fake.open(0), ...idle.events, ...fake.complete(idle.exchange, { after: 600_000 })])
    expect(sessionOf(state, 'S1').latencies.p95()).toBeUndefined()
  })

  it('remember only so many different commands', () => {
    const fake = new FakeSession('S1')
    const names = Array.from({ length: 500 }, (_, at) => fake.command(at, `X${at}`).events)
    const state = fold([...fake.open(0), ...names.flat()])
    expect(sessionOf(state, 'S1').heard.commands.size).toBe(64)
  })

  it('show a TLS failure with its advice', () => {
    const session = sessionOf(fold(scene()), 'S39')
    expect(session.failure).toBe('client distrusts our CA (unknown_ca)')
    expect(session.advice).toContain('imaptap ca export')
  })
})

describe('a transcript', () => {
  it('pairs pipelined commands with their completions', () => {
    const fake = new FakeSession('S1')
    const slow = fake.command(10, 'FETCH', '1 FLAGS')
    const fast = fake.command(11, 'NOOP')
    const state = fold([
      ...fake.open(0),
      ...slow.events,
      ...fast.events,
      ...fake.complete(fast.exchange, { after: 5 }),
      ...fake.complete(slow.exchange, { after: 90, wait: 70 }),
    ])
    const completions = sessionOf(state, 'S1').transcript.rows.flatMap((row) =>
      row.kind === 'completion' ? [row.pair] : [],
    )
    expect(completions).toEqual([
      expect.objectContaining({ tag: 'A2', name: 'NOOP', openedAt: 11, completedAt: 16 }),
      expect.objectContaining({ tag: 'A1', name: 'FETCH', openedAt: 10, completedAt: 100, firstOctetAt: 80 }),
    ])
  })

  it('takes what was held at a breakpoint for nobody’s latency, and says it beside the answer', () => {
    const fake = new FakeSession('S1')
    const { exchange, events } = fake.command(10, 'STORE', '1 FLAGS ()')
    const held = { ...exchange, heldMillis: 30_000 }
    const state = fold([...fake.open(0), ...events, ...fake.complete(held, { after: 30_090, wait: 30_070 })])
    const session = sessionOf(state, 'S1')
    expect(session.latencies.p95()).toBe(90)
    reduce(state, { kind: 'resized', columns: 120, rows: 30 })
    reduce(state, { kind: 'open' })
    const lines = renderFrame(state, { now: 40_000, epoch: 0 }).map((line) => plain(line))
    expect(lines.find((line) => line.includes('S A1 OK'))).toMatch(/held 30s [ ░▇]* +90ms/u)
    const { row } = windowOf(state, session, 20).lines.at(-1) ?? {}
    const fits = (filter: string): boolean => {
      const parsed = parseFilter(filter)
      return row !== undefined && parsed.ok && parsed.filter.matches(rowSubject(row, session, () => ''))
    }
    expect([fits('~t >50ms'), fits('~t >1s')]).toEqual([true, false])
  })

  it('does not count what was held while the command is still in flight either', () => {
    const fake = new FakeSession('S1')
    const { exchange, events } = fake.command(10, 'STORE', '1 FLAGS ()')
    const [opened, ...rest] = events.map((event) =>
      event.kind === 'message' ? { ...event, exchange: { ...exchange, heldMillis: 30_000 } } : event,
    )
    const state = fold([...fake.open(0), ...(opened ? [opened] : []), ...rest])
    reduce(state, { kind: 'resized', columns: 160, rows: 30 })
    const lines = renderFrame(state, { now: 30_110, epoch: 0 }).map((line) => plain(line))
    expect(lines.find((line) => line.includes('STORE'))).toContain('100ms')
  })

  it('puts a command before the answers that came while it was still on its way', () => {
    const fake = new FakeSession('S1')
    const login = fake.command(10, 'LOGIN', 'bob ‹redacted›')
    const early = { ...login.exchange, tag: 'secret', args: '' }
    const state = fold([...fake.open(0), fake.untagged(11, '+ go ahead', early)])
    expect(sessionOf(state, 'S1').transcript.rows.slice(-2)).toEqual([
      expect.objectContaining({ kind: 'command', at: 10, args: '…' }),
      expect.objectContaining({ kind: 'data' }),
    ])
    expect(JSON.stringify(sessionOf(state, 'S1').transcript.rows)).not.toContain('secret')
    fold([...login.events, ...fake.complete(login.exchange, { after: 9 })], state)
    const { commands, transcript } = sessionOf(state, 'S1')
    expect(commands).toBe(1)
    expect(transcript.rows.slice(-3)).toEqual([
      expect.objectContaining({ kind: 'command', args: 'bob ‹redacted›' }),
      expect.objectContaining({ kind: 'data' }),
      expect.objectContaining({ kind: 'completion' }),
    ])
    expect(transcript.rows.at(-3)).toHaveProperty('pair.tag', 'A1')
  })

  it('folds a run of like responses into one row', () => {
    const run = sessionOf(fold(scene()), 'S42').transcript.rows.find((row) => row.kind === 'untagged')
    expect(run).toMatchObject({ word: 'FETCH', count: 4213, octets: 4213 * 970, isPush: false })
  })

  it('marks what the server says by itself, also during IDLE', () => {
    const rows = sessionOf(fold(scene()), 'S40').transcript.rows
    expect(rows.find((row) => row.kind === 'untagged')).toMatchObject({ word: 'EXISTS', isPush: true })
  })

  it('shows nothing of a line that may hold a credential', () => {
    const about = message('client', 'hunter2', 'sasl-data')
    const fake = new FakeSession('S1')
    const state = fold([
      ...fake.open(0),
      { kind: 'message', session: 'S1', at: 1, side: 'client', message: about, hidesAll: true },
    ])
    expect(JSON.stringify(sessionOf(state, 'S1').transcript.rows)).not.toContain('hunter2')
    expect(rowText(sessionOf(state, 'S1').transcript.last()!, state.describe)).toBe('‹redacted 9›')
  })

  it('counts from what came before it heard of the session', () => {
    const [opened] = new FakeSession('S1').open(0)
    const fake = new FakeSession('S1')
    const totals = { commands: 39, fromClient: 900, fromServer: 5000 }
    const beginning = opened?.kind === 'opened' ? [{ ...opened, totals }] : []
    const { commands, octetsIn, octetsOut } = sessionOf(
      fold([...beginning, ...fake.command(1, 'NOOP').events]),
      'S1',
    )
    expect([commands, octetsIn, octetsOut]).toEqual([40, 910, 5000])
  })

  it('keeps a bounded number of rows, and says how many are gone', () => {
    const fake = new FakeSession('S1')
    const state = fold(fake.open(0))
    for (let n = 0; n < 6000; n++) fold(fake.command(n, 'NOOP').events, state)
    const { transcript } = sessionOf(state, 'S1')
    expect(transcript.rows.length).toBeLessThanOrEqual(2500)
    expect(transcript.rows.length + transcript.dropped).toBe(6003)
    fold(fake.close(7000), state)
    expect(transcript.rows.length).toBeGreaterThan(2000)
    expect(transcript.rowAt(transcript.first)).toMatchObject({
      kind: 'note',
      text: `${grouped(transcript.dropped)} older lines are no longer kept`,
    })
    expect(transcript.rowAt(transcript.first + 1)).toBe(transcript.rows[0])
  })

  it('keeps a closed session from its beginning until younger ones need the memory', () => {
    const state = fold([])
    for (let session = 1; session <= 60; session++) {
      const fake = new FakeSession(`S${session}`)
      fold(fake.open(0), state)
      for (let n = 0; n < 1500; n++) fold(fake.command(n, 'NOOP').events, state)
      fold(fake.close(7000), state)
    }
    const kept = (id: string): number => sessionOf(state, id).transcript.rows.length
    expect(sessionOf(state, 'S60').transcript).toMatchObject({ first: 0, dropped: 0 })
    expect(kept('S1')).toBe(100)
    const all = [...state.sessions.values()].reduce((sum, one) => sum + one.transcript.rows.length, 0)
    expect(all).toBeLessThan(50_000 + 60 * 100)
  })

  it('keeps only so much of a long line', () => {
    const fake = new FakeSession('S1')
    const state = fold([...fake.open(0), fake.untagged(1, `* OK ${'x'.repeat(100_000)}`)])
    expect(JSON.stringify(sessionOf(state, 'S1').transcript.last()).length).toBeLessThan(500)
  })
})

describe('the selection', () => {
  it('is the first session until somebody moves', () => {
    const state = fold(manySessions(3))
    expect(selectedId(state)).toBe('S3')
    fold(manySessions(1, 4), state)
    expect(selectedId(state)).toBe('S4')
  })

  it('then stays with its session as the list moves', () => {
    const state = fold([...manySessions(3), { kind: 'move', by: 1 }, ...manySessions(5, 4)])
    expect(selectedId(state)).toBe('S2')
    fold([{ kind: 'sort', key: 'age' }], state)
    expect(selectedId(state)).toBe('S2')
  })

  it('stays in view and never leaves the list', () => {
    const state = fold([
      ...manySessions(100),
      { kind: 'resized', columns: 80, rows: 24 },
      { kind: 'page', by: 1 },
    ])
    for (const action of [
      { kind: 'move', by: 7 },
      { kind: 'page', by: 1 },
      { kind: 'move', by: -3 },
      { kind: 'jump', to: 'last' },
      { kind: 'page', by: -1 },
    ] as const) {
      fold([action], state)
      const { visible, selected, top, sessionLines } = layOut(state)
      const at = selected ? visible.indexOf(selected) : -1
      expect(at).toBeGreaterThanOrEqual(top)
      expect(at).toBeLessThan(top + sessionLines)
    }
    fold([{ kind: 'jump', to: 'last' }], state)
    expect(selectedId(state)).toBe('S1')
    fold([{ kind: 'jump', to: 'first' }], state)
    expect(selectedId(state)).toBe('S100')
  })

  it('puts live sessions first, and the same letter reverses the order', () => {
    const state = fold([...manySessions(3), ...new FakeSession('S3').close(9)])
    const order = (): string[] => layOut(state).visible.map((one) => one.id)
    expect(order()).toEqual(['S2', 'S1', 'S3'])
    fold([{ kind: 'sort', key: 'age' }], state)
    expect(order()).toEqual(['S1', 'S2', 'S3'])
    fold([{ kind: 'sort', key: 'age' }], state)
    expect(order()).toEqual(['S2', 'S1', 'S3'])
  })
})

describe('following', () => {
  const talk = (fake: FakeSession, from: number, count: number): ObservedEvent[] =>
    Array.from({ length: count }, (_, at) => fake.command(from + at, 'NOOP').events).flat()
  const view = (state: State): { first: number; below: number } => {
    const window = windowOf(state, sessionOf(state, 'S1'), 10)
    return { first: window.lines[0]?.spot.place ?? -1, below: window.below ?? -1 }
  }

  it('stops when somebody scrolls up, and then new rows move nothing', () => {
    const fake = new FakeSession('S1')
    const state = fold([
      ...fake.open(0),
      ...talk(fake, 1, 97),
      { kind: 'resized', columns: 80, rows: 13 },
      { kind: 'open' },
    ])
    expect(view(state)).toEqual({ first: 90, below: 0 })
    fold([{ kind: 'move', by: -14 }, ...talk(fake, 200, 50)], state)
    expect(view(state)).toEqual({ first: 85, below: 55 })
    fold([{ kind: 'jump', to: 'last' }, ...talk(fake, 300, 10)], state)
    expect(view(state)).toEqual({ first: 150, below: 0 })
  })

  it('is toggled by f', () => {
    const state = fold([...new FakeSession('S1').open(0), { kind: 'open' }, { kind: 'toggle-follow' }])
    expect(state.view.cursor).toEqual({ place: 2, member: -1 })
    fold([{ kind: 'toggle-follow' }], state)
    expect(state.view.cursor).toBeUndefined()
  })
})

describe('questions', () => {
  it('kills only after a yes, and the session that was asked about', () => {
    const state = fold([...manySessions(2), { kind: 'ask-kill' }, ...manySessions(1, 3)])
    expect(state.mode).toEqual({ kind: 'confirm-kill', session: 'S2' })
    fold([{ kind: 'decline' }], state)
    expect(state.requests).toEqual([])
    fold([{ kind: 'ask-kill' }, { kind: 'confirm' }], state)
    expect(state.requests).toEqual([{ kind: 'kill', session: 'S2' }])
  })

  it('quits at once when nobody is connected, else asks', () => {
    expect(fold([{ kind: 'ask-quit' }]).requests).toEqual([{ kind: 'quit' }])
    const state = fold([...manySessions(1), { kind: 'ask-quit' }])
    expect(state.requests).toEqual([])
    fold([{ kind: 'confirm' }], state)
    expect(state.requests).toEqual([{ kind: 'quit' }])
  })

  it('quits by force on the second interrupt', () => {
    const state = fold([...manySessions(1), { kind: 'interrupt' }])
    expect(state.requests).toEqual([])
    fold([{ kind: 'interrupt' }], state)
    expect(state.requests).toEqual([{ kind: 'quit' }])
  })
})

describe('typing a filter', () => {
  it('applies at once, and Esc clears it', () => {
    const fake = new FakeSession('S9')
    const typed = Array.from('ann', (key): UiAction => ({ kind: 'type', key }))
    const state = fold([
      ...manySessions(3),
      ...fake.open(5),
      ...fake.become(6, { user: 'ann', mailbox: mailbox('INBOX') }),
      { kind: 'prompt', purpose: 'filter' },
      ...typed,
    ])
    expect(layOut(state).visible.map((one) => one.id)).toEqual(['S9'])
    fold(
      [
        { kind: 'type', key: '€' },
        { kind: 'type', key: 'backspace' },
        { kind: 'type', key: 'enter' },
      ],
      state,
    )
    expect(state.filters.sessions.source).toBe('ann')
    fold([{ kind: 'back' }], state)
    expect(layOut(state).visible).toHaveLength(4)
  })
})
