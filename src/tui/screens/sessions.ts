/** The sessions screen: the list, and below it, where there is room, the transcript of the selected one. */

import type { Binding, UiAction } from '../keys.ts'
import { layOut } from '../layout.ts'
import { renderSessions } from '../panes/sessions.ts'
import { renderTranscript } from '../panes/transcript.ts'
import type { Line } from '../span.ts'
import { tell, type SortKey, type State } from '../state.ts'
import { newView } from '../transcript-view.ts'
import type { Area, Clock, ScreenSpec } from './screen.ts'

const bindings: readonly Binding[] = [
  {
    keys: ['enter', 'right'],
    action: { kind: 'open' },
    shown: 'Enter',
    command: 'open',
    help: 'open the transcript of the session',
    hint: 'open',
  },
  {
    keys: ['K'],
    action: { kind: 'ask-kill' },
    shown: 'K',
    command: 'kill',
    help: 'kill the session (asks first)',
    hint: 'kill',
  },
  {
    keys: [' '],
    action: { kind: 'mark' },
    shown: 'Space',
    command: 'mark',
    help: 'mark the session, or take the mark away; then one down',
  },
  {
    keys: ['m'],
    action: { kind: 'mark-shown' },
    shown: 'm',
    command: 'mark shown',
    help: 'mark all sessions that the filter shows, or take the marks away',
  },
  {
    keys: ['w'],
    action: { kind: 'write' },
    shown: 'w',
    command: 'write',
    help: 'write the marked sessions, or the selected one, to a capture file',
  },
  sortKey('I', 'recent', 'sort by ID: newest first'),
  sortKey('U', 'user', 'sort by user'),
  sortKey('M', 'mailbox', 'sort by mailbox'),
  sortKey('C', 'commands', 'sort by commands'),
  sortKey('N', 'now', 'sort by how long the command has run'),
  sortKey('A', 'age', 'sort by age'),
  sortKey('L', 'latency', 'sort by latency (p95)'),
  sortKey('O', 'octets', 'sort by octets'),
  sortKey('F', 'faults', 'sort by faults; the same letter again reverses'),
]

function sortKey(key: string, by: SortKey, help: string): Binding {
  return { keys: [key], action: { kind: 'sort', key: by }, shown: key, command: `sort ${by}`, help }
}

export const sessionsScreen: ScreenSpec = {
  name: 'sessions',
  title: 'Sessions',
  bindings,
  hasFilter: true,
  render: renderConversation,
  act,
}

/** Both panes where there is room, else the one that has the keys. */
export function renderConversation(state: State, area: Area, clock: Clock): Line[] {
  const layout = area.layout ?? layOut(state)
  const sessions = layout.sessionLines > 0 ? renderSessions(state, layout, clock.now) : []
  const transcript = layout.transcriptLines > 0 ? renderTranscript(state, layout, clock) : []
  return [...sessions, ...transcript]
}

function act(state: State, action: UiAction): boolean {
  switch (action.kind) {
    case 'move':
      return move(state, action.by)
    case 'page':
      return move(state, action.by * Math.max(1, layOut(state).sessionLines - 1))
    case 'jump':
      return move(state, action.to === 'first' ? -state.sessionsSeen - 100 : state.sessionsSeen + 100)
    case 'sort':
      return sort(state, action.key)
    case 'open':
    case 'switch-pane':
      return openTranscript(state)
    case 'click':
      return click(state, action.row)
    case 'mark':
      return markSelected(state)
    case 'mark-shown':
      return markShown(state)
    case 'write':
      return write(state)
    case 'screen':
      return action.screen === 'transcript' && openTranscript(state)
    default:
      return false
  }
}

function move(state: State, by: number): true {
  const { visible, selected } = layOut(state)
  if (!selected) return true
  const at = Math.max(0, Math.min(visible.length - 1, visible.indexOf(selected) + by))
  select(state, visible[at]?.id)
  state.sessionsTop = layOut(state).top
  return true
}

function select(state: State, id: string | undefined): void {
  if (id === state.selected) return
  state.selected = id
  state.view = newView()
}

/** Rows above the first session: the header, the title and the headings. */
const ABOVE = 3

/** Once selects, once more opens. */
function click(state: State, row: number): boolean {
  const { visible, selected, top, sessionLines } = layOut(state)
  const clicked = row >= ABOVE && row < ABOVE + sessionLines ? visible[top + row - ABOVE] : undefined
  if (!clicked) return false
  if (clicked === selected) return openTranscript(state)
  select(state, clicked.id)
  return true
}

function markSelected(state: State): true {
  const { selected } = layOut(state)
  if (selected) selected.isMarked = !selected.isMarked
  return move(state, 1)
}

function markShown(state: State): true {
  const { visible } = layOut(state)
  const isMarked = !visible.every((one) => one.isMarked)
  for (const session of visible) session.isMarked = isMarked
  return true
}

function write(state: State): true {
  const marked = [...state.sessions.values()].filter((one) => one.isMarked).map((one) => one.id)
  const { selected } = layOut(state)
  const sessions = marked.length > 0 ? marked : selected ? [selected.id] : []
  if (!state.canWrite) tell(state, 'Here nothing can be written.')
  else if (sessions.length > 0) state.requests.push({ kind: 'write', sessions })
  return true
}

function sort(state: State, key: SortKey): true {
  state.sort = { key, isReversed: state.sort.key === key ? !state.sort.isReversed : false }
  return true
}

/** From here on the selection stays with this session, even before the user ever moved it. */
function openTranscript(state: State): true {
  const { selected } = layOut(state)
  if (!selected) return true
  select(state, selected.id)
  state.trail.push('sessions')
  state.screen = 'transcript'
  return true
}
