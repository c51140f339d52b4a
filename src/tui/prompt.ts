/** The line that is typed at the bottom of the screen: what its keys do for each purpose; draws nothing. */

import { unreachable } from '../imap/fault.ts'
import { completeFilter } from '../filter/completion.ts'
import { noFilter, typeFilter } from './filter-slot.ts'
import type { UiAction } from './keys.ts'
import { editLine, emptyLine, lineOf, type EditedLine } from './line-edit.ts'
import { commandsLike } from './palette.ts'
import { editableText, editedHeld, setDraft } from './screens/intercept-state.ts'
import type { ScreenName } from './screens/screen.ts'
import { tell, type Mode, type PromptPurpose, type State } from './state.ts'

type Prompt = Extract<Mode, { kind: 'prompt' }>

/** Offers shown at once. */
export const OFFERS_SHOWN = 8

export function openPrompt(state: State, purpose: PromptPurpose): void {
  if (purpose === 'intercept' && !state.canHold) return tell(state, 'Here nothing can be held.')
  const slot = slotOf(state, purpose)
  const line = slot ? lineOf(state.filters[slot].source) : emptyLine
  setLine(state, { kind: 'prompt', purpose, line, offers: [], chosen: -1 }, line)
}

/** `perform` does what was chosen, once the line is closed. */
export function typeKey(state: State, key: string, perform: (action: UiAction) => void): void {
  const { mode } = state
  if (mode.kind !== 'prompt') return
  if (mode.purpose === 'edit' && !editedHeld(state.intercept)) return leaveEdit(state)
  switch (key) {
    case 'enter':
      return finish(state, mode, perform)
    case 'escape':
      return cancel(state, mode)
    case 'tab':
      return complete(state, mode)
    case 'up':
    case 'down':
      return choose(state, mode, key === 'up' ? -1 : 1)
    default: {
      const line = editLine(mode.line, key)
      if (line) setLine(state, mode, line)
    }
  }
}

/** What is typed for a message that went on must not reach the next one. */
function leaveEdit(state: State): void {
  state.mode = { kind: 'browse' }
  tell(state, 'It went on while it was edited: its time was up.')
}

function setLine(state: State, mode: Prompt, line: EditedLine): void {
  const offers = mode.purpose === 'palette' ? commandsLike(state, line.text).map((one) => one.command) : []
  state.mode = { ...mode, line, offers, chosen: -1 }
  const slot = slotOf(state, mode.purpose)
  if (slot) state.filters[slot] = typeFilter(state.filters[slot], line.text)
  const held = mode.purpose === 'edit' && editedHeld(state.intercept)
  if (held && line.text !== editableText(held)?.trimEnd()) setDraft(held, line.text)
}

/** Whose filter is typed; a breakpoint's is kept as that of its screen. */
export function slotOf(state: State, purpose: PromptPurpose): ScreenName | undefined {
  if (purpose === 'filter') return state.screen
  return purpose === 'intercept' ? 'intercept' : undefined
}

function cancel(state: State, { purpose }: Prompt): void {
  if (purpose === 'filter') state.filters[state.screen] = noFilter
  if (purpose === 'intercept') state.filters.intercept = typeFilter(noFilter, state.intercept.source ?? '')
  const held = purpose === 'edit' && editedHeld(state.intercept)
  if (held) held.draft = undefined
  state.mode = { kind: 'browse' }
}

/** The only way to go on is taken at once; of several each further Tab takes the next. */
function complete(state: State, mode: Prompt): void {
  if (mode.purpose === 'search' || mode.purpose === 'edit') return
  if (mode.chosen >= 0) return choose(state, mode, 1)
  const offers = mode.purpose === 'palette' ? mode.offers : waysOn(state, mode.line)
  if (offers.length > 0) choose(state, { ...mode, offers }, 1)
}

function choose(state: State, mode: Prompt, step: number): void {
  if (mode.offers.length === 0) return
  const { offers, purpose, line: typed } = mode
  const chosen = (mode.chosen + step + offers.length) % offers.length
  const offer = offers[chosen] ?? ''
  const behind = typed.text.length - typed.cursor
  const line = {
    text: offer,
    cursor: purpose === 'palette' ? offer.length : Math.max(0, offer.length - behind),
  }
  setLine(state, mode, line)
  if (state.mode.kind === 'prompt')
    state.mode = { ...state.mode, offers, chosen: offers.length > 1 ? chosen : -1 }
}

function waysOn(state: State, { text, cursor }: EditedLine): readonly string[] {
  return completeFilter(text, cursor, valuesSeen(state)).filter((way) => way !== text)
}

/** Sessions whose names are offered: no more than anybody looks through. */
const SESSIONS_OFFERED = 100

function valuesSeen(state: State): Readonly<Record<string, readonly string[]>> {
  const sessions = [...state.sessions.values()].slice(-SESSIONS_OFFERED)
  return {
    u: seen(sessions.map(({ user, triedUser }) => user ?? triedUser)),
    m: seen(sessions.map((one) => one.mailbox)),
    id: seen(sessions.map((one) => one.id)),
    client: seen(sessions.map((one) => one.agent)),
    f: seen(sessions.flatMap((one) => one.found.map(({ id }) => id))),
  }
}

function seen(values: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(values.filter((value) => value !== undefined))]
}

function finish(state: State, { purpose, line }: Prompt, perform: (action: UiAction) => void): void {
  const [best] = commandsLike(state, line.text)
  // What is wrong stays open, with its place shown, until it is mended or given up.
  const slot = slotOf(state, purpose)
  if (slot && state.filters[slot].fault) return
  if (purpose === 'palette' && line.text !== '' && !best) return
  state.mode = { kind: 'browse' }
  switch (purpose) {
    case 'filter':
      return
    case 'palette':
      if (best && line.text !== '') perform(best.action)
      return
    case 'intercept':
      return setBreakpoint(state, line.text.trim())
    case 'edit':
      return
    case 'search':
      if (line.text !== '') state.search = line.text
      return perform({ kind: 'own', name: 'search on' })
    default:
      return unreachable(purpose)
  }
}

/** One that is empty holds nothing, and what was held goes on. */
function setBreakpoint(state: State, source: string): void {
  const { intercept } = state
  intercept.source = source === '' ? undefined : source
  state.requests.push({ kind: 'break', filter: intercept.source, timeoutMillis: intercept.timeoutMillis })
  tell(state, source === '' ? 'Nothing is held any more.' : `Held from now on: ${source}`)
}
