/** Folds what the user asks for into the dashboard's state; what the shell must do itself is left in `requests`. */

import { parseFilter } from './filter.ts'
import type { UiAction } from './keys.ts'
import { layOut } from './layout.ts'
import { lastHelpTop } from './panes/help.ts'
import { scrolledTop, transcriptWindow } from './selection.ts'
import { liveCount, type State } from './state.ts'

export function act(state: State, action: UiAction): void {
  switch (action.kind) {
    case 'resized':
      state.columns = action.columns
      state.rows = action.rows
      return
    case 'tick':
      state.heapUsed = action.heapUsed
      return
    case 'flash':
      state.flash = { text: action.text, until: action.until }
      return
    case 'move':
      return move(state, action.by)
    case 'page':
      return move(state, action.by * pageSize(state))
    case 'jump':
      return jump(state, action.to)
    case 'sort':
      return sort(state, action.key)
    case 'open':
      return openTranscript(state)
    case 'switch-pane':
      return state.pane === 'sessions' ? openTranscript(state) : closeTranscript(state)
    case 'back':
      return goBack(state)
    case 'toggle-follow':
      return toggleFollow(state)
    case 'help':
      state.mode = state.mode.kind === 'help' ? { kind: 'browse' } : { kind: 'help', top: 0 }
      return
    case 'ask-kill':
    case 'ask-quit':
    case 'interrupt':
    case 'confirm':
    case 'decline':
      return ask(state, action.kind)
    default:
      return editFilter(state, action)
  }
}

function move(state: State, by: number): void {
  if (state.mode.kind === 'help') {
    state.mode.top = Math.max(0, Math.min(lastHelpTop(state), state.mode.top + by))
    return
  }
  const { visible, selected, transcriptLines } = layOut(state)
  if (!selected) return
  if (state.pane === 'transcript') {
    state.transcriptTop = scrolledTop(state, selected, { by, height: transcriptLines })
    return
  }
  const at = Math.max(0, Math.min(visible.length - 1, visible.indexOf(selected) + by))
  select(state, visible[at]?.id)
  state.sessionsTop = layOut(state).top
}

function pageSize(state: State): number {
  const { sessionLines, transcriptLines } = layOut(state)
  if (state.mode.kind === 'help') return Math.max(1, state.rows - 4)
  return Math.max(1, (state.pane === 'sessions' ? sessionLines : transcriptLines) - 1)
}

function jump(state: State, to: 'first' | 'last'): void {
  if (state.pane === 'transcript' && state.mode.kind !== 'help') {
    state.transcriptTop = to === 'first' ? 0 : undefined
    return
  }
  move(state, to === 'first' ? -state.sessionsSeen - 100 : state.sessionsSeen + 100)
}

function select(state: State, id: string | undefined): void {
  if (id === state.selected) return
  state.selected = id
  state.transcriptTop = undefined
}

function sort(state: State, key: State['sort']['key']): void {
  state.sort = { key, isReversed: state.sort.key === key ? !state.sort.isReversed : false }
}

/** From here on the selection stays with this session, even before the user ever moved it. */
function openTranscript(state: State): void {
  const { selected } = layOut(state)
  if (!selected) return
  select(state, selected.id)
  state.pane = 'transcript'
}

function closeTranscript(state: State): void {
  state.pane = 'sessions'
}

function goBack(state: State): void {
  if (state.filters[state.pane].source !== '') {
    state.filters[state.pane] = parseFilter('')
    return
  }
  closeTranscript(state)
}

function toggleFollow(state: State): void {
  const { selected, transcriptLines } = layOut(state)
  if (!selected) return
  const isFollowing = state.transcriptTop === undefined
  state.transcriptTop = isFollowing ? transcriptWindow(state, selected, transcriptLines).top : undefined
}

function ask(state: State, kind: 'ask-kill' | 'ask-quit' | 'interrupt' | 'confirm' | 'decline'): void {
  const { mode } = state
  state.mode = { kind: 'browse' }
  if (kind === 'ask-kill') return askKill(state)
  if (kind === 'ask-quit') return askQuit(state)
  if (kind === 'interrupt') return mode.kind === 'confirm-quit' ? quit(state) : askQuit(state)
  if (kind === 'decline') return
  if (mode.kind === 'confirm-quit') quit(state)
  if (mode.kind === 'confirm-kill') state.requests.push({ kind: 'kill', session: mode.session })
}

function askKill(state: State): void {
  const { selected } = layOut(state)
  if (!selected || selected.closed) return
  select(state, selected.id)
  state.mode = { kind: 'confirm-kill', session: selected.id }
}

function askQuit(state: State): void {
  if (liveCount(state) === 0) return quit(state)
  state.mode = { kind: 'confirm-quit' }
}

function quit(state: State): void {
  state.requests.push({ kind: 'quit' })
}

type FilterAction = Extract<UiAction, { kind: `filter-${string}` }>

function editFilter(state: State, action: FilterAction): void {
  const { source } = state.filters[state.pane]
  const set = (text: string): void => void (state.filters[state.pane] = parseFilter(text))
  switch (action.kind) {
    case 'filter-open':
      state.mode = { kind: 'filter' }
      return
    case 'filter-type':
      return set(source + action.text)
    case 'filter-erase':
      return set(Array.from(source).slice(0, -1).join(''))
    case 'filter-clear':
      return set('')
    case 'filter-cancel':
      set('')
      state.mode = { kind: 'browse' }
      return
    case 'filter-apply':
      state.mode = { kind: 'browse' }
  }
}
