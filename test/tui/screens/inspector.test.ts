import { beforeAll, describe, expect, it } from 'vitest'
import type { Finding, FindingEvent, ObservedEvent } from '../../../src/findings/finding.ts'
import { renderFrame } from '../../../src/tui/frame.ts'
import { actionFor } from '../../../src/tui/key-table.ts'
import { reduce } from '../../../src/tui/model.ts'
import { openScreen } from '../../../src/tui/navigation.ts'
import type { ScreenName } from '../../../src/tui/screens/screen.ts'
import { showMessage } from '../../../src/tui/screens/tree-state.ts'
import { plain, type Line } from '../../../src/tui/span.ts'
import { initialState, type State } from '../../../src/tui/state.ts'
import { columnsOf } from '../../../src/tui/width.ts'
import { FakeSession } from '../support/events.ts'
import { specimenOf } from '../support/specimen.ts'
import { scene, SCENE_NOW } from '../support/world.ts'

beforeAll(() => {
  process.env['TZ'] = 'UTC'
})

const sizes = [
  [80, 24],
  [160, 45],
  [40, 10],
] as const

const envelope =
  '(NIL "Gr\u00fc\u00dfe \u7530\u4e2d" ((NIL NIL "ann" "example.org")) NIL NIL NIL NIL NIL NIL "<1@x>")'
const structure = '(("TEXT" "PLAIN" NIL NIL NIL "7BIT" 12 1)("IMAGE" "PNG" NIL NIL NIL "BASE64" 99) "MIXED")'
const fetched = `* 9 FETCH (UID  77 FLAGS (\\Seen) ENVELOPE ${envelope} BODYSTRUCTURE ${structure})\r\n`

function found(at: number, changes: Partial<Finding> & { session?: string }): FindingEvent {
  const { session = 'S42', ...rest } = changes
  const finding: Finding = {
    id: 'S07',
    name: 'expunge-without-command',
    level: 'error',
    side: 'server',
    text: 'An EXPUNGE came while no command was in progress.',
    reference: 'RFC 9051 section 7.5.1',
    advice: 'The server must hold it back until the next command.',
    evidence: ['C A3 UID FETCH 1:* (FLAGS)', 'S * 3 EXPUNGE'],
    exchange: undefined,
    ...rest,
  }
  return { kind: 'finding', session, at, finding }
}

const findings: readonly FindingEvent[] = [
  found(92_000, {}),
  found(93_000, { session: 'S41', text: 'Twice.' }),
  found(94_000, { id: 'C22', name: 'polling', level: 'warning', side: 'client', text: '30 NOOPs.' }),
  found(95_000, { id: 'X01', name: 'our-rewrite', level: 'note', side: 'proxy', text: 'A rule caused it.' }),
]

function stateAt(
  [columns, rows]: readonly [number, number],
  events: readonly ObservedEvent[] = findings,
): State {
  const state = initialState({ version: '0.1.0', listen: [], upstream: '', caPath: undefined })
  for (const event of [...scene(), ...events]) reduce(state, event)
  reduce(state, { kind: 'resized', columns, rows })
  return state
}

function press(state: State, ...keys: readonly string[]): State {
  for (const key of keys) {
    const action = actionFor(key, state)
    if (action) reduce(state, action)
  }
  return state
}

const frameOf = (state: State): Line[] => renderFrame(state, { now: SCENE_NOW, epoch: 0 })
const shown = (state: State): string =>
  frameOf(state)
    .map((one) => plain(one).trimEnd())
    .join('\n')

function withTree(state: State, text = fetched): State {
  showMessage(state.tree, specimenOf(text), 'S42 A2 UID FETCH')
  openScreen(state, 'tree')
  return state
}

const scenes: Readonly<Record<string, (state: State) => State>> = {
  'tree and octets': (state) => press(withTree(state), 'down', 'down', 'down', 'down', 'down'),
  'octets alone': (state) => press(withTree(state), 'down', 'h'),
  findings: (state) => press(state, '3'),
  evidence: (state) => press(state, '3', 'enter'),
  'statistics by command': (state) => press(state, '4'),
  'statistics by user': (state) => press(state, '4', 'u'),
  log: (state) => press(state, '5'),
}

describe.each(Object.entries(scenes))('the screen of %s', (_, show) => {
  it.each(sizes)('fits %dx%d', (columns, rows) => {
    const state = show(stateAt([columns, rows]))
    const lines = frameOf(state)
    expect(lines.map((line) => columnsOf(plain(line)))).toEqual(Array.from({ length: rows }, () => columns))
    expect(shown(state)).toMatchSnapshot()
  })
})

describe('hostile text', () => {
  const hostile = 'x\x1b[31m\x1b]52;c;aGk=\x07{red-fg}\u202e\u200b\u{e0041}\u7530\u4e2d\ud800\x9b'
  it.each(sizes)('never acts and never breaks a line at %dx%d', (columns, rows) => {
    const events = [
      found(92_000, { id: 'S99', name: hostile, text: hostile, advice: hostile, evidence: [`S ${hostile}`] }),
    ]
    const session = new FakeSession(hostile)
    const command = session.command(1, hostile, hostile)
    events.push(found(93_000, { session: hostile }))
    const rest: ObservedEvent[] = [
      ...session.open(0),
      ...session.become(1, { user: hostile, client: hostile }),
      ...command.events,
      ...session.complete(command.exchange, { after: 9 }),
    ]
    for (const show of Object.values(scenes)) {
      const state = show(stateAt([columns, rows], [...rest, ...events]))
      showMessage(
        state.tree,
        specimenOf(`* 1 FETCH (ENVELOPE ("${hostile}" "${'y'.repeat(10_000)}"))\r\n`),
        hostile,
      )
      const lines = frameOf(state)
      expect(lines.map((line) => columnsOf(plain(line)))).toEqual(Array.from({ length: rows }, () => columns))
      expect(lines.map(plain).join('')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u)
    }
  })
})

describe('the tree screen', () => {
  it('opens and closes nodes, and goes up from a closed one', () => {
    const state = withTree(stateAt([80, 24]))
    press(state, 'down', 'down', 'down', 'down')
    expect(shown(state)).toContain('>  ▾ items')
    press(state, 'left')
    expect(shown(state)).toContain('>  ▸ items')
    press(state, 'enter', 'e', 'e')
    expect(shown(state)).toContain('▸ items')
    press(state, 'left')
    expect(shown(state)).toContain('>▾ * 9 FETCH')
  })

  it('marks the octets of the selected node, and scrolls the dump by itself', () => {
    const state = press(withTree(stateAt([160, 45])), 'down', 'down')
    expect(shown(state)).toContain('0000  2a 20[39]20')
    press(state, 'h', 'G')
    expect(shown(state)).toContain('29 0d 0a')
  })

  it('says what is wrong at its octet', () => {
    expect(shown(withTree(stateAt([80, 24])))).toContain('!16 extra-space')
  })

  it('says so when no message is open', () => {
    const state = stateAt([80, 24])
    openScreen(state, 'tree')
    expect(shown(state)).toContain('No message is open')
  })
})

describe('the findings screen', () => {
  it('sorts, and reverses by the same letter', () => {
    const order = (state: State): string[] =>
      [...shown(state).matchAll(/^[> ][EWN] +(\w\d\d)/gm)].map(([, id = '']) => id)
    const state = press(stateAt([80, 24]), '3')
    expect(order(state)).toEqual(['S07', 'C05', 'C22', 'X01'])
    const byTime = order(press(state, 'T'))
    expect(byTime.at(-1)).toBe('S07')
    expect(order(press(state, 'T'))).toEqual(byTime.toReversed())
    expect(order(press(state, 'I'))).toEqual(['C05', 'C22', 'S07', 'X01'])
  })

  it('leaves out what is suppressed, until it is wanted again', () => {
    const state = press(stateAt([80, 24]), '3', 'x')
    expect(shown(state)).not.toContain('S07')
    expect(shown(state)).toContain('(1 suppressed)')
    expect(shown(press(state, 'X'))).toContain('S07')
  })

  it('filters by level, side and id', () => {
    const state = press(stateAt([80, 24]), '3', '/', ...Array.from('~f warning'), 'enter')
    expect(shown(state)).toContain('C22')
    expect(shown(state)).not.toContain('S07')
  })

  it('turns from case to case, and jumps to the session of the one that is shown', () => {
    const state = press(stateAt([80, 24]), '3', 'enter')
    expect(shown(state)).toContain('case 2 of 2: S41')
    press(state, 'left')
    expect(shown(state)).toContain('case 1 of 2: S42')
    press(state, 'J')
    expect([state.screen, state.selected]).toEqual(['transcript', 'S42'])
  })

  it('closes the evidence before it goes back', () => {
    const state = press(stateAt([80, 24]), '3', 'enter', 'escape')
    expect(state.screen).toBe('findings')
    expect(press(state, 'escape').screen).toBe('sessions')
  })

  it('keeps a bounded number of cases', () => {
    const many = Array.from({ length: 100 }, (_, at) => found(at, { session: `S${at}` }))
    const state = stateAt([80, 24], many)
    const group = state.findings.groups.get('S07')
    expect([group?.count, group?.cases.length, group?.sessions.size]).toEqual([100, 20, 50])
  })
})

describe('the statistics screen', () => {
  it('sorts by any column and groups by who it was', () => {
    const names = (state: State): string[] =>
      [...shown(state).matchAll(/^[> ]([A-Z][^\s].*?) {2,}/gm)].map(([, name = '']) => name)
    const state = press(stateAt([160, 45]), '4')
    expect(names(state)[1]).toContain('UID FETCH')
    press(state, 'N')
    expect(shown(state)).toContain('name first')
    press(state, 'u', 'u')
    expect(shown(state)).toContain('by client')
  })
})

describe('a filter of the statistics', () => {
  const filtered = (state: State, source: string): State =>
    press(state, '4', '/', ...Array.from(source), 'enter')

  function of(users: readonly string[], count: number): State {
    const state = stateAt([160, 24], [])
    for (const [at, user] of users.entries()) {
      const fake = new FakeSession(`T${at}`)
      for (const event of [...fake.open(1), ...fake.become(2, { state: 'authenticated', user })])
        reduce(state, event)
      for (let n = 0; n < count; n++) {
        const { events, exchange } = fake.command(10 + n, n % 2 === 0 ? 'NOOP' : 'CHECK')
        for (const event of [...events, ...fake.complete(exchange, { after: 5 })]) reduce(state, event)
      }
    }
    return state
  }

  it('is asked of each command, so that the rows and their sum are of one user', () => {
    const state = filtered(of(['dora', 'emil'], 6), '~u dora')
    expect(shown(state)).toMatch(/NOOP +3 /)
    expect(shown(state)).toMatch(/CHECK +3 /)
    expect(shown(state)).toMatch(/all +6 /)
    expect(shown(state)).not.toContain('LOGIN')
    expect(shown(press(state, 'u', 'u'))).toMatch(/by client/)
  })

  it('goes on with the commands that come', () => {
    const state = filtered(of(['dora'], 2), '~c CHECK')
    expect(shown(state)).toMatch(/all +1 /)
    const fake = new FakeSession('T9')
    const { events, exchange } = fake.command(SCENE_NOW, 'CHECK')
    for (const event of [...fake.open(1), ...events, ...fake.complete(exchange, { after: 5 })])
      reduce(state, event)
    const later = renderFrame(state, { now: SCENE_NOW + 600, epoch: 0 }).map(plain)
    expect(later.join('\n')).toMatch(/all +2 /)
  })

  it('says of how many commands it is, where not of all', () => {
    const state = filtered(of(['dora'], 20_000), '~u dora')
    expect(shown(state)).toMatch(/of the latest 1\d.\d{3} /)
  })
})

describe('the keys of a tree', () => {
  it('stay with it: Tab turns between tree and octets', () => {
    const state = press(withTree(stateAt([160, 24])), 'tab')
    expect(state).toMatchObject({ screen: 'tree', tree: { view: 'hex' } })
  })
})

describe('the log screen', () => {
  it('tells failed logins: who, from where and what the server said', () => {
    const fake = new FakeSession('S7')
    const { events, exchange } = fake.command(5, 'LOGIN', 'ann ‹redacted 7›')
    const answer = { after: 9, status: 'NO', code: 'AUTHENTICATIONFAILED', user: 'ann', text: 'No.' } as const
    const state = stateAt([160, 24], [...fake.open(1), ...events, ...fake.complete(exchange, answer)])
    expect(shown(press(state, '5'))).toContain(
      'login as ann from 192.0.2.7 failed: NO [AUTHENTICATIONFAILED] No.',
    )
  })

  it('follows its end until somebody moves, and again from there', () => {
    const many = Array.from({ length: 60 }, (_, at) => found(99_000 + at, { text: `Number ${at}.` }))
    const state = press(stateAt([160, 24], many), '5')
    expect(shown(state)).toContain('Number 59.')
    press(state, 'g')
    expect(shown(state)).toContain('follow:off')
    expect(shown(state)).not.toContain('Number 59.')
    expect(shown(press(state, 'G'))).toContain('follow:on')
  })

  it('keeps a bounded number of notes', () => {
    const many = Array.from({ length: 6_000 }, (_, at) => found(at, {}))
    expect(stateAt([80, 24], many).log.entries.length).toBeLessThanOrEqual(2_500)
  })

  it('goes to the session of a note', () => {
    const state = press(stateAt([80, 24]), '5', 'k', 'k', 'enter')
    const screens: readonly ScreenName[] = ['transcript']
    expect(screens).toContain(state.screen)
    expect(state.selected).toBe('S41')
  })
})
