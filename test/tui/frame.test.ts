import { beforeAll, describe, expect, it } from 'vitest'
import { renderFrame } from '../../src/tui/frame.ts'
import type { UiAction } from '../../src/tui/keys.ts'
import { reduce } from '../../src/tui/model.ts'
import { plain, type Line } from '../../src/tui/span.ts'
import { initialState, type State } from '../../src/tui/state.ts'
import { columnsOf } from '../../src/tui/width.ts'
import { describe as describeMessage, FakeSession, mailbox } from './support/events.ts'
import { scene, SCENE_NOW } from './support/world.ts'

beforeAll(() => {
  process.env['TZ'] = 'UTC'
})

const info = {
  version: '0.1.0',
  listen: ['imaps://127.0.0.1:1993'],
  upstream: 'imaps://imap.example.org:993',
  caPath: '/home/ann/.imaptap/ca.pem',
}
const sizes = [
  [80, 24],
  [160, 45],
  [40, 10],
] as const

function stateAt(
  [columns, rows]: readonly [number, number],
  actions: readonly UiAction[] = [],
  events = scene(),
): State {
  const state = initialState(info)
  for (const event of events) reduce(state, event, describeMessage)
  for (const action of [{ kind: 'resized', columns, rows } as const, ...actions])
    reduce(state, action, describeMessage)
  return state
}

function frameOf(state: State, now = SCENE_NOW): Line[] {
  return renderFrame(state, { now, epoch: 0 })
}

/** The lines without the blanks at their ends, which every frame fills in. */
function shown(lines: readonly Line[]): string {
  return lines.map((one) => plain(one).trimEnd()).join('\n')
}

const toFailed: UiAction[] = [
  { kind: 'jump', to: 'last' },
  { kind: 'move', by: -1 },
]
const scenes: readonly (readonly [string, UiAction[]])[] = [
  ['sessions', []],
  [
    'a TLS failure is selected',
    [
      { kind: 'filter-open' },
      ...Array.from('s39', (text): UiAction => ({ kind: 'filter-type', text })),
      { kind: 'filter-apply' },
    ],
  ],
  ['a transcript', [{ kind: 'open' }]],
  [
    'a transcript that is filtered',
    [
      { kind: 'open' },
      { kind: 'filter-open' },
      ...Array.from('cmd:fetch', (text): UiAction => ({ kind: 'filter-type', text })),
    ],
  ],
  ['the help', [{ kind: 'help' }]],
  ['a question', [{ kind: 'ask-kill' }]],
]

describe.each(sizes)('a frame of %d columns and %d rows', (columns, rows) => {
  it.each(scenes)('shows %s', (_, actions) => {
    expect(shown(frameOf(stateAt([columns, rows], actions)))).toMatchSnapshot()
  })

  it('shows how to begin before the first session', () => {
    expect(shown(frameOf(stateAt([columns, rows], [], [])))).toMatchSnapshot()
  })

  it.each(scenes)('is filled exactly with %s', (_, actions) => {
    const lines = frameOf(stateAt([columns, rows], actions))
    expect(lines).toHaveLength(rows)
    for (const one of lines) expect(columnsOf(plain(one))).toBe(columns)
  })
})

it.each(scenes)('survives any size with %s', (_, actions) => {
  const state = stateAt([80, 24], actions)
  for (const columns of [1, 2, 3, 7, 20, 99, 100, 300]) {
    for (const rows of [1, 2, 3, 4, 5, 33, 80]) {
      const lines = frameOf(reduce(state, { kind: 'resized', columns, rows }, describeMessage))
      expect(lines.map((one) => columnsOf(plain(one)))).toEqual(Array.from({ length: rows }, () => columns))
    }
  }
})

describe('colours', () => {
  const styleOf = (lines: readonly Line[], wanted: string): string | undefined =>
    lines.flatMap((one) => one.spans).find((span) => span.text.includes(wanted))?.style

  it('turn amber, then red, as a command runs on', () => {
    const state = stateAt([80, 24])
    const styles = [97_200, 98_000, 103_000].map((now) => styleOf(frameOf(state, now), 'UID SEA'))
    expect(styles).toEqual(['plain', 'warn', 'bad'])
  })

  it('stay quiet for an IDLE however long', () => {
    expect(styleOf(frameOf(stateAt([80, 24]), 9e9), 'IDLE')).toBe('dim')
  })
})

it('keeps the selected session inverted wherever it stands', () => {
  const state = stateAt([80, 24], toFailed)
  const selected = frameOf(state).filter((one) => one.isSelected)
  expect(selected.map(plain)).toEqual([expect.stringContaining('>S38')])
})

it('shows hostile text without a single character that acts', () => {
  const fake = new FakeSession('S1')
  const hostile = '\x1b]52;c;aGk=\x07\x9b31m\u202e\u200b{red-fg}\u{e0041}'
  const login = fake.command(3, 'LOGIN', hostile)
  const events = [
    ...fake.open(1),
    ...fake.become(2, { user: hostile, client: hostile, mailbox: mailbox(hostile) }),
    ...login.events,
    fake.untagged(4, `* OK ${hostile}`, login.exchange),
    ...fake.complete(login.exchange, { after: 3, text: hostile, code: hostile }),
    { kind: 'warning', session: 'S1', at: 9, reason: hostile, advice: hostile } as const,
  ]
  for (const actions of [[], [{ kind: 'open' }]] as UiAction[][]) {
    const text = frameOf(stateAt([160, 45], actions, events))
      .map(plain)
      .join('\n')
    expect(text).toContain('␛]52')
    expect(text).toContain('{red-fg}')
    // Every control but the line ends that the test put there itself.
    expect(text).not.toMatch(/[^\n\P{C}]/u)
  }
})
