/** Which key does what, in one table that drives both the dispatch and the help; knows no terminal. */

import { unreachable } from '../imap/fault.ts'
import type { Mode, Pane, SortKey } from './state.ts'

/** What a person asked for. */
export type UiAction =
  | { readonly kind: 'resized'; readonly columns: number; readonly rows: number }
  | { readonly kind: 'tick'; readonly heapUsed: number }
  | { readonly kind: 'move'; readonly by: number }
  | { readonly kind: 'page'; readonly by: 1 | -1 }
  | { readonly kind: 'jump'; readonly to: 'first' | 'last' }
  | { readonly kind: 'open' | 'back' | 'switch-pane' | 'toggle-follow' | 'help' }
  | { readonly kind: 'sort'; readonly key: SortKey }
  | { readonly kind: 'filter-open' | 'filter-apply' | 'filter-cancel' | 'filter-erase' | 'filter-clear' }
  | { readonly kind: 'filter-type'; readonly text: string }
  | { readonly kind: 'ask-kill' | 'ask-quit' | 'interrupt' | 'confirm' | 'decline' }
  | { readonly kind: 'flash'; readonly text: string; readonly until: number }

export interface Binding {
  /** As `screen.ts` names keys: the character itself, or `up`, `pageup`, `C-c`, ... */
  readonly keys: readonly string[]
  readonly action: UiAction
  /** How the help writes the keys. */
  readonly shown: string
  readonly help: string
  /** The word in the footer, where this key belongs there. */
  readonly hint?: string
  /** Only in this pane; in both where it is absent. */
  readonly pane?: Pane
}

export const bindings: readonly Binding[] = [
  {
    keys: ['enter', 'right'],
    action: { kind: 'open' },
    shown: 'Enter',
    help: 'open the transcript of the session',
    hint: 'open',
    pane: 'sessions',
  },
  {
    keys: ['escape'],
    action: { kind: 'back' },
    shown: 'Esc',
    help: 'clear the filter, then go back',
    hint: 'back',
    pane: 'transcript',
  },
  { keys: ['escape'], action: { kind: 'back' }, shown: 'Esc', help: 'clear the filter', pane: 'sessions' },
  {
    keys: ['f'],
    action: { kind: 'toggle-follow' },
    shown: 'f',
    help: 'follow the end, or stop following',
    hint: 'follow',
    pane: 'transcript',
  },
  {
    keys: ['/'],
    action: { kind: 'filter-open' },
    shown: '/',
    help: 'filter: ann  user:ann  cmd:fetch  status:no  >200ms  !word',
    hint: 'filter',
  },
  {
    keys: ['tab', 'S-tab'],
    action: { kind: 'switch-pane' },
    shown: 'Tab',
    help: 'switch between sessions and transcript',
    hint: 'pane',
  },
  {
    keys: ['K'],
    action: { kind: 'ask-kill' },
    shown: 'K',
    help: 'kill the session (asks first)',
    hint: 'kill',
  },
  { keys: ['up', 'k'], action: { kind: 'move', by: -1 }, shown: '↑ k', help: 'up' },
  { keys: ['down', 'j'], action: { kind: 'move', by: 1 }, shown: '↓ j', help: 'down' },
  { keys: ['pageup', 'C-b'], action: { kind: 'page', by: -1 }, shown: 'PgUp C-b', help: 'a page up' },
  { keys: ['pagedown', 'C-f', ' '], action: { kind: 'page', by: 1 }, shown: 'PgDn C-f', help: 'a page down' },
  { keys: ['g', 'home'], action: { kind: 'jump', to: 'first' }, shown: 'g Home', help: 'to the top' },
  {
    keys: ['G', 'end'],
    action: { kind: 'jump', to: 'last' },
    shown: 'G End',
    help: 'to the end; a transcript follows again',
  },
  {
    keys: ['I'],
    action: { kind: 'sort', key: 'recent' },
    shown: 'I',
    help: 'sort by ID: newest first',
    pane: 'sessions',
  },
  { keys: ['U'], action: { kind: 'sort', key: 'user' }, shown: 'U', help: 'sort by user', pane: 'sessions' },
  {
    keys: ['M'],
    action: { kind: 'sort', key: 'mailbox' },
    shown: 'M',
    help: 'sort by mailbox',
    pane: 'sessions',
  },
  {
    keys: ['C'],
    action: { kind: 'sort', key: 'commands' },
    shown: 'C',
    help: 'sort by commands',
    pane: 'sessions',
  },
  {
    keys: ['N'],
    action: { kind: 'sort', key: 'now' },
    shown: 'N',
    help: 'sort by how long the command has run',
    pane: 'sessions',
  },
  { keys: ['A'], action: { kind: 'sort', key: 'age' }, shown: 'A', help: 'sort by age', pane: 'sessions' },
  {
    keys: ['L'],
    action: { kind: 'sort', key: 'latency' },
    shown: 'L',
    help: 'sort by latency (p95)',
    pane: 'sessions',
  },
  {
    keys: ['O'],
    action: { kind: 'sort', key: 'octets' },
    shown: 'O',
    help: 'sort by octets',
    pane: 'sessions',
  },
  {
    keys: ['F'],
    action: { kind: 'sort', key: 'faults' },
    shown: 'F',
    help: 'sort by faults; the same letter again reverses',
    pane: 'sessions',
  },
  { keys: ['?'], action: { kind: 'help' }, shown: '?', help: 'this help', hint: 'help' },
  {
    keys: ['q'],
    action: { kind: 'ask-quit' },
    shown: 'q',
    help: 'quit (asks while sessions are live)',
    hint: 'quit',
  },
  { keys: ['C-c'], action: { kind: 'interrupt' }, shown: 'C-c', help: 'quit; twice: at once' },
]

/** What a key means now, or undefined when it means nothing. */
export function actionFor(key: string, mode: Mode, pane: Pane): UiAction | undefined {
  if (key === 'C-c') return { kind: 'interrupt' }
  switch (mode.kind) {
    case 'filter':
      return filterAction(key)
    case 'confirm-kill':
    case 'confirm-quit':
      return { kind: key === 'y' || key === 'Y' ? 'confirm' : 'decline' }
    case 'help':
      return helpAction(key)
    case 'browse':
      return bindings.find((one) => one.keys.includes(key) && (one.pane ?? pane) === pane)?.action
    default:
      return unreachable(mode)
  }
}

function filterAction(key: string): UiAction | undefined {
  if (key === 'enter') return { kind: 'filter-apply' }
  if (key === 'escape') return { kind: 'filter-cancel' }
  if (key === 'backspace') return { kind: 'filter-erase' }
  if (key === 'C-u') return { kind: 'filter-clear' }
  return Array.from(key).length === 1 ? { kind: 'filter-type', text: key } : undefined
}

const SCROLLING = new Set(['move', 'page', 'jump'])

function helpAction(key: string): UiAction {
  const action = bindings.find((one) => one.keys.includes(key))?.action
  return action && SCROLLING.has(action.kind) ? action : { kind: 'help' }
}

export interface HelpRow {
  readonly isHeading: boolean
  readonly shown: string
  readonly help: string
}

/** The table as the help shows it. */
export function helpRows(): HelpRow[] {
  return [
    ...section('Everywhere', undefined),
    ...section('Sessions', 'sessions'),
    ...section('Transcript', 'transcript'),
  ]
}

function section(title: string, pane: Pane | undefined): HelpRow[] {
  const rows = bindings.filter((one) => one.pane === pane)
  return [
    { isHeading: true, shown: '', help: title },
    ...rows.map(({ shown, help }) => ({ isHeading: false, shown, help })),
  ]
}
