import { describe, expect, it } from 'vitest'
import type { ObservedEvent } from '../../src/findings/finding.ts'
import type { UiAction } from '../../src/tui/keys.ts'
import { layOut } from '../../src/tui/layout.ts'
import { reduce } from '../../src/tui/model.ts'
import { initialState, type State } from '../../src/tui/state.ts'
import { budgetFor, RUN_KEPT } from '../../src/tui/transcript.ts'
import { windowOf } from '../../src/tui/transcript-view.ts'
import { FakeSession } from './support/events.ts'

const info = { version: '0', listen: [], upstream: '', caPath: undefined }

function fold(inputs: readonly (ObservedEvent | UiAction)[], state = initialState(info)): State {
  for (const input of inputs) reduce(state, input)
  return state
}

const typed = (words: string): UiAction[] => [
  ...Array.from(words, (key): UiAction => ({ kind: 'type', key })),
  { kind: 'type', key: 'enter' },
]

/** `A1 FETCH`, a run of so many responses, its end, and a NOOP. */
function talk(count: number): ObservedEvent[] {
  const fake = new FakeSession('S1')
  const fetch = fake.command(10, 'FETCH', '1:* FLAGS')
  const noop = fake.command(50, 'NOOP')
  const run = Array.from({ length: count }, (_, at) =>
    fake.untagged(11, `* ${at + 1} FETCH (UID ${at + 1})`, fetch.exchange),
  )
  return [
    ...fake.open(1),
    ...fetch.events,
    ...run,
    ...fake.complete(fetch.exchange, { after: 9 }),
    ...noop.events,
    ...fake.complete(noop.exchange, { after: 1, status: 'NO' }),
  ]
}

const open: UiAction[] = [{ kind: 'resized', columns: 100, rows: 24 }, { kind: 'open' }]
const windowIn = (state: State): ReturnType<typeof windowOf> => {
  const { selected, transcriptLines } = layOut(state)
  if (!selected) throw new Error('nobody is selected')
  return windowOf(state, selected, transcriptLines)
}
/** The rows in view, with `>` before the selected one. */
function rows(state: State): string[] {
  const { lines, cursor } = windowIn(state)
  return lines.map(({ row, spot, message }) => {
    const name = message ? (message.text(state.describe).split(' ')[1] ?? '') : row.kind
    return (spot.place === cursor?.place && spot.member === cursor.member ? '>' : '') + name
  })
}

describe('a run of responses', () => {
  const toRun: UiAction[] = [...open, { kind: 'move', by: -3 }]

  it('opens where it stands, and closes again', () => {
    const state = fold([...talk(3), ...toRun, { kind: 'open' }])
    expect(rows(state).slice(-8)).toEqual([
      'command',
      '>untagged',
      '1',
      '2',
      '3',
      'completion',
      'command',
      'completion',
    ])
    fold([{ kind: 'move', by: 2 }], state)
    expect(rows(state)).toContain('>2')
    fold([{ kind: 'own', name: 'close run' }], state)
    expect(rows(state).slice(-5)).toEqual(['command', '>untagged', 'completion', 'command', 'completion'])
  })

  it('gives each of its responses to the tree', () => {
    const state = fold([...talk(3), ...toRun, { kind: 'open' }, { kind: 'move', by: 2 }, { kind: 'open' }])
    expect(state.screen).toBe('tree')
    expect(state.inspected?.message.text(state.describe)).toBe('* 2 FETCH (UID 2)')
    fold([{ kind: 'back' }], state)
    expect(state.screen).toBe('transcript')
    expect(rows(state)).toContain('>2')
  })

  it('keeps only so many of them, and counts them all', () => {
    const state = fold([...talk(2000), ...toRun, { kind: 'open' }])
    const run = windowIn(state).lines.find(({ row }) => row.kind === 'untagged')?.row
    expect(run).toMatchObject({ count: 2000 })
    expect(run?.kind === 'untagged' && run.messages.length).toBe(RUN_KEPT)
  })
})

describe('the view', () => {
  it('keeps the selected line in sight wherever it goes', () => {
    const state = fold([...talk(100), ...open, { kind: 'move', by: -3 }, { kind: 'open' }])
    const steps: UiAction[] = [
      { kind: 'page', by: 1 },
      { kind: 'move', by: 7 },
      { kind: 'page', by: 1 },
      { kind: 'page', by: -1 },
      { kind: 'jump', to: 'first' },
      { kind: 'page', by: 1 },
    ]
    for (const step of steps) {
      fold([step], state)
      expect(rows(state).filter((row) => row.startsWith('>'))).toHaveLength(1)
    }
  })

  it('stands still while rows are let go at the other end', () => {
    const fake = new FakeSession('S1')
    const state = fold([...fake.open(1), ...open])
    for (let n = 0; n < 100; n++) fold(fake.command(n, 'NOOP').events, state)
    fold([{ kind: 'move', by: -20 }], state)
    const before = windowIn(state).lines[0]?.spot
    for (let n = 0; n < 1000; n++) fold(fake.command(n, 'NOOP').events, state)
    expect(windowIn(state).lines[0]?.spot).toEqual(before)
    for (let n = 0; n < 5000; n++) fold(fake.command(n, 'NOOP').events, state)
    expect(windowIn(state).lines[0]?.spot.place).toBe(state.sessions.get('S1')?.transcript.first)
  })

  it('shows what passes the filter, and says how much lies above and below', () => {
    const state = fold([...talk(3), ...open, { kind: 'prompt', purpose: 'filter' }, ...typed('~s NO')])
    expect(rows(state)).toEqual(['command', '>completion'])
    expect(windowIn(state)).toMatchObject({ above: 0, below: 0 })
    fold([{ kind: 'back' }], state)
    expect(rows(state).length).toBe(8)
  })
})

describe('looking for something', () => {
  it('finds text from here on, then from the top', () => {
    const state = fold([...talk(3), ...open, { kind: 'prompt', purpose: 'search' }, ...typed('noop')])
    const found = (): string | undefined => rows(state).find((row) => row.startsWith('>'))
    expect(found()).toBe('>command')
    fold([{ kind: 'prompt', purpose: 'search' }, ...typed('uid 3')], state)
    expect(found()).toBe('>untagged')
    fold([{ kind: 'prompt', purpose: 'search' }, ...typed('not there')], state)
    expect(state.requests.at(-1)).toMatchObject({ kind: 'tell' })
    expect(found()).toBe('>untagged')
  })

  it('says where there is no finding, which lines that are gone are not', () => {
    const fake = new FakeSession('S1')
    const state = fold([...fake.open(1), ...open])
    for (let n = 0; n < 3000; n++) fold(fake.command(n, 'NOOP').events, state)
    fold([{ kind: 'own', name: 'previous finding' }], state)
    expect(state.requests).toEqual([{ kind: 'tell', text: 'There is no finding further up.' }])
    expect(state.view.cursor).toBeUndefined()
  })

  it('goes from finding to finding, each at its exchange', () => {
    const finding = {
      id: 'S07',
      name: 'slow-command',
      level: 'warning',
      side: 'server',
      text: 'It took 9 s.',
      reference: 'none',
      advice: 'Look at the server.',
      evidence: [],
      exchange: 1,
    } as const
    const state = fold([
      ...talk(3),
      { kind: 'finding', session: 'S1', at: 60, finding },
      { kind: 'finding', session: 'S1', at: 61, finding: { ...finding, id: 'P03', exchange: undefined } },
      ...open,
      { kind: 'jump', to: 'first' },
      { kind: 'own', name: 'next finding' },
    ])
    const at = (): number | undefined => windowIn(state).cursor?.place
    expect(windowIn(state).lines.find(({ spot }) => spot.place === at())?.row).toMatchObject({
      kind: 'completion',
      pair: { findings: [{ id: 'S07' }] },
    })
    fold([{ kind: 'own', name: 'next finding' }], state)
    expect(windowIn(state).lines.find(({ spot }) => spot.place === at())?.row).toMatchObject({ kind: 'note' })
    expect(state.sessions.get('S1')).toMatchObject({ warnings: 2, errors: 0 })
    fold([{ kind: 'own', name: 'evidence' }], state)
    expect(state).toMatchObject({ screen: 'findings', findings: { evidence: { id: 'P03' } } })
  })
})

describe('memory', () => {
  it('is shared by the live sessions, in rows and in octets', () => {
    expect(budgetFor(1).rows).toBe(2000)
    expect(budgetFor(1000)).toMatchObject({ rows: 100 })
    expect(budgetFor(50).octets).toBeLessThanOrEqual(1024 * 1024)
  })

  it('lets old rows go when their messages grow too large together', () => {
    const fake = new FakeSession('S1')
    const state = fold(fake.open(1))
    const line = `* OK ${'x'.repeat(50_000)}`
    for (let n = 0; n < 2000; n++) fold([fake.untagged(n, n % 2 === 0 ? line : `* BYE ${line}`)], state)
    const transcript = state.sessions.get('S1')?.transcript
    expect(transcript?.octets).toBeLessThan(budgetFor(1).octets * 1.26)
    expect(transcript?.rows.length).toBeGreaterThan(100)
  })
})
