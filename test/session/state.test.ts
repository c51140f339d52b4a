import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { isAuthenticated, move, type SessionState, type Transition } from '../../src/session/state.ts'

const states: readonly SessionState[] = [
  'opening',
  'not-authenticated',
  'authenticated',
  'selected',
  'logout',
]
const transitions: readonly Transition[] = [
  ...([
    'greeting',
    'preauth',
    'login',
    'select',
    'select-refused',
    'close',
    'unauthenticate',
    'bye',
  ] as const),
]

describe('the states of a connection', () => {
  it.each<[Transition, readonly SessionState[]]>([
    ['greeting', ['not-authenticated', 'not-authenticated', 'authenticated', 'selected', 'logout']],
    ['preauth', ['authenticated', 'not-authenticated', 'authenticated', 'selected', 'logout']],
    ['login', ['opening', 'authenticated', 'authenticated', 'selected', 'logout']],
    ['select', ['opening', 'not-authenticated', 'selected', 'selected', 'logout']],
    ['select-refused', ['opening', 'not-authenticated', 'authenticated', 'authenticated', 'logout']],
    ['close', ['opening', 'not-authenticated', 'authenticated', 'authenticated', 'logout']],
    ['unauthenticate', ['opening', 'not-authenticated', 'not-authenticated', 'not-authenticated', 'logout']],
    ['bye', ['logout', 'logout', 'logout', 'logout', 'logout']],
  ])('%s', (transition, after) => {
    expect(states.map((state) => move(state, transition))).toEqual(after)
  })

  it('lead nowhere from logout, and to a mailbox only by a login', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...transitions)), (moves) => {
        let state: SessionState = 'opening'
        for (const transition of moves) {
          const before = state
          state = move(before, transition)
          if (before === 'logout') expect(state).toBe('logout')
          if (state === 'selected') expect(isAuthenticated(before)).toBe(true)
        }
      }),
    )
  })

  it('are authenticated in two of them', () => {
    expect(states.filter(isAuthenticated)).toEqual(['authenticated', 'selected'])
  })
})
