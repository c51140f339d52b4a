/** The last lines: advice on the selected session, then a question, the filter being typed, or the keys. */

import { unreachable } from '../../imap/fault.ts'
import { bindingsOf } from '../key-table.ts'
import type { Binding } from '../keys.ts'
import type { Layout } from '../layout.ts'
import type { Area } from '../screens/screen.ts'
import { lastHelpTop } from './help.ts'
import { promptLine } from './prompt.ts'
import { fitSpans, mark, spansWidth, text, type Line, type Span } from '../span.ts'
import type { DryRunRequest, SessionRow, State } from '../state.ts'
import { liveCount, shownUser } from '../state.ts'

export function renderFooter(state: State, { layout }: Area, now: number): Line[] {
  const about = layout ? aboutSelected(state, layout) : []
  return [...about, footerLine(state, lastLine(state, now))]
}

function aboutSelected(state: State, { advice, ending }: Layout): Line[] {
  return [
    ...ending.map((part, at) => footerLine(state, [mark(at === 0 ? ' · ' : '   ', 'dim'), text(part)])),
    ...advice.map((part, at) =>
      footerLine(state, [mark(at === 0 ? ' ! ' : '   ', 'warn'), text(part, 'warn')]),
    ),
  ]
}

function footerLine(state: State, spans: readonly Span[]): Line {
  return { spans: fitSpans(spans, state.columns), isSelected: false }
}

function lastLine(state: State, now: number): Span[] {
  switch (state.mode.kind) {
    case 'confirm-kill':
      return killQuestion(state.sessions.get(state.mode.session))
    case 'confirm-quit':
      return question(`Quit and close ${liveCount(state)} live session${liveCount(state) === 1 ? '' : 's'}?`)
    case 'confirm-dry-run':
      return dryRunQuestion(state.mode.asked)
    case 'prompt':
      return promptLine(state, state.mode)
    case 'copy-menu':
      return copyHints()
    case 'help':
      return helpHints(state, state.mode.top)
    case 'browse':
      return state.flash && state.flash.until > now
        ? [mark(' '), text(state.flash.text, 'warn')]
        : hints(state)
    default:
      return unreachable(state.mode)
  }
}

/** Only the directions in which there is more. */
function helpHints(state: State, top: number): Span[] {
  const up = top > 0 ? [mark(' ↑ k', 'title'), mark(' back ', 'dim')] : []
  const down = top < lastHelpTop(state) ? [mark(' ↓ j', 'title'), mark(' more ', 'dim')] : []
  return [...down, ...up, mark(' Esc', 'title'), mark(' closes the help', 'dim')]
}

function way(key: string, words: string): Span[] {
  return [mark(` ${key}`, 'title'), mark(` ${words} `, 'dim')]
}

function copyHints(): Span[] {
  return [
    mark(' Copy:', 'strong'),
    ...way('w', 'wire text'),
    ...way('j', 'JSON'),
    ...way('r', 'report'),
    ...way('Esc', 'leaves'),
  ]
}

function killQuestion(session: SessionRow | undefined): Span[] {
  return question(`Kill ${session?.id ?? 'it'} ${(session && shownUser(session)) ?? ''}`.trimEnd() + '?')
}

/** Characters of a rule's name that leave room for the answers. */
const NAME = 24

function dryRunQuestion({ rule, on }: DryRunRequest): Span[] {
  if (rule === undefined) return question('Enforce nothing from now on, only record?')
  const name = rule.length > NAME ? `${rule.slice(0, NAME)}…` : rule
  return question(on ? `Let rule ${name} only record?` : `Let rule ${name} decide again?`)
}

function question(words: string): Span[] {
  return [mark(' '), text(words, 'warn'), mark(' [y]', 'title'), mark('es '), mark('[n]', 'title'), mark('o')]
}

function isPossible({ canHold, info }: State, { command, action }: Binding): boolean {
  if (action.kind === 'ask-kill') return info.isRecording !== true
  return canHold || command !== 'breakpoint'
}

/** Where not all keys fit, those named later in the table give way, but never help and quit. */
function hints(state: State): Span[] {
  const shown = bindingsOf(state).filter((one) => one.hint !== undefined && isPossible(state, one))
  const render = (): Span[] =>
    shown.flatMap((one) => [mark(` ${one.shown}`, 'title'), mark(` ${one.hint ?? ''} `, 'dim')])
  while (spansWidth(render()) > state.columns) {
    const least = shown.findLastIndex((one) => one.hint !== 'help' && one.hint !== 'quit')
    if (least < 0) break
    shown.splice(least, 1)
  }
  return render()
}
