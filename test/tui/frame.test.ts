import { beforeAll, describe, expect, it } from 'vitest'
import type { ProxyEvent } from '../../src/relay/event.ts'
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

describe('a login that failed', () => {
  const fake = new FakeSession('S1')
  const login = fake.command(3, 'AUTHENTICATE', 'PLAIN ‹redacted 12›')
  const events = [
    ...fake.open(1),
    ...login.events,
    ...fake.complete(login.exchange, { after: 3, status: 'NO', code: 'AUTHENTICATIONFAILED', user: 'ann' }),
  ]

  it('shows who was tried, in the list and in the transcript', () => {
    expect(shown(frameOf(stateAt([80, 24], [], events)))).toMatch(/>S1 +○ +ann\? /)
    const transcript = shown(frameOf(stateAt([80, 24], [{ kind: 'open' }], events)))
    expect(transcript).toContain('AUTHENTICATE PLAIN ‹redacted 12› as ann')
  })

  it('is forgotten once somebody is logged in', () => {
    const later = [...events, ...fake.become(9, { state: 'authenticated', user: 'bob' })]
    expect(shown(frameOf(stateAt([80, 24], [], later)))).toMatch(/>S1 +◐ +bob /)
  })
})

it('shows the arguments of a response code', () => {
  const fake = new FakeSession('S1')
  const append = fake.command(3, 'APPEND', 'INBOX {36}')
  const answer = { after: 3, code: 'APPENDUID', codeArgs: '1795235455 1' }
  const events = [...fake.open(1), ...append.events, ...fake.complete(append.exchange, answer)]
  const frame = shown(frameOf(stateAt([80, 24], [{ kind: 'open' }], events)))
  expect(frame).toContain('S A1 OK [APPENDUID 1795235455 1] done')
})

describe('the help', () => {
  const footerOf = (size: readonly [number, number], actions: readonly UiAction[] = []): string =>
    plain(frameOf(stateAt(size, [{ kind: 'help' }, ...actions])).at(-1)!)

  it('says where there is more, and only there', () => {
    expect(footerOf([80, 24])).toMatch(/^ ↓ j more  Esc/)
    expect(footerOf([80, 24], [{ kind: 'page', by: 1 }])).toMatch(/^ ↓ j more  ↑ k back  Esc/)
    expect(footerOf([80, 24], [{ kind: 'jump', to: 'last' }])).toMatch(/^ ↑ k back  Esc/)
    expect(footerOf([160, 90])).toMatch(/^ Esc/)
  })

  it('ends with its last line', () => {
    const lines = frameOf(stateAt([80, 24], [{ kind: 'help' }, { kind: 'jump', to: 'last' }])).map(plain)
    expect(lines.at(-2)).toContain('from imaptap')
  })
})

describe('columns', () => {
  const agent = 'Phone Mail/17.4.1'
  const talking = (id: string): ProxyEvent[] => {
    const fake = new FakeSession(id)
    const upstream = 'imaps://127.0.0.1:993'
    return [...fake.open(1, '192.0.2.7', upstream), ...fake.become(2, { user: 'bob', client: agent })]
  }

  it.each([80, 100, 110])('are given to what would be cut, at %d columns', (columns) => {
    const frame = shown(frameOf(stateAt([columns, 24], [], [...talking('S1'), ...talking('S2')])))
    expect(frame).toContain(agent)
    if (columns === 110) expect(frame).toContain('127.0.0.1 ')
    expect(frame).not.toContain('…')
  })

  it('leave the whole reason of an ending to the line below, while it is selected', () => {
    const reason = 'killed by the operator from the dashboard'
    const events = [...talking('S1'), ...new FakeSession('S1').close(9, reason)]
    expect(shown(frameOf(stateAt([80, 24], [], events)))).toContain(` · S1 closed: ${reason}`)
    expect(shown(frameOf(stateAt([80, 24], [{ kind: 'open' }], events)))).not.toContain('S1 closed:')
  })
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
