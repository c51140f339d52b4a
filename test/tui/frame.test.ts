import { beforeAll, describe, expect, it } from 'vitest'
import type { ObservedEvent } from '../../src/findings/finding.ts'
import { renderFrame } from '../../src/tui/frame.ts'
import type { UiAction } from '../../src/tui/keys.ts'
import { reduce } from '../../src/tui/model.ts'
import { screenNames } from '../../src/tui/screens/screen.ts'
import { plain, type Line } from '../../src/tui/span.ts'
import { initialState, type State } from '../../src/tui/state.ts'
import { columnsOf } from '../../src/tui/width.ts'
import { FakeSession, mailbox, message } from './support/events.ts'
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
  const state = initialState(info, { canHold: true })
  for (const event of events) reduce(state, event)
  for (const action of [{ kind: 'resized', columns, rows } as const, ...actions]) reduce(state, action)
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
const typed = (words: string): UiAction[] => Array.from(words, (key) => ({ kind: 'type', key }))

const scenes: readonly (readonly [string, UiAction[]])[] = [
  ['sessions', []],
  [
    'a TLS failure is selected',
    [{ kind: 'prompt', purpose: 'filter' }, ...typed('s39'), { kind: 'type', key: 'enter' }],
  ],
  ['a transcript', [{ kind: 'open' }]],
  [
    'a transcript that is filtered',
    [{ kind: 'open' }, { kind: 'prompt', purpose: 'filter' }, ...typed('cmd:fetch')],
  ],
  [
    'a run that is open',
    [{ kind: 'open' }, { kind: 'move', by: -5 }, { kind: 'open' }, { kind: 'move', by: 2 }],
  ],
  ['the palette', [{ kind: 'prompt', purpose: 'palette' }, ...typed('sort')]],
  ['a filter that is wrong', [{ kind: 'prompt', purpose: 'filter' }, ...typed('~s NO & ~t soon')]],
  ['what is held', [{ kind: 'screen', screen: 'intercept' }]],
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
      const lines = frameOf(reduce(state, { kind: 'resized', columns, rows }))
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
    expect(footerOf([160, 200])).toMatch(/^ Esc/)
  })

  it('ends with its last line', () => {
    const lines = frameOf(stateAt([80, 24], [{ kind: 'help' }, { kind: 'jump', to: 'last' }])).map(plain)
    expect(lines.at(-2)).toContain('from imaptap')
  })
})

describe('what is easily missed', () => {
  const fake = new FakeSession('S1')
  const select = fake.command(20, 'SELECT', 'INBOX')
  const answer = { after: 3, code: 'READ-WRITE', text: '[READ-WRITE] Select completed' }
  const [opened, , server] = fake.open(1)
  const events = [opened, server, ...select.events, ...fake.complete(select.exchange, answer)].filter(
    (event) => event !== undefined,
  )

  it('is the leg in cleartext: it shows wherever the column does', () => {
    for (const [columns, told] of [
      [100, '-/3'],
      [160, '-/1.3'],
    ] as const)
      expect(shown(frameOf(stateAt([columns, 24], [], events)))).toContain(` ${told} `)
  })

  it('is a bracket: the detail has the line as it stands on the wire', () => {
    const lines = shown(frameOf(stateAt([80, 24], [{ kind: 'open' }], events)))
    expect(lines).toContain('\n A1 OK [READ-WRITE] Select completed\n')
  })

  it('is that there was more before', () => {
    const state = stateAt([80, 24], [], events)
    for (let n = 0; n < 3000; n++)
      for (const event of fake.command(100 + n, 'NOOP').events) reduce(state, event)
    for (const kind of ['open', 'jump'] as const)
      reduce(state, kind === 'open' ? { kind } : { kind, to: 'first' })
    expect(shown(frameOf(state))).toMatch(/! \d.\d{3} older lines are no longer kept/)
  })

  it('is that K kills nothing in a recording', () => {
    const state = initialState({ ...info, isRecording: true })
    for (const event of events) reduce(state, event)
    expect(shown(frameOf(state))).not.toContain('K kill')
    reduce(state, { kind: 'ask-kill' })
    expect(state.requests).toMatchObject([{ kind: 'tell' }])
  })
})

describe('columns', () => {
  const agent = 'Phone Mail/17.4.1'
  const talking = (id: string): ObservedEvent[] => {
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

describe('hostile text', () => {
  const hostile = '\x1b]52;c;aGk=\x07\x9b31m\u202e\u200b{red-fg}\u{e0041}\ud800'
  const fake = new FakeSession('S1')
  const login = fake.command(3, 'SELECT', hostile)
  const finding = {
    id: hostile,
    name: hostile,
    level: 'error',
    side: 'client',
    text: hostile,
    reference: hostile,
    advice: hostile,
    evidence: [`C ${hostile}`],
    exchange: 1,
  } as const
  const line = `* OK [${Buffer.from(hostile).toString('latin1')}] \xff\xfe`
  const events: ObservedEvent[] = [
    ...fake.open(1),
    ...fake.become(2, { user: hostile, client: hostile, mailbox: mailbox(hostile) }),
    ...login.events,
    fake.untagged(4, `* OK ${hostile}`, login.exchange),
    fake.untagged(4, `* OK ${hostile}`, login.exchange),
    ...fake.complete(login.exchange, { after: 3, text: hostile, code: hostile }),
    { kind: 'warning', session: 'S1', at: 9, reason: hostile, advice: hostile },
    { kind: 'finding', session: 'S1', at: 9, finding },
    { kind: 'finding', session: 'S1', at: 9, finding: { ...finding, exchange: undefined } },
    {
      kind: 'held',
      session: 'S1',
      at: 9,
      ticket: 1,
      side: 'server',
      message: message('server', line),
      hidesAll: false,
      isEditable: true,
      deadline: 99,
    },
  ]
  const ways: readonly (readonly [string, UiAction[]])[] = [
    ...screenNames.map((screen) => [screen, [{ kind: 'screen', screen }] as UiAction[]] as const),
    [
      'the tree of a message',
      [{ kind: 'open' }, { kind: 'move', by: -4 }, { kind: 'open' }, { kind: 'open' }],
    ],
    [
      'evidence',
      [
        { kind: 'screen', screen: 'findings' },
        { kind: 'own', name: 'evidence' },
      ],
    ],
    [
      'a message being edited',
      [
        { kind: 'screen', screen: 'intercept' },
        { kind: 'own', name: 'edit' },
      ],
    ],
    [
      'a filter being completed',
      [{ kind: 'prompt', purpose: 'filter' }, ...typed('~u '), { kind: 'type', key: 'tab' }],
    ],
    ['a question', [{ kind: 'flash', text: hostile, until: 9e9 }]],
  ]

  it.each(ways)('has no character that acts on %s, and is as wide as it seems', (_, actions) => {
    for (const size of sizes) {
      const lines = frameOf(stateAt(size, actions, events))
      const shownText = lines.map(plain).join('\n')
      // Every control but the line ends that the test put there itself.
      expect(shownText).not.toMatch(/[^\n\P{C}]/u)
      expect(lines.map((one) => columnsOf(plain(one)))).toEqual(lines.map(() => size[0]))
    }
  })

  it('is spelled out, so that it can be seen', () => {
    const transcript = shown(frameOf(stateAt([160, 45], [{ kind: 'open' }], events)))
    expect(transcript).toContain('␛]52')
    expect(transcript).toContain('{red-fg}')
  })
})
