/** What a person can ask for, and the keys that mean the same on every screen; knows no screen and no terminal. */

import type { SessionId, Ticket } from '../relay/event.ts'
import type { PolicyStatus } from '../relay/policy-status.ts'
import type { CopyForm } from './copy.ts'
import type { ScreenName } from './screens/screen.ts'
import type { PromptPurpose, SortKey, Theme } from './state.ts'

/** What a person asked for. */
export type UiAction =
  | { readonly kind: 'resized'; readonly columns: number; readonly rows: number }
  | { readonly kind: 'tick'; readonly heapUsed: number }
  /** How the policy stands, as it was just told. */
  | { readonly kind: 'policy'; readonly status: PolicyStatus | undefined }
  | { readonly kind: 'flash'; readonly text: string; readonly until: number }
  | { readonly kind: 'move'; readonly by: number }
  | { readonly kind: 'page'; readonly by: 1 | -1 }
  | { readonly kind: 'jump'; readonly to: 'first' | 'last' }
  | { readonly kind: 'open' | 'back' | 'switch-pane' | 'toggle-follow' | 'help' }
  | { readonly kind: 'sort'; readonly key: SortKey }
  | { readonly kind: 'theme'; readonly theme: Theme }
  | { readonly kind: 'toggle-mouse' }
  /** Row and column of the terminal, from 0. */
  | { readonly kind: 'click'; readonly row: number; readonly column: number }
  | { readonly kind: 'copy-menu' }
  | { readonly kind: 'copy'; readonly form: CopyForm }
  | { readonly kind: 'mark' | 'mark-shown' | 'write' }
  | { readonly kind: 'deadline'; readonly millis: number }
  | { readonly kind: 'edited'; readonly held: HeldName; readonly text: string }
  | { readonly kind: 'screen'; readonly screen: ScreenName }
  /** What only one screen understands, by a name that it chose. */
  | { readonly kind: 'own'; readonly name: string }
  | { readonly kind: 'prompt'; readonly purpose: PromptPurpose }
  /** A key pressed while a line is typed, or a menu is open. */
  | { readonly kind: 'type'; readonly key: string }
  | { readonly kind: 'ask-kill' | 'ask-quit' | 'interrupt' | 'confirm' | 'decline' }

export interface HeldName {
  readonly session: SessionId
  readonly ticket: Ticket
}

export interface Binding {
  /** As `screen.ts` names keys: the character itself, or `up`, `pageup`, `C-c`, ... */
  readonly keys: readonly string[]
  readonly action: UiAction
  /** How the help writes the keys. */
  readonly shown: string
  /** What the palette calls it: words in lower case, unique together with those of every screen. */
  readonly command: string
  readonly help: string
  /** The word in the footer, where this key belongs there. */
  readonly hint?: string
}

/** Keys of every screen; a screen's own come first. */
export const commonBindings: readonly Binding[] = [
  {
    keys: ['/'],
    action: { kind: 'prompt', purpose: 'filter' },
    shown: '/',
    command: 'filter',
    help: 'filter what is shown: ann  ~c FETCH  ~s NO  ~t >200ms  !word  (`imaptap help filter`)',
    hint: 'filter',
  },
  {
    keys: [':'],
    action: { kind: 'prompt', purpose: 'palette' },
    shown: ':',
    command: 'palette',
    help: 'every command by its name; Tab completes',
  },
  {
    keys: ['escape'],
    action: { kind: 'back' },
    shown: 'Esc',
    command: 'back',
    help: 'clear the filter, then go back',
  },
  {
    keys: ['tab', 'S-tab'],
    action: { kind: 'switch-pane' },
    shown: 'Tab',
    command: 'pane',
    help: 'switch between sessions and transcript',
    hint: 'pane',
  },
  screenKey('1', 'sessions', 'all sessions'),
  screenKey('2', 'transcript', 'the transcript of the selected session'),
  screenKey('3', 'findings', 'what is wrong, and whose fault it is'),
  screenKey('4', 'statistics', 'which commands take the time'),
  screenKey('5', 'log', 'warnings, rewrites, failures and failed logins of all sessions'),
  screenKey('6', 'intercept', 'the messages that are held'),
  screenKey('7', 'policy', 'the rules of the policy, and what waits for approval'),
  { keys: ['up', 'k'], action: { kind: 'move', by: -1 }, shown: '↑ k', command: 'up', help: 'up' },
  { keys: ['down', 'j'], action: { kind: 'move', by: 1 }, shown: '↓ j', command: 'down', help: 'down' },
  {
    keys: ['pageup', 'C-b'],
    action: { kind: 'page', by: -1 },
    shown: 'PgUp C-b',
    command: 'page up',
    help: 'a page up',
  },
  {
    keys: ['pagedown', 'C-f'],
    action: { kind: 'page', by: 1 },
    shown: 'PgDn C-f',
    command: 'page down',
    help: 'a page down',
  },
  {
    keys: ['g', 'home'],
    action: { kind: 'jump', to: 'first' },
    shown: 'g Home',
    command: 'top',
    help: 'to the top',
  },
  {
    keys: ['G', 'end'],
    action: { kind: 'jump', to: 'last' },
    shown: 'G End',
    command: 'end',
    help: 'to the end; a transcript follows again',
  },
  {
    keys: ['y'],
    action: { kind: 'copy-menu' },
    shown: 'y',
    command: 'copy',
    help: 'copy what is selected: wire text, JSON or a report',
    hint: 'copy',
  },
  {
    keys: ['i'],
    action: { kind: 'prompt', purpose: 'intercept' },
    shown: 'i',
    command: 'breakpoint',
    help: 'hold what matches a filter; an empty one holds nothing',
    hint: 'intercept',
  },
  { keys: ['?'], action: { kind: 'help' }, shown: '?', command: 'help', help: 'this help', hint: 'help' },
  {
    keys: ['q'],
    action: { kind: 'ask-quit' },
    shown: 'q',
    command: 'quit',
    help: 'quit (asks while sessions are live)',
    hint: 'quit',
  },
  {
    keys: ['C-c'],
    action: { kind: 'interrupt' },
    shown: 'C-c',
    command: 'interrupt',
    help: 'quit; twice: at once',
  },
]

function screenKey(key: string, screen: ScreenName, help: string): Binding {
  return { keys: [key], action: { kind: 'screen', screen }, shown: key, command: screen, help }
}
