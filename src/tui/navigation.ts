/** Moves between screens: opens one, goes back, jumps to a place of a transcript; knows no screen's insides. */

import { noFilter } from './filter-slot.ts'
import { screens } from './screens/registry.ts'
import type { ScreenName } from './screens/screen.ts'
import type { SessionId } from '../relay/event.ts'
import type { State } from './state.ts'
import type { RowSource } from './transcript.ts'
import { newView } from './transcript-view.ts'

export function openScreen(state: State, name: ScreenName): void {
  if (name === state.screen) return
  const before = state.trail.indexOf(name)
  // Who goes back and forth does not wander through the same screens again on the way out.
  if (before >= 0) state.trail.splice(before)
  else state.trail.push(state.screen)
  state.screen = name
  screens[name].enter?.(state)
}

/** Clears the filter first, then goes back to where one came from. */
export function goBack(state: State): void {
  // What the intercept screen keeps there is its breakpoint.
  if (screens[state.screen].hasFilter && state.filters[state.screen].source !== '') {
    state.filters[state.screen] = noFilter
    return
  }
  state.screen = state.trail.pop() ?? 'sessions'
}

/** The transcript of a session, at the exchange where that is still there. */
export function showExchange(state: State, id: SessionId, exchange: number | undefined): void {
  const session = state.sessions.get(id)
  if (!session) return
  state.selected = id
  state.view = newView()
  state.filters.transcript = noFilter
  const place = exchange === undefined ? undefined : placeOf(session.source, exchange)
  if (place !== undefined) state.view.cursor = { place, member: -1 }
  openScreen(state, 'transcript')
}

/** Rows in which an exchange is looked for, the newest first. */
const ROWS_SEARCHED = 20_000

/** Where a row of the exchange stands, if it is still there and not too far from the end. */
export function placeOf(source: RowSource, exchange: number): number | undefined {
  if (source.placeOf) return source.placeOf(exchange)
  for (let place = source.end - 1; place >= Math.max(source.first, source.end - ROWS_SEARCHED); place--) {
    const row = source.rowAt(place)
    if (row && row.kind !== 'note' && row.pair?.id === exchange) return place
  }
  return undefined
}
