/** The first line: how many sessions, how busy, how much memory, how many faults. */

import { octets, sparkline } from '../format.ts'
import { allScreens } from '../screens/registry.ts'
import { columnsOf } from '../width.ts'
import { fitSpans, mark, type Line, type Span } from '../span.ts'
import { liveCount, type State } from '../state.ts'

/** Seconds in the sparkline. */
export const SPARK = 12

/** Parts in order of importance; those that do not fit are left out whole. */
export function renderHeader(state: State, columns: number, now: number): Line {
  const spans: Span[] = [mark(' imaptap', 'title')]
  let used = columnsOf(' imaptap')
  for (const part of parts(state, now)) {
    const width = part.reduce((sum, span) => sum + columnsOf(span.text), 3)
    if (used + width > columns) continue
    spans.push(mark(' │ ', 'dim'), ...part)
    used += width
  }
  return { spans: fitSpans(spans, columns), isSelected: false }
}

function parts(state: State, now: number): Span[][] {
  const { commandRate, octetRate } = state
  return [
    [mark(`${liveCount(state)} live`, 'strong'), mark(` ${state.closedSeen} closed`)],
    ...(isWaiting(state) ? badges(state) : []),
    capturing(state),
    [
      mark(`${commandRate.perSecond(now).toFixed(0).padStart(3)} cmd/s `),
      mark(sparkline(commandRate.lastSeconds(now, SPARK)), 'accent'),
    ],
    [mark(`${octets(octetRate.perSecond(now)).padStart(4)}/s`)],
    faults(state),
    ...(isWaiting(state) ? [] : badges(state)),
    [mark(`heap ${octets(state.heapUsed)}`)],
    [mark(state.info.version, 'dim')],
  ].filter((part) => part.length > 0)
}

/** All that is said goes to a file; in the colour of a warning where passwords do, too. */
function capturing({ info: { capture, warnings = [] } }: State): Span[] {
  return capture === undefined ? [] : [mark('CAP', warnings.length > 0 ? 'warn' : 'good')]
}

/** Nobody may miss that something is held. */
function isWaiting({ intercept }: State): boolean {
  return intercept.held.length > 0
}

/** What waits for a person, on whatever screen. */
function badges(state: State): Span[][] {
  return allScreens.map(({ badge }) => [...(badge?.(state) ?? [])])
}

function faults(state: State): Span[] {
  if (state.errors + state.warnings === 0) return []
  const errors = mark(`E${state.errors}`, state.errors > 0 ? 'bad' : 'dim')
  return [
    mark('faults ', 'dim'),
    errors,
    mark(' '),
    mark(`W${state.warnings}`, state.warnings > 0 ? 'warn' : 'dim'),
  ]
}
