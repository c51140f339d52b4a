/** The commands of the palette: every binding by its name, and what has a name but no key; draws nothing. */

import { bindingsOf } from './key-table.ts'
import type { UiAction } from './keys.ts'
import { allScreens } from './screens/registry.ts'
import type { State } from './state.ts'

export interface Command {
  readonly command: string
  readonly help: string
  /** The key that does the same, where there is one. */
  readonly shown: string
  readonly action: UiAction
}

/** Commands without a key: what one sets once. */
const UNBOUND: readonly Command[] = [
  {
    command: 'theme dark',
    help: 'colours for a dark terminal',
    shown: '',
    action: { kind: 'theme', theme: 'dark' },
  },
  {
    command: 'theme light',
    help: 'colours for a light terminal',
    shown: '',
    action: { kind: 'theme', theme: 'light' },
  },
  { command: 'theme mono', help: 'no colours', shown: '', action: { kind: 'theme', theme: 'mono' } },
  {
    command: 'copy wire text',
    help: 'as it was said, redacted',
    shown: 'y w',
    action: { kind: 'copy', form: 'wire' },
  },
  {
    command: 'copy json',
    help: 'with times and octets',
    shown: 'y j',
    action: { kind: 'copy', form: 'json' },
  },
  {
    command: 'copy report',
    help: 'for a bug tracker, without the user',
    shown: 'y r',
    action: { kind: 'copy', form: 'report' },
  },
  {
    command: 'deadline 15s',
    help: 'breakpoints hold a message so long at most',
    shown: '',
    action: { kind: 'deadline', millis: 15_000 },
  },
  {
    command: 'deadline 60s',
    help: 'as long as most clients wait',
    shown: '',
    action: { kind: 'deadline', millis: 60_000 },
  },
  {
    command: 'deadline 5m',
    help: 'for patient clients',
    shown: '',
    action: { kind: 'deadline', millis: 300_000 },
  },
  { command: 'mouse', help: 'the mouse on, or off again', shown: '', action: { kind: 'toggle-mouse' } },
]

function allCommands(state: State): Command[] {
  const bound = bindingsOf(state).filter((one) => one.command !== 'palette')
  const screens = allScreens
    .filter(({ name }) => !bound.some((one) => one.command === name))
    .map(({ name, title }): Command => ({
      command: name,
      help: `the screen ${title}`,
      shown: '',
      action: { kind: 'screen', screen: name },
    }))
  return [...bound, ...screens, ...UNBOUND]
}

/** Those that begin so, then those that have it anywhere in their name, then in what they do. */
export function commandsLike(state: State, typed: string): Command[] {
  const wanted = typed.trim().toLowerCase()
  const rank = ({ command, help }: Command): number => {
    if (command === wanted) return 0
    if (command.startsWith(wanted)) return 1
    if (command.includes(wanted)) return 2
    return help.toLowerCase().includes(wanted) ? 3 : 4
  }
  return allCommands(state)
    .map((one) => ({ one, rank: rank(one) }))
    .filter((found) => found.rank < 4)
    .toSorted((a, b) => a.rank - b.rank)
    .map((found) => found.one)
}
