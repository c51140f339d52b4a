/** The dashboard's reducer: events and the user's actions in, state out; no terminal, no timers, no clock. */

import type { ObservedEvent } from '../findings/finding.ts'
import { act } from './act.ts'
import type { UiAction } from './keys.ts'
import { observe } from './observe.ts'
import type { State } from './state.ts'

/** The state is changed in place: at thousands of events a second, copies would be the main cost. */
export function reduce(state: State, input: ObservedEvent | UiAction): State {
  if ('session' in input) observe(state, input)
  else act(state, input)
  return state
}
