/** Composes the whole screen out of the panes; a pure function of the state, the clock and nothing else. */

import { areaOf, isConversation } from './layout.ts'
import { renderFooter } from './panes/footer.ts'
import { renderHeader } from './panes/header.ts'
import { renderHelp } from './panes/help.ts'
import { renderOffers } from './panes/prompt.ts'
import { renderWelcome } from './panes/welcome.ts'
import { openScreenOf } from './screens/registry.ts'
import type { Area, Clock } from './screens/screen.ts'
import { blank, fitLine, type Line } from './span.ts'
import type { State } from './state.ts'

export type { Clock } from './screens/screen.ts'

/** Exactly `state.rows` lines of exactly `state.columns` columns. */
export function renderFrame(state: State, clock: Clock): Line[] {
  const area = areaOf(state)
  const footer = renderFooter(state, area, clock.now)
  const lines = [renderHeader(state, state.columns, clock.now), ...covered(state, area, clock), ...footer]
  while (lines.length < state.rows) lines.splice(-footer.length, 0, blank)
  return lines.slice(0, state.rows).map((one) => fitLine(one, state.columns))
}

/** What is offered while something is typed lies over the end of the screen. */
function covered(state: State, area: Area, clock: Clock): Line[] {
  const body = renderBody(state, area, clock)
  const offers = renderOffers(state)
  return offers.length === 0 ? body : [...body.slice(0, Math.max(0, body.length - offers.length)), ...offers]
}

function renderBody(state: State, area: Area, clock: Clock): Line[] {
  if (state.mode.kind === 'help') return renderHelp(state, area.rows, state.mode.top)
  if (state.sessions.size === 0 && isConversation(state)) return renderWelcome(state, area.rows)
  return openScreenOf(state).render(state, area, clock)
}
