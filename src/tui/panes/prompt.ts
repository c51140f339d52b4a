/** The line being typed and what is offered above it: ways to go on, commands, and what is wrong and where. */

import { explainFault } from '../../filter/filter.ts'
import { commandsLike } from '../palette.ts'
import { OFFERS_SHOWN, slotOf } from '../prompt.ts'
import { editedHeld } from '../screens/intercept-state.ts'
import { fitSpans, mark, spansWidth, text, type Line, type Span } from '../span.ts'
import type { Mode, State } from '../state.ts'
import { fit } from '../width.ts'

type Prompt = Extract<Mode, { kind: 'prompt' }>

const SIGNS: Readonly<Record<Prompt['purpose'], string>> = {
  filter: '/',
  palette: ':',
  search: 's ',
  intercept: 'hold ',
  edit: 'edit ',
}
const HINTS: Readonly<Record<Prompt['purpose'], string>> = {
  filter: 'Enter keeps, Esc clears, Tab completes',
  palette: 'Enter does it, Tab completes',
  search: 'Enter searches on, Esc leaves',
  intercept: 'Enter holds what matches, empty: nothing',
  edit: 'Enter keeps it, F sends it, Esc reverts',
}

/** A long line is seen around its cursor. */
export function promptLine(state: State, prompt: Prompt): Span[] {
  const { purpose, line } = prompt
  const slot = slotOf(state, purpose)
  const fault = slot && state.filters[slot].fault
  const faultAt = fault ? Math.max(0, Math.min(fault.at, line.text.length - 1)) : Infinity
  const room = Math.max(8, state.columns - 6)
  const from = Math.max(0, line.cursor - room)
  const before = line.text.slice(from, line.cursor)
  const spans = [
    mark(` ${SIGNS[purpose]}`, 'title'),
    ...parted(before, faultAt - from),
    mark('▏', 'title'),
    ...parted(line.text.slice(line.cursor), faultAt - line.cursor),
  ]
  const isUnknown = purpose === 'palette' && line.text !== '' && prompt.offers.length === 0
  const wrong = fault ? explainFault(fault) : purpose === 'edit' ? wrongEdit(state) : undefined
  const hint = wrong ?? (isUnknown ? 'no command here is called so' : HINTS[purpose])
  const hasRoom = spansWidth(spans) + 12 < state.columns
  return hasRoom ? [...spans, mark('  '), text(hint, wrong === undefined ? 'dim' : 'bad')] : spans
}

function wrongEdit({ intercept }: State): string | undefined {
  const checked = editedHeld(intercept)?.draft?.checked
  return checked?.ok === false ? checked.text : undefined
}

/** From the fault on, the text is red. */
function parted(part: string, at: number): Span[] {
  if (at >= part.length) return [text(part)]
  const cut = Math.max(0, at)
  return [text(part.slice(0, cut)), text(part.slice(cut), 'bad')]
}

/** Lines that cover the end of the screen above the line being typed. */
export function renderOffers(state: State): Line[] {
  if (state.mode.kind !== 'prompt') return []
  const { mode } = state
  const from = Math.max(0, Math.min(mode.chosen - OFFERS_SHOWN + 1, mode.offers.length - OFFERS_SHOWN))
  const shown = mode.offers.slice(from, from + OFFERS_SHOWN)
  return shown.map((offer, at) => {
    const isChosen = from + at === mode.chosen
    const spans = mode.purpose === 'palette' ? commandSpans(state, offer) : [text(` ${offer}`)]
    return {
      spans: fitSpans([mark(isChosen ? ' >' : '  ', 'title'), ...spans], state.columns),
      isSelected: isChosen,
    }
  })
}

/** Columns for the name of a command. */
const NAME = 18
const KEY = 10

function commandSpans(state: State, name: string): Span[] {
  const found = commandsLike(state, name).find((one) => one.command === name)
  if (!found) return [text(name)]
  return [
    text(fit(found.command, NAME), 'strong'),
    mark(' '),
    mark(fit(found.shown, KEY), 'title'),
    mark(found.help, 'dim'),
  ]
}
