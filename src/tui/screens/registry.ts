/** All screens by name; a new one is a file and a line here. */

import type { State } from '../state.ts'
import { findingsScreen } from './findings.ts'
import { interceptScreen } from './intercept.ts'
import { logScreen } from './log.ts'
import { policyScreen } from './policy.ts'
import { screenNames, type ScreenName, type ScreenSpec } from './screen.ts'
import { sessionsScreen } from './sessions.ts'
import { statisticsScreen } from './statistics.ts'
import { transcriptScreen } from './transcript.ts'
import { treeScreen } from './tree.ts'

export const screens: Readonly<Record<ScreenName, ScreenSpec>> = {
  sessions: sessionsScreen,
  transcript: transcriptScreen,
  tree: treeScreen,
  findings: findingsScreen,
  statistics: statisticsScreen,
  log: logScreen,
  intercept: interceptScreen,
  policy: policyScreen,
}

export const allScreens: readonly ScreenSpec[] = screenNames.map((name) => screens[name])

/** Asked once for each event: only those that want to hear. */
export const hearingScreens: readonly ScreenSpec[] = allScreens.filter((one) => one.observe !== undefined)

export function openScreenOf(state: State): ScreenSpec {
  return screens[state.screen]
}
