/** The policy screen: what it shows of rules and approvals, and what its keys ask for. */

import { describe, expect, it } from 'vitest'
import type { ObservedEvent } from '../../../src/findings/finding.ts'
import type { PolicyStatus } from '../../../src/relay/policy-status.ts'
import { renderFrame } from '../../../src/tui/frame.ts'
import { actionFor } from '../../../src/tui/key-table.ts'
import type { UiAction } from '../../../src/tui/keys.ts'
import { reduce } from '../../../src/tui/model.ts'
import { plain } from '../../../src/tui/span.ts'
import { initialState, type DashboardInfo, type Request, type State } from '../../../src/tui/state.ts'
import { FakeSession, message, view } from '../support/events.ts'

const info: DashboardInfo = { version: '0', listen: [], upstream: '', caPath: undefined }

const status: PolicyStatus = {
  mode: 'enforce',
  default: 'deny',
  files: ['/etc/imaptap/gateway.yaml'],
  loadedAt: 0,
  rules: [
    {
      name: 'no-delete',
      effect: 'deny NO [NOPERM]',
      when: 'command in ["DELETE", "EXPUNGE"]',
      hits: 12,
      lastHit: 55_000,
      isDryRun: false,
      record: 'audit',
    },
    {
      name: 'ask-move',
      effect: 'hold 1m, then deny',
      when: '"remove" in actions',
      hits: 1,
      lastHit: 60_000,
      isDryRun: true,
      record: 'log',
    },
    {
      name: 'rest',
      effect: 'allow',
      when: undefined,
      hits: 0,
      lastHit: undefined,
      isDryRun: false,
      record: 'count',
    },
  ],
}

function start(columns = 100, rows = 24): State {
  const state = initialState(info, { canHold: true })
  reduce(state, { kind: 'resized', columns, rows })
  return state
}

function press(state: State, ...keys: readonly string[]): Request[] {
  for (const key of keys) {
    const action = actionFor(key, state)
    if (action) reduce(state, action)
  }
  return state.requests.splice(0)
}

const told = (state: State, known: PolicyStatus | undefined): void =>
  void reduce(state, { kind: 'policy', status: known } satisfies UiAction)

const shown = (state: State, now = 60_000): string =>
  renderFrame(state, { now, epoch: 0 }).map(plain).join('\n')

const waiting = (ticket: number, session = 'S1'): ObservedEvent => ({
  kind: 'held',
  session,
  at: 10,
  ticket,
  side: 'client',
  message: message('client', `A${ticket} UID MOVE ${ticket} Trash`, 'command'),
  hidesAll: false,
  isEditable: false,
  deadline: 100_000 + ticket * 1_000,
  approval: { rule: 'ask-move', otherwise: 'deny' },
})

const released = (ticket: number): ObservedEvent => ({
  kind: 'released',
  session: 'S1',
  at: 20,
  ticket,
  how: 'forwarded',
  by: 'ann',
})

function playing(): State {
  const state = start()
  for (const event of new FakeSession('S1').open(1)) reduce(state, event)
  reduce(state, { kind: 'changed', session: 'S1', at: 2, view: view({ user: 'ann', state: 'selected' }) })
  return state
}

describe('the policy screen', () => {
  it('asks how the policy stands when it is opened, and shows its rules', () => {
    const state = playing()
    expect(press(state, '7')).toEqual([{ kind: 'look-at-policy' }])
    told(state, status)
    const text = shown(state)
    expect(text).toMatch(/POLICY enforced, otherwise deny .*gateway\.yaml read at \d\d:00:00/)
    expect(text).toMatch(/ RULE +EFFECT +HITS +LAST RECORD/)
    expect(text).toMatch(/no-delete +deny NO \[NOPERM\] +12 +5s ago audit/)
    expect(text).toMatch(/ask-move +hold 1m, then deny +1 +0s ago log +dry run/)
    expect(text).toMatch(/rest +allow +0 +- count/)
  })

  it('says below a command that waits what will come of it', () => {
    const state = playing()
    press(state, '7')
    told(state, status)
    const held = waiting(1) as Extract<ObservedEvent, { kind: 'held' }>
    const approval = { rule: 'ask-move', otherwise: 'deny' as const, note: 'the mailbox is hidden' }
    reduce(state, { ...held, approval })
    expect(shown(state)).not.toContain('Note: the mailbox is hidden.')
    press(state, 'tab')
    expect(shown(state)).toContain('Note: the mailbox is hidden.')
  })

  it('says how to add a policy where there is none, and that a recording has none', () => {
    const state = playing()
    press(state, '7')
    expect(shown(state)).toContain('There is no policy')
    // On one line, since indentation is not kept.
    expect(shown(state)).toMatch(/^ *policy: \{ extends: \[read-only\] \} *$/mu)
    const recorded = initialState({ ...info, isRecording: true })
    reduce(recorded, { kind: 'screen', screen: 'policy' })
    expect(shown(recorded)).toContain('A recording has no policy')
  })

  it('says why a changed file does not hold', () => {
    const state = playing()
    press(state, '7')
    told(state, { ...status, problem: 'gateway.yaml:3:7: rules.0.when: no variable is called usr; user?' })
    expect(shown(state)).toContain('the one before goes on: gateway.yaml:3:7')
  })

  it('shows what waits above the rules, with its time, and says so on every screen', () => {
    const state = playing()
    reduce(state, waiting(5))
    expect(shown(state).split('\n')[0]).toContain('1 to approve: 7')
    press(state, '7')
    told(state, status)
    expect(shown(state)).toMatch(/WAITING FOR APPROVAL {2}1 +\n>+ +45s deny +S1 +ann +A5 UID MOVE 5 Trash/)
    expect(shown(state)).toContain('When nobody rules in time: deny.')
    expect(shown(state, 104_000)).toMatch(/> +1s deny/)
  })

  it('allows and denies what is chosen, and goes on to the next', () => {
    const state = playing()
    const { exchange } = new FakeSession('S1').command(5, 'UID MOVE', '1 Trash')
    reduce(state, { ...(waiting(1) as Extract<ObservedEvent, { kind: 'held' }>), exchange })
    for (const ticket of [2, 3]) reduce(state, waiting(ticket))
    press(state, '7')
    expect(press(state, 'a')).toEqual([
      {
        kind: 'rule',
        session: 'S1',
        ticket: 1,
        ruling: { kind: 'forward' },
        done: 'allowed: UID MOVE of ann',
      },
    ])
    reduce(state, released(1))
    expect(press(state, 'D')).toEqual([
      {
        kind: 'rule',
        session: 'S1',
        ticket: 2,
        ruling: { kind: 'answer', status: 'NO', text: 'not approved' },
        done: 'refused: A2 UID MOVE 2 Trash of ann',
      },
    ])
    reduce(state, released(2))
    expect(shown(state)).toMatch(/> +\d+s deny +S1 +ann +A3/)
  })

  it('rules on nothing else where what was chosen went on by itself', () => {
    const state = playing()
    for (const ticket of [1, 2]) reduce(state, waiting(ticket))
    press(state, '7')
    reduce(state, released(1))
    const asked = press(state, 'a')
    expect(asked).toEqual([{ kind: 'tell', text: expect.stringContaining('Choose a command') }])
    expect(press(state, 'j', 'a')).toMatchObject([{ kind: 'rule', ticket: 2 }])
  })

  it('switches the dry run of a rule, and that of all', () => {
    const state = playing()
    press(state, '7')
    told(state, status)
    expect(press(state, 'd', 'y')).toEqual([{ kind: 'dry-run', rule: 'no-delete', on: true }])
    expect(press(state, 'j', 'd', 'y')).toEqual([{ kind: 'dry-run', rule: 'ask-move', on: false }])
    expect(press(state, 'M', 'y')).toEqual([{ kind: 'dry-run', rule: undefined, on: true }])
    told(state, { ...status, mode: 'dry-run' })
    press(state)
    expect(shown(state)).toContain('POLICY dry run')
    expect(press(state, 'M')).toEqual([{ kind: 'dry-run', rule: undefined, on: false }])
    expect(shown(state)).toContain('"remove" in actions')
  })

  it('asks before it lets more pass, and does nothing where the answer is another key than y', () => {
    const state = playing()
    press(state, '7')
    told(state, status)
    const lastLine = (): string => shown(state).split('\n').at(-1)?.trimEnd() ?? ''
    expect(press(state, 'M')).toEqual([])
    expect(lastLine()).toBe(' Enforce nothing from now on, only record? [y]es [n]o')
    expect(press(state, 'enter')).toEqual([])
    expect(lastLine()).toContain('a allow')
    expect(press(state, 'd')).toEqual([])
    expect(lastLine()).toBe(' Let rule no-delete only record? [y]es [n]o')
    expect(press(state, 'n', 'y')).not.toContainEqual(expect.objectContaining({ kind: 'dry-run' }))
  })

  it('asks of a rule that allows before it allows again, and not before it allows no more', () => {
    const state = playing()
    press(state, '7')
    told(state, status)
    expect(press(state, 'j', 'j', 'd')).toEqual([{ kind: 'dry-run', rule: 'rest', on: true }])
    const allowed = { ...status.rules[2]!, name: 'r'.repeat(80), isDryRun: true }
    told(state, { ...status, rules: [allowed] })
    expect(press(state, 'g', 'd')).toEqual([])
    expect(shown(state)).toMatch(/Let rule r{24}… decide again\? \[y\]es \[n\]o/)
    expect(press(state, 'y')).toEqual([{ kind: 'dry-run', rule: allowed.name, on: false }])
  })

  it('says what was switched by hand and by whom, on every screen where nothing is enforced', () => {
    const state = playing()
    press(state, '7')
    const by = 'ann by the dashboard'
    told(state, {
      ...status,
      mode: 'dry-run',
      switched: [
        { rule: undefined, isDryRun: true, at: 3_600_000, by },
        { rule: 'ask-move', isDryRun: true, at: 3_601_000, by },
      ],
    })
    const words = shown(state).replaceAll(/\s+/g, ' ')
    expect(words).toContain('Switched by hand, and otherwise once the files are read again:')
    expect(words).toContain(`the policy: dry run (01:00:00, ${by}), rule ask-move: dry run (01:00:01, ${by})`)
    press(state, '1')
    expect(shown(state)).toContain('policy off: 7')
    reduce(state, waiting(1))
    expect(shown(state).split('\n')[0]).toContain('1 to approve: 7 policy off: 7')
    told(state, status)
    expect(shown(state)).not.toContain('policy off')
  })

  it('tells once when the policy was read again or switched', () => {
    const state = playing()
    const switched = [{ rule: undefined, isDryRun: true, at: 5, by: 'bob' }]
    const tellings = (known: PolicyStatus): unknown[] => {
      told(state, known)
      return state.requests.splice(0).map((one) => (one.kind === 'tell' ? one.text : one))
    }
    expect(tellings(status)).toEqual([])
    expect(tellings({ ...status, mode: 'dry-run', switched })).toEqual([
      'The policy was switched. It is only recorded: dry run.',
    ])
    expect(tellings({ ...status, loadedAt: 9 })).toEqual([
      'The policy was read again. It is enforced. What was switched by hand ended with it.',
    ])
    expect(tellings({ ...status, loadedAt: 10 })).toEqual(['The policy was read again. It is enforced.'])
    expect(tellings({ ...status, loadedAt: 10, problem: 'p.yaml:1:1: no' })).toEqual([
      'The policy could not be taken: the one before goes on (7).',
    ])
    expect(tellings({ ...status, loadedAt: 10, problem: 'p.yaml:1:1: no' })).toEqual([])
  })

  it('tells once when somebody switched a rule, also one for another', () => {
    const state = playing()
    const tellings = (...rules: readonly string[]): unknown[] => {
      const switched = rules.map((rule) => ({ rule, isDryRun: true, at: 5, by: 'bob' }))
      told(state, { ...status, ...(rules.length > 0 && { switched }) })
      return state.requests.splice(0)
    }
    const telling = [{ kind: 'tell', text: 'A rule was switched by hand (7).' }]
    expect(tellings()).toEqual([])
    expect(tellings('no-delete')).toEqual(telling)
    expect(tellings('no-delete')).toEqual([])
    expect(tellings('rest')).toEqual(telling)
    expect(tellings()).toEqual(telling)
  })

  it('goes by Tab between what waits and the rules', () => {
    const state = playing()
    for (const ticket of [1, 2]) reduce(state, waiting(ticket))
    press(state, '7')
    told(state, status)
    press(state, 'j', 'tab')
    expect(shown(state)).toMatch(/> *no-delete/)
    press(state, 'tab')
    expect(shown(state)).toMatch(/> .* A1 UID MOVE/)
    for (const ticket of [1, 2]) reduce(state, released(ticket))
    press(state, 'tab')
    expect([state.screen, /> *no-delete/.test(shown(state))]).toEqual(['policy', true])
    expect(press(state, 'tab')).toEqual([{ kind: 'tell', text: 'Nothing waits for approval.' }])
  })

  it('has its first line chosen when it opens, and what waits before any rule', () => {
    const state = playing()
    press(state, '7')
    told(state, status)
    expect(shown(state)).toMatch(/> *no-delete/)
    press(state, 'j', '1')
    reduce(state, waiting(1))
    press(state, '7')
    expect(shown(state)).toMatch(/> .* A1 UID MOVE/)
    reduce(state, released(1))
    press(state, 'j', 'j', '5', '7')
    expect(shown(state)).toMatch(/> *ask-move/)
  })

  it('goes to what a rule did, and to the session of what waits', () => {
    const state = playing()
    reduce(state, waiting(1))
    press(state, '7')
    told(state, status)
    press(state, 'j', 'enter')
    expect(state.screen).toBe('log')
    expect(state.filters.log.source).toBe('~rule "no-delete"')
    expect(state.filters.log.fault).toBeUndefined()
    press(state, '7', 'g', 'enter')
    expect([state.screen, state.selected]).toEqual(['transcript', 'S1'])
  })

  it('does not let what waits for approval go on with all that is held', () => {
    const state = playing()
    reduce(state, waiting(1))
    const { approval: _, ...other } = waiting(2) as Extract<ObservedEvent, { kind: 'held' }>
    reduce(state, other)
    press(state, '6')
    expect(press(state, 'A')).toMatchObject([{ kind: 'rule', ticket: 2, ruling: { kind: 'forward' } }])
    expect(shown(state)).toContain('approval A1 UID MOVE 1 Trash')
  })

  it.each([40, 60, 72, 80, 160])('fits %d columns, with many of both', (columns) => {
    const state = start(columns, 20)
    for (let ticket = 1; ticket <= 40; ticket++) reduce(state, waiting(ticket))
    press(state, '7')
    const rule = { ...status.rules[0]!, name: `r${'x'.repeat(100)}` }
    told(state, {
      ...status,
      rules: Array.from({ length: 50 }, (_, at) => ({ ...rule, name: `${at}${rule.name}` })),
    })
    for (const keys of [[], ['G'], ['g'], ['pagedown', 'k']]) {
      press(state, ...keys)
      const lines = renderFrame(state, { now: 60_000, epoch: 0 })
      expect(lines).toHaveLength(20)
      expect(new Set(lines.map((one) => plain(one).length))).toEqual(new Set([columns]))
      expect(lines.filter((one) => one.isSelected)).toHaveLength(1)
    }
  })
})

describe('a decision', () => {
  const decided = {
    rule: 'no-delete',
    effect: 'deny',
    why: 'it destroys',
    isDryRun: false,
    mailboxes: ['Trash'],
    level: 'count',
  } as const

  function deciding(changes: Partial<Extract<ObservedEvent, { kind: 'decided' }>['decided']> = {}): State {
    const state = playing()
    reduce(state, { kind: 'resized', columns: 120, rows: 24 })
    const { events, exchange } = new FakeSession('S1').command(5, 'DELETE', 'Trash')
    for (const event of events) reduce(state, event)
    const one = { ...decided, ...changes }
    reduce(state, {
      kind: 'decided',
      session: 'S1',
      at: 6,
      decided: one,
      exchange,
      view: view({ user: 'ann' }),
    })
    return state
  }

  it('that refuses stands in the transcript and in the log, and filters find it', () => {
    const state = deciding()
    const line = 'policy: A1 DELETE: refused by rule no-delete: it destroys'
    press(state, '2')
    expect(shown(state)).toContain(line)
    press(state, '5')
    expect(shown(state)).toContain(`${line} (Trash)`)
    press(state, '/', ...Array.from('~e allow'), 'enter')
    expect(shown(state)).not.toContain(line)
    press(state, 'escape', '/', ...Array.from('~rule no-delete ~k decided ~c DELETE'), 'enter')
    expect(shown(state)).toContain(line)
    press(state, '2', '/', ...Array.from('~k decided ~m Trash ~tag A1'), 'enter')
    expect(shown(state)).toContain(line)
  })

  it('that only lets pass is not told', () => {
    const state = deciding({ effect: 'allow' })
    for (const key of ['2', '5']) {
      press(state, key)
      expect(shown(state)).not.toContain('policy:')
    }
  })
})

describe('an approval in a transcript', () => {
  it('says what it waited for, and who ruled', () => {
    const state = playing()
    for (const event of [waiting(1), released(1)]) reduce(state, event)
    press(state, '2')
    expect(shown(state)).toContain('waits for approval (rule ask-move): the command')
    expect(shown(state)).toContain('approval by rule ask-move: it was allowed (ann)')
  })
})
