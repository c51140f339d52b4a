import { describe, expect, it } from 'vitest'
import { actionFor, allBindings, bindingsOf, helpRows } from '../../src/tui/key-table.ts'
import type { Binding } from '../../src/tui/keys.ts'
import { legendRows } from '../../src/tui/legend.ts'
import { allScreens } from '../../src/tui/screens/registry.ts'
import type { ScreenName } from '../../src/tui/screens/screen.ts'
import { initialState, type Mode, type State } from '../../src/tui/state.ts'

const info = { version: '0', listen: [], upstream: '', caPath: undefined }

function stateIn(screen: ScreenName, mode: Mode = { kind: 'browse' }): State {
  return { ...initialState(info), screen, mode }
}

const prompt: Mode = {
  kind: 'prompt',
  purpose: 'filter',
  line: { text: '', cursor: 0 },
  offers: [],
  chosen: -1,
}

describe('the key table', () => {
  it.each(allScreens.map(({ name }) => name))('gives each key one meaning on the screen %s', (name) => {
    const own = allScreens.find((one) => one.name === name)?.bindings.flatMap((one) => one.keys) ?? []
    expect(own.filter((key, at) => own.indexOf(key) !== at)).toEqual([])
    const reached = bindingsOf(stateIn(name)).flatMap((one) => one.keys)
    expect(reached).toEqual(expect.arrayContaining(['?', ':', 'C-c', 'q']))
  })

  it('shows every binding in the help', () => {
    const shown = helpRows().filter((row) => !row.isHeading)
    const helpOf = ({ help }: Pick<Binding, 'help'>): string => help
    expect(shown.map(helpOf).toSorted()).toEqual(allBindings().map(helpOf).toSorted())
  })

  it('names every command once within reach, in lower case', () => {
    for (const { name } of allScreens) {
      const commands = bindingsOf(stateIn(name)).map((one) => one.command)
      expect(
        commands.filter((one, at) => commands.indexOf(one) !== at || !/^[a-z0-9][a-z0-9 -]*$/.test(one)),
      ).toEqual([])
    }
  })

  it('sorts by shifted letters only', () => {
    for (const one of allBindings())
      if (one.action.kind === 'sort') expect(one.keys.join('')).toMatch(/^[A-Z]$/)
  })
})

it('explains every sign of the list in the help', () => {
  const signs = legendRows().map(({ shown }) => shown)
  for (const sign of [
    '○',
    '◐',
    '●',
    '◌',
    '·',
    '✖',
    'NOW',
    'IN/OUT',
    'p95',
    'E1 W0',
    '↓',
    'wait',
    'shared',
    '▸',
  ])
    expect(signs.some((shown) => shown.includes(sign))).toBe(true)
})

describe('a key', () => {
  it('means what its screen says', () => {
    expect(actionFor('f', stateIn('transcript'))).toEqual({ kind: 'toggle-follow' })
    expect(actionFor('f', stateIn('sessions'))).not.toEqual({ kind: 'toggle-follow' })
  })

  it('is text while a filter is typed', () => {
    expect(actionFor('q', stateIn('sessions', prompt))).toEqual({ kind: 'type', key: 'q' })
    expect(actionFor('up', stateIn('sessions', prompt))).toEqual({ kind: 'type', key: 'up' })
  })

  it('declines a question unless it is y', () => {
    expect(actionFor('y', stateIn('sessions', { kind: 'confirm-quit' }))).toEqual({ kind: 'confirm' })
    expect(actionFor('enter', stateIn('sessions', { kind: 'confirm-quit' }))).toEqual({ kind: 'decline' })
  })

  it('closes the help unless it scrolls', () => {
    expect(actionFor('j', stateIn('sessions', { kind: 'help', top: 0 }))).toEqual({ kind: 'move', by: 1 })
    expect(actionFor('q', stateIn('sessions', { kind: 'help', top: 0 }))).toEqual({ kind: 'help' })
  })

  it('interrupts from everywhere when it is C-c', () => {
    for (const mode of [{ kind: 'browse' }, prompt, { kind: 'confirm-quit' }] as const) {
      expect(actionFor('C-c', stateIn('sessions', mode))).toEqual({ kind: 'interrupt' })
    }
  })
})
