/** Folds what the user asks for into the dashboard's state; what the shell must do itself is left in `requests`. */

import { copyOf, type CopyForm } from './copy.ts'
import { duration } from './format.ts'
import type { HeldName, UiAction } from './keys.ts'
import { areaOf } from './layout.ts'
import { goBack, openScreen } from './navigation.ts'
import { lastHelpTop } from './panes/help.ts'
import { openPrompt, typeKey } from './prompt.ts'
import { setDraft } from './screens/intercept-state.ts'
import { takeStatus } from './screens/policy.ts'
import { openScreenOf } from './screens/registry.ts'
import { selectedOf } from './selection.ts'
import { liveCount, tell, type State } from './state.ts'

export function act(state: State, action: UiAction): void {
  if (state.mode.kind === 'help' && scrollHelp(state, action)) return
  if (isForScreen(action) && openScreenOf(state).act?.(state, action, areaOf(state)) === true) return
  switch (action.kind) {
    case 'resized':
      state.columns = action.columns
      state.rows = action.rows
      return
    case 'tick':
      state.heapUsed = action.heapUsed
      return
    case 'policy':
      return takeStatus(state, action.status)
    case 'flash':
      state.flash = { text: action.text, until: action.until }
      return
    case 'screen':
      return openScreen(state, action.screen)
    case 'switch-pane':
      return openScreen(state, state.screen === 'sessions' ? 'transcript' : 'sessions')
    case 'back':
      return goBack(state)
    case 'help':
      state.mode = state.mode.kind === 'help' ? { kind: 'browse' } : { kind: 'help', top: 0 }
      return
    case 'prompt':
      return openPrompt(state, action.purpose)
    case 'theme':
      state.theme = action.theme
      return
    case 'toggle-mouse':
      state.hasMouse = !state.hasMouse
      return
    case 'copy-menu':
      state.mode = { kind: 'copy-menu' }
      return
    case 'copy':
      return copy(state, action.form)
    case 'deadline':
      return setDeadline(state, action.millis)
    case 'edited':
      return takeEdited(state, action)
    case 'type':
      return typeKey(state, action.key, (chosen) => act(state, chosen))
    case 'ask-kill':
    case 'ask-quit':
    case 'interrupt':
    case 'confirm':
    case 'decline':
      return ask(state, action.kind)
    default:
      return
  }
}

function copy(state: State, form: CopyForm): void {
  state.mode = { kind: 'browse' }
  const copied = copyOf(state, form)
  if (copied) state.requests.push({ kind: 'copy', copied })
  else tell(state, 'Nothing is selected.')
}

function setDeadline(state: State, timeoutMillis: number): void {
  const { intercept } = state
  intercept.timeoutMillis = timeoutMillis
  if (intercept.source !== undefined)
    state.requests.push({ kind: 'break', filter: intercept.source, timeoutMillis })
  tell(state, `From now on a held message waits ${duration(timeoutMillis)} at most.`)
}

/** It may be gone by now: its deadline did not wait for the editor. */
function takeEdited(state: State, { held: name, text }: Extract<UiAction, { kind: 'edited' }>): void {
  const isIt = (one: HeldName): boolean => one.session === name.session && one.ticket === name.ticket
  const held = state.intercept.held.find(isIt)
  if (held) setDraft(held, text)
  else tell(state, 'It went on while it was edited: its time was up.')
}

/** What happens to the dashboard as a whole is not for a screen to hear. */
function isForScreen(action: UiAction): boolean {
  const { kind } = action
  return kind !== 'resized' && kind !== 'tick' && kind !== 'flash' && kind !== 'policy'
}

function scrollHelp(state: State, action: UiAction): boolean {
  if (state.mode.kind !== 'help') return false
  const page = Math.max(1, state.rows - 4)
  const to = (top: number): true => {
    state.mode = { kind: 'help', top: Math.max(0, Math.min(lastHelpTop(state), top)) }
    return true
  }
  if (action.kind === 'move') return to(state.mode.top + action.by)
  if (action.kind === 'page') return to(state.mode.top + action.by * page)
  if (action.kind === 'jump') return to(action.to === 'first' ? 0 : Infinity)
  return false
}

function ask(state: State, kind: 'ask-kill' | 'ask-quit' | 'interrupt' | 'confirm' | 'decline'): void {
  const { mode } = state
  state.mode = { kind: 'browse' }
  if (kind === 'ask-kill') return askKill(state)
  if (kind === 'ask-quit') return askQuit(state)
  if (kind === 'interrupt') return mode.kind === 'confirm-quit' ? quit(state) : askQuit(state)
  if (kind === 'decline') return
  if (mode.kind === 'confirm-quit') quit(state)
  if (mode.kind === 'confirm-dry-run') state.requests.push(mode.asked)
  if (mode.kind === 'confirm-kill') state.requests.push({ kind: 'kill', session: mode.session })
}

function askKill(state: State): void {
  const selected = selectedOf(state)
  if (state.info.isRecording === true) return tell(state, 'This is a recording: nothing is left to kill.')
  if (!selected) return tell(state, 'There is no session to kill.')
  if (selected.closed) return tell(state, `${selected.id} is already closed.`)
  state.selected = selected.id
  state.mode = { kind: 'confirm-kill', session: selected.id }
}

function askQuit(state: State): void {
  if (liveCount(state) === 0 || state.info.isOnlooker === true) return quit(state)
  state.mode = { kind: 'confirm-quit' }
}

function quit(state: State): void {
  state.requests.push({ kind: 'quit' })
}
