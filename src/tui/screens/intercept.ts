/** The intercept screen: the messages that breakpoints hold, what can be made of them, and how long they wait. */

import { duration } from '../format.ts'
import type { Binding, UiAction } from '../keys.ts'
import { fitSpan, fitSpans, mark, text, type Line, type Span } from '../span.ts'
import { sanitize } from '../sanitize.ts'
import type { State } from '../state.ts'
import { lineOf } from '../line-edit.ts'
import { showMessage } from './tree-state.ts'
import { wrap } from '../width.ts'
import { newView } from '../transcript-view.ts'
import { editableText, heldAt, keepHeld, type HeldMessage } from './intercept-state.ts'
import { moveCursor, settle } from './list-cursor.ts'
import { filled, renderRule } from './rule.ts'
import type { Area, Clock, ScreenSpec } from './screen.ts'

const bindings: readonly Binding[] = [
  own('F', 'forward', { help: 'let it go on, as it is or as it was edited', hint: 'forward' }),
  own('e', 'edit', { help: 'edit it here, in one line', hint: 'edit' }),
  own('E', 'edit outside', { help: 'edit it in $EDITOR', hint: '$EDITOR' }),
  own('V', 'revert', { help: 'forget what was edited' }),
  own('D', 'refuse', { help: 'answer NO; the command never goes on', hint: 'NO' }),
  own('B', 'reject', { help: 'answer BAD; the command never goes on', hint: 'BAD' }),
  own('A', 'forward all', { help: 'let all of them go on but those that wait for approval', hint: 'all' }),
  own('K', 'kill held', { help: 'kill its session (asks first)', hint: 'kill' }),
  { ...own('enter', 'inspect', { help: 'take it apart' }), shown: 'Enter' },
]

function own(key: string, name: string, words: { help: string; hint?: string }): Binding {
  return { keys: [key], action: { kind: 'own', name }, shown: key, command: name, ...words }
}

export const interceptScreen: ScreenSpec = {
  name: 'intercept',
  title: 'Intercept',
  bindings,
  hasFilter: false,
  render: renderIntercept,
  act,
  observe: (state, event, session) => keepHeld(state.intercept, event, { session, describe: state.describe }),
  badge,
}

function badge({ intercept, canHold }: State): readonly Span[] {
  if (!canHold) return []
  const count = intercept.held.filter((one) => !one.approval).length
  const breakpoint = intercept.source === undefined ? [] : [mark('INT on', 'accent')]
  const held = count === 0 ? [] : [mark(`${breakpoint.length > 0 ? ' ' : ''}${count} held`, 'warn')]
  return [...breakpoint, ...held]
}

function act(state: State, action: UiAction, area: Area): boolean {
  const { intercept } = state
  const count = intercept.held.length
  if (moveCursor(intercept.cursor, action, { count, height: listHeight(area) })) return true
  const held = heldAt(intercept)
  if (action.kind === 'screen' && action.screen === 'transcript' && held) select(state, held)
  if (action.kind !== 'own') return false
  if (action.name === 'forward all') {
    // What a policy wants to be asked about is agreed to one by one.
    for (const one of intercept.held) if (!one.approval) rule(state, one, { kind: 'forward' })
    return true
  }
  return held ? actOn(state, held, action.name) : say(state, 'Nothing is held.')
}

/** Whoever looks at a transcript from here wants that of the message. */
function select(state: State, { session }: HeldMessage): void {
  if (state.selected === session) return
  state.selected = session
  state.view = newView()
}

type Ruling = Extract<State['requests'][number], { kind: 'rule' }>['ruling']

function rule(state: State, { session, ticket }: HeldMessage, ruling: Ruling): true {
  state.requests.push({ kind: 'rule', session, ticket, ruling })
  return true
}

const REFUSED = 'refused at a breakpoint'
export const NOT_APPROVED = 'not approved'

function actOn(state: State, held: HeldMessage, name: string): boolean {
  switch (name) {
    case 'forward':
      return forward(state, held)
    case 'edit':
      return editHere(state, held)
    case 'edit outside':
      return editOutside(state, held)
    case 'revert':
      held.draft = undefined
      return true
    case 'refuse':
      return answer(state, held, 'NO')
    case 'reject':
      return answer(state, held, 'BAD')
    case 'kill held':
      state.mode = { kind: 'confirm-kill', session: held.session }
      return true
    case 'inspect':
      return inspect(state, held)
    default:
      return false
  }
}

/** What was edited goes on only when it can be read. */
function forward(state: State, held: HeldMessage): true {
  const { draft } = held
  if (!draft) return rule(state, held, { kind: 'forward' })
  if (!draft.checked.ok) return say(state, `Not sent: ${draft.checked.text}. V forgets the change.`)
  return rule(state, held, { kind: 'replace', octets: draft.checked.octets })
}

function say(state: State, words: string): true {
  state.requests.push({ kind: 'tell', text: words })
  return true
}

function answer(state: State, held: HeldMessage, status: 'NO' | 'BAD'): true {
  if (held.side === 'server') return say(state, 'A response cannot be answered: F lets it go on.')
  say(state, `Answered ${status}: ${held.label || 'the command'} goes no further.`)
  return rule(state, held, { kind: 'answer', status, text: held.approval ? NOT_APPROVED : REFUSED })
}

const FIXED = 'This message cannot be edited: it holds a credential, or is too large to wait whole.'

function editHere(state: State, held: HeldMessage): true {
  const whole = editableText(held)?.replace(/\r?\n$/, '')
  if (whole === undefined) return say(state, FIXED)
  if (/[\r\n]/.test(whole)) return say(state, 'It has more than one line: E opens it in $EDITOR.')
  state.intercept.editing = held
  state.mode = { kind: 'prompt', purpose: 'edit', line: lineOf(whole), offers: [], chosen: -1 }
  return true
}

function editOutside(state: State, held: HeldMessage): true {
  const whole = editableText(held)
  if (whole === undefined) return say(state, FIXED)
  const { session, ticket } = held
  state.requests.push({ kind: 'edit', session, ticket, text: whole })
  return true
}

function inspect(state: State, { message, session, label }: HeldMessage): true {
  const specimen = message.specimen()
  if (!specimen) return say(state, 'It is too long to be taken apart.')
  showMessage(state.tree, specimen, `${session} ${label}`)
  state.trail.push('intercept')
  state.screen = 'tree'
  return true
}

function listHeight({ rows }: Area): number {
  return Math.max(1, Math.floor((rows - 1) / 2))
}

function renderIntercept(state: State, area: Area, { now }: Clock): Line[] {
  const { intercept } = state
  const height = listHeight(area)
  settle(intercept.cursor, intercept.held.length, height)
  const { at, top } = intercept.cursor
  const title = renderRule(
    { name: 'INTERCEPT', left: [mark(`${intercept.held.length} held`)], right: settings(state) },
    area.columns,
  )
  if (intercept.held.length === 0) return filled([title, ...emptyLines(state, area)], area.rows)
  const rows = intercept.held
    .slice(top, top + height)
    .map((one, row) => heldLine(state, one, { isSelected: top + row === at, now }))
  const held = heldAt(intercept)
  return filled([...filled([title, ...rows], height + 1), ...(held ? aboutHeld(held, area) : [])], area.rows)
}

function settings({ intercept }: State): Span[] {
  if (intercept.source === undefined) return [mark('off', 'dim')]
  return [text(intercept.source, 'accent'), mark(`for ${duration(intercept.timeoutMillis)}`, 'dim')]
}

function emptyLines({ intercept, canHold }: State, { columns }: Area): Line[] {
  const words = canHold
    ? intercept.source === undefined
      ? 'Nothing is held. i sets a breakpoint: a filter such as ~c STORE, or ~u ann & ~c EXPUNGE.'
      : 'Nothing is held just now: the next message that matches stops here.'
    : 'Here nothing can be held: this is a recording.'
  return wrap(words, Math.max(10, columns - 2)).map((part) => ({
    spans: [mark(` ${part}`, 'dim')],
    isSelected: false,
  }))
}

/** Seconds before the deadline from which the countdown is red. */
const SOON = 10_000

function heldLine(
  state: State,
  held: HeldMessage,
  { isSelected, now }: { isSelected: boolean; now: number },
): Line {
  const left = Math.max(0, held.deadline - now)
  const spans = [
    mark(isSelected ? '>' : ' ', 'strong'),
    fitSpan(mark(`${Math.ceil(left / 1000)}s`, left < SOON ? 'bad' : 'warn'), 5, 'right'),
    mark(' '),
    fitSpan(text(held.session), 5),
    mark(held.side === 'client' ? ' C ' : ' S ', held.side === 'client' ? 'accent' : 'good'),
    ...(held.approval ? [mark('approval ', 'warn')] : []),
    ...(held.draft ? [mark('* ', 'accent')] : []),
    text(held.draft?.text.replace(/\r?\n$/, '') ?? held.message.text(state.describe)),
  ]
  return { spans: fitSpans(spans, state.columns), isSelected }
}

function aboutHeld(held: HeldMessage, { columns }: Area): Line[] {
  const title = renderRule(
    { name: held.side === 'client' ? 'COMMAND' : 'RESPONSE', left: aboutOf(held) },
    columns,
  )
  const whole = held.draft?.text ?? editableText(held) ?? ''
  const lines = (whole === '' ? '' : whole.replace(/\r?\n$/, '')).split(/\r?\n/)
  return [title, verdict(held), ...lines.flatMap((one) => wrapped(one, columns))]
}

function aboutOf({ label, side }: HeldMessage): Span[] {
  if (label === '') return []
  return side === 'client' ? [text(label)] : [mark('to ', 'dim'), text(label)]
}

function wrapped(one: string, columns: number): Line[] {
  return wrap(sanitize(one), Math.max(10, columns - 2)).map((part) => ({
    spans: [mark(' '), { text: part, style: 'plain' }],
    isSelected: false,
  }))
}

function verdict({ draft, original }: HeldMessage): Line {
  const spans = draft
    ? draft.checked.ok
      ? [mark(' edited, parses ok: F sends it', 'good')]
      : [mark(' edited, but: ', 'bad'), text(draft.checked.text, 'bad')]
    : [mark(original ? ' as it came' : ' as it came; it cannot be edited', 'dim')]
  return { spans, isSelected: false }
}
