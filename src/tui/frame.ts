/** Composes the whole screen out of the panes; a pure function of the state, the clock and nothing else. */

import { layOut } from './layout.ts'
import { renderFooter } from './panes/footer.ts'
import { renderHeader } from './panes/header.ts'
import { renderHelp } from './panes/help.ts'
import { renderSessions } from './panes/sessions.ts'
import { renderTranscript } from './panes/transcript.ts'
import { renderWelcome } from './panes/welcome.ts'
import { blank, fitLine, type Line } from './span.ts'
import type { State } from './state.ts'

export interface Clock {
  /** On the events' clock. */
  readonly now: number
  /** Added to an event's time it gives the wall clock's. */
  readonly epoch: number
}

/** Exactly `state.rows` lines of exactly `state.columns` columns. */
export function renderFrame(state: State, clock: Clock): Line[] {
  const layout = layOut(state)
  const footer = renderFooter(state, layout, clock.now)
  const height = Math.max(0, state.rows - 1 - footer.length)
  const body = renderBody(state, { layout, clock, height })
  const lines = [renderHeader(state, state.columns, clock.now), ...body, ...footer]
  while (lines.length < state.rows) lines.push(blank)
  return lines.slice(0, state.rows).map((one) => fitLine(one, state.columns))
}

interface Body {
  readonly layout: ReturnType<typeof layOut>
  readonly clock: Clock
  readonly height: number
}

function renderBody(state: State, { layout, clock, height }: Body): Line[] {
  if (state.mode.kind === 'help') return renderHelp(state, height, state.mode.top)
  if (state.sessions.size === 0) return renderWelcome(state, height)
  const sessions = layout.sessionLines > 0 ? renderSessions(state, layout, clock.now) : []
  const transcript = layout.transcriptLines > 0 ? renderTranscript(state, layout, clock) : []
  return [...sessions, ...transcript]
}
