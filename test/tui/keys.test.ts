import { describe, expect, it } from 'vitest'
import { actionFor, bindings, helpRows } from '../../src/tui/keys.ts'
import { legendRows } from '../../src/tui/legend.ts'

describe('the key table', () => {
  it('gives each key one meaning in each pane', () => {
    for (const pane of ['sessions', 'transcript'] as const) {
      const keys = bindings.filter((one) => (one.pane ?? pane) === pane).flatMap((one) => one.keys)
      expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([])
    }
  })

  it('shows every binding in the help', () => {
    const shown = helpRows().filter((row) => !row.isHeading)
    expect(shown.map((row) => row.help).sort()).toEqual(bindings.map((one) => one.help).sort())
  })

  it('sorts by shifted letters only', () => {
    for (const one of bindings) if (one.action.kind === 'sort') expect(one.keys.join('')).toMatch(/^[A-Z]$/)
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
  it('means what its pane says', () => {
    expect(actionFor('f', { kind: 'browse' }, 'transcript')).toEqual({ kind: 'toggle-follow' })
    expect(actionFor('f', { kind: 'browse' }, 'sessions')).toBeUndefined()
  })

  it('is text while a filter is typed', () => {
    expect(actionFor('q', { kind: 'filter' }, 'sessions')).toEqual({ kind: 'filter-type', text: 'q' })
    expect(actionFor('up', { kind: 'filter' }, 'sessions')).toBeUndefined()
  })

  it('declines a question unless it is y', () => {
    expect(actionFor('y', { kind: 'confirm-quit' }, 'sessions')).toEqual({ kind: 'confirm' })
    expect(actionFor('enter', { kind: 'confirm-quit' }, 'sessions')).toEqual({ kind: 'decline' })
  })

  it('closes the help unless it scrolls', () => {
    expect(actionFor('j', { kind: 'help', top: 0 }, 'sessions')).toEqual({ kind: 'move', by: 1 })
    expect(actionFor('q', { kind: 'help', top: 0 }, 'sessions')).toEqual({ kind: 'help' })
  })

  it('interrupts from everywhere when it is C-c', () => {
    for (const kind of ['browse', 'filter', 'confirm-quit'] as const) {
      expect(actionFor('C-c', { kind }, 'sessions')).toEqual({ kind: 'interrupt' })
    }
  })
})
