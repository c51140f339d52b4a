import { describe, expect, it } from 'vitest'
import type { ObservedEvent } from '../../src/findings/finding.ts'
import type { UiAction } from '../../src/tui/keys.ts'
import { reduce } from '../../src/tui/model.ts'
import { commandsLike } from '../../src/tui/palette.ts'
import { initialState, type State } from '../../src/tui/state.ts'
import { FakeSession, mailbox } from './support/events.ts'

const info = { version: '0', listen: [], upstream: '', caPath: undefined }

function fold(
  inputs: readonly (ObservedEvent | UiAction)[],
  state = initialState(info, { canHold: true }),
): State {
  for (const input of inputs) reduce(state, input)
  return state
}

const type = (...keys: string[]): UiAction[] => keys.map((key) => ({ kind: 'type', key }))
const letters = (words: string): UiAction[] => type(...Array.from(words))
const filter: UiAction = { kind: 'prompt', purpose: 'filter' }
const palette: UiAction = { kind: 'prompt', purpose: 'palette' }

function lineIn({ mode }: State): string | undefined {
  return mode.kind === 'prompt' ? mode.line.text : undefined
}

describe('a filter being typed', () => {
  it('works while it is right, and keeps what worked while it is wrong', () => {
    const state = fold([filter, ...letters('~s NO')])
    expect(state.filters.sessions.filter?.source).toBe('~s NO')
    fold(letters(' & ~t soon'), state)
    expect(state.filters.sessions.fault).toMatchObject({ at: 11 })
    expect(state.filters.sessions.filter?.source.trim()).toBe('~s NO')
  })

  it('stays open on Enter until it is right, and is gone on Esc', () => {
    const state = fold([filter, ...letters('(ann'), ...type('enter')])
    expect(lineIn(state)).toBe('(ann')
    fold([...letters(')'), ...type('enter')], state)
    expect(state.mode.kind).toBe('browse')
    fold([filter, ...type('escape')], state)
    expect(state.filters.sessions).toMatchObject({ source: '', filter: undefined, fault: undefined })
  })

  it('is completed with words of the language and with what is there', () => {
    const fake = new FakeSession('S1')
    const events = [
      ...fake.open(1),
      ...fake.become(2, { user: 'zoe@example.org', mailbox: mailbox('INBOX') }),
    ]
    const state = fold([...events, filter, ...letters('~u zo'), ...type('tab')])
    expect(lineIn(state)).toBe('~u zoe@example.org')
    fold([...type('C-u'), ...letters('~c S'), ...type('tab', 'tab')], state)
    expect(lineIn(state)).toMatch(/^~c [A-Z]+$/)
    const second = lineIn(state)
    fold(type('tab'), state)
    expect(lineIn(state)).not.toBe(second)
  })

  it('belongs to its screen', () => {
    const state = fold([filter, ...letters('ann'), ...type('enter'), { kind: 'screen', screen: 'log' }])
    expect(state.filters.log.source).toBe('')
    fold([{ kind: 'back' }], state)
    expect(state.screen).toBe('sessions')
    expect(state.filters.sessions.source).toBe('ann')
  })
})

describe('the palette', () => {
  it('knows every key of the screen by a name, and what has no key', () => {
    const names = commandsLike(fold([]), '').map((one) => one.command)
    expect(names).toEqual(
      expect.arrayContaining(['kill', 'sort user', 'findings', 'theme light', 'mouse', 'quit']),
    )
  })

  it('does what was typed, also when only its beginning was', () => {
    expect(fold([palette, ...letters('theme l'), ...type('enter')]).theme).toBe('light')
    expect(fold([palette, ...letters('sort user'), ...type('enter')]).sort.key).toBe('user')
    expect(fold([palette, ...letters('stati'), ...type('enter')]).screen).toBe('statistics')
  })

  it('completes, offers by what a command does, and does nothing without a word', () => {
    const state = fold([palette, ...letters('mou'), ...type('tab')])
    expect(lineIn(state)).toBe('mouse')
    fold(type('enter'), state)
    expect(state.hasMouse).toBe(true)
    fold([palette, ...type('enter')], state)
    expect(state.mode.kind).toBe('browse')
    expect(commandsLike(state, 'bug tracker').map((one) => one.command)).toEqual(['copy report'])
  })

  it('stays open with a word that is no command', () => {
    const state = fold([palette, ...letters('foo'), ...type('enter')])
    expect(lineIn(state)).toBe('foo')
  })

  it('chooses with the arrows', () => {
    const state = fold([palette, ...letters('sort'), ...type('down', 'down', 'enter')])
    expect(state.sort.key).toBe('user')
  })
})

describe('marks', () => {
  const sessions = ['S1', 'S2', 'S3'].flatMap((id) => new FakeSession(id).open(1))
  const marked = (state: State): string[] =>
    [...state.sessions.values()].filter((one) => one.isMarked).map((one) => one.id)

  it('go from line to line with Space', () => {
    const state = fold([...sessions, { kind: 'mark' }, { kind: 'mark' }])
    expect(marked(state)).toEqual(['S2', 'S3'])
  })

  it('are set for all that the filter shows, and taken away again', () => {
    const state = fold([...sessions, filter, ...letters('~id S2'), ...type('enter'), { kind: 'mark-shown' }])
    expect(marked(state)).toEqual(['S2'])
    fold([{ kind: 'mark-shown' }], state)
    expect(marked(state)).toEqual([])
  })
})
