/** The contract between the dashboard and its screens: what each of them brings; knows none of them. */

import type { ObservedEvent } from '../../findings/finding.ts'
import type { Binding, UiAction } from '../keys.ts'
import type { Layout } from '../layout.ts'
import type { Line, Span } from '../span.ts'
import type { SessionRow, State } from '../state.ts'

/** In the order of the digits that open them. */
export const screenNames = [
  'sessions',
  'transcript',
  'findings',
  'statistics',
  'log',
  'intercept',
  'policy',
  'tree',
] as const
export type ScreenName = (typeof screenNames)[number]

/** The part of the terminal between header and footer. */
export interface Area {
  readonly columns: number
  readonly rows: number
  /** How sessions and transcript share it: thousands of sessions are put in order once a frame, not thrice. */
  readonly layout?: Layout
}

export interface Clock {
  /** On the events' clock. */
  readonly now: number
  /** Added to an event's time it gives the wall clock's. */
  readonly epoch: number
}

export interface ScreenSpec {
  readonly name: ScreenName
  /** How the help and the palette call it. */
  readonly title: string
  /** Its own keys; they win over those that mean the same everywhere. */
  readonly bindings: readonly Binding[]
  /** `/` works here: the filter is `state.filters[name]`. */
  readonly hasFilter: boolean
  /** Exactly `area.rows` lines; the frame cuts and fills each to the columns. */
  readonly render: (state: State, area: Area, clock: Clock) => Line[]
  /** Hears every action before anybody else while it is open; true when that was all about it. */
  readonly act?: (state: State, action: UiAction, area: Area) => boolean
  /** Called when the screen is opened. */
  readonly enter?: (state: State) => void
  /** Hears every event after the session's row took it; what it keeps must be bounded, what it does cheap. */
  readonly observe?: (state: State, event: ObservedEvent, session: SessionRow) => void
  /** What stands at the right of the header, such as what waits for a person. */
  readonly badge?: (state: State) => readonly Span[]
}
