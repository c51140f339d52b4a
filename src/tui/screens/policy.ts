/** The policy screen: what waits for approval, and the rules with what they did; decides nothing and rules by request. */

import { isLoosened, type PolicyStatus } from '../../relay/policy-status.ts'
import { noFilter, typeFilter } from '../filter-slot.ts'
import type { Binding, UiAction } from '../keys.ts'
import { openScreen } from '../navigation.ts'
import { sanitize } from '../sanitize.ts'
import { mark, type Span } from '../span.ts'
import { tell, type DryRunRequest, type State } from '../state.ts'
import { newView } from '../transcript-view.ts'
import { NOT_APPROVED } from './intercept.ts'
import { moveCursor, newCursor } from './list-cursor.ts'
import { renderPolicy } from './policy-lines.ts'
import {
  choose,
  chosenOf,
  isSwitchedBetween,
  itemsOf,
  nameOf,
  waitingOf,
  type Item,
  type Waiting,
} from './policy-state.ts'
import type { Area, ScreenSpec } from './screen.ts'

const bindings: readonly Binding[] = [
  own(['a'], 'allow', { help: 'allow the command that waits', hint: 'allow' }),
  own(['D'], 'deny', { help: 'refuse the command that waits', hint: 'deny' }),
  own(['d'], 'dry run', {
    help: 'let the rule only say what it would do (asks first), or hold again',
    hint: 'dry run',
  }),
  own(['M'], 'dry run all', { help: 'the same for all of the policy (asks first)', hint: 'all' }),
  {
    ...own(['enter'], 'look', {
      help: 'what the rule did, in the log; of a command its session',
      hint: 'look',
    }),
    shown: 'Enter',
  },
  {
    keys: ['tab', 'S-tab'],
    action: { kind: 'switch-pane' },
    shown: 'Tab',
    command: 'policy pane',
    help: 'between what waits for approval and the rules',
    hint: 'pane',
  },
]

function own(keys: readonly string[], name: string, words: { help: string; hint: string }): Binding {
  return { keys, action: { kind: 'own', name }, shown: keys.join(' '), command: `policy ${name}`, ...words }
}

export const policyScreen: ScreenSpec = {
  name: 'policy',
  title: 'Policy',
  bindings,
  hasFilter: false,
  render: renderPolicy,
  act,
  enter: (state) => {
    state.requests.push({ kind: 'look-at-policy' })
    // What waits has a deadline, and whoever comes has pressed no key for anything else yet.
    const chosen = chosenOf(state)
    if (!chosen || (chosen.kind === 'rule' && waitingOf(state).length > 0)) choose(state, itemsOf(state)[0])
  },
  badge,
}

/** What was read again, or switched elsewhere, is told once: somebody may rely on what held before. */
export function takeStatus(state: State, status: PolicyStatus | undefined): void {
  const { policy } = state
  const before = policy.status
  policy.status = status
  if (before && status) tellChange(state, before, status)
  // Never what waits: a key that was meant for another must not rule on it.
  const [first] = itemsOf(state)
  const isBlank = state.screen === 'policy' && policy.chosen === undefined
  if (isBlank && first?.kind === 'rule') choose(state, first)
}

function tellChange(state: State, before: PolicyStatus, now: PolicyStatus): void {
  const mode = now.mode === 'enforce' ? 'It is enforced.' : 'It is only recorded: dry run.'
  if (now.loadedAt !== before.loadedAt) {
    const ended = (before.switched ?? []).length > 0 ? ' What was switched by hand ended with it.' : ''
    tell(state, `The policy was read again. ${mode}${ended}`)
  } else if (now.problem !== undefined && now.problem !== before.problem)
    tell(state, 'The policy could not be taken: the one before goes on (7).')
  else if (now.mode !== before.mode) tell(state, `The policy was switched. ${mode}`)
  else if (isSwitchedBetween(before, now)) tell(state, 'A rule was switched by hand (7).')
}

/** Nobody may miss that somebody waits, or that somebody switched off what the files say. */
function badge(state: State): readonly Span[] {
  const count = waitingOf(state).length
  const waits = count === 0 ? [] : [mark(`${count} to approve: 7`, 'warn')]
  const isOff = state.policy.status?.switched?.some((one) => one.rule === undefined && one.isDryRun) ?? false
  const off = isOff ? [mark(`${count === 0 ? '' : ' '}policy off: 7`, 'bad')] : []
  return [...waits, ...off]
}

function act(state: State, action: UiAction, area: Area): boolean {
  if (move(state, action, area)) return true
  if (action.kind === 'switch-pane') return switchPane(state)
  if (action.kind !== 'own') return false
  const chosen = chosenOf(state)
  switch (action.name) {
    case 'allow':
    case 'deny':
      return rule(state, chosen, action.name)
    case 'dry run':
      return toggle(state, chosen)
    case 'dry run all':
      return toggleAll(state)
    case 'look':
      return look(state, chosen)
    default:
      return false
  }
}

/** Where nothing is chosen, the first step chooses the first line. */
function move(state: State, action: UiAction, { rows }: Area): boolean {
  const items = itemsOf(state)
  const cursor = newCursor()
  const { chosen } = state.policy
  cursor.at = items.findIndex((item) => nameOf(item) === chosen)
  if (!moveCursor(cursor, action, { count: items.length, height: rows - 4 })) return false
  choose(state, items[cursor.at])
  return true
}

/** To the first of the others. */
function switchPane(state: State): true {
  const kind = chosenOf(state)?.kind === 'approval' ? 'rule' : 'approval'
  const items = itemsOf(state)
  const other = items.find((item) => item.kind === kind)
  if (other) choose(state, other)
  else if (chosenOf(state))
    tell(state, kind === 'rule' ? 'There are no rules.' : 'Nothing waits for approval.')
  else choose(state, items[0])
  return true
}

function rule(state: State, chosen: Item | undefined, word: 'allow' | 'deny'): true {
  if (chosen?.kind !== 'approval') {
    const words = 'Choose a command that waits (Tab): the one that was chosen may have gone on.'
    tell(state, waitingOf(state).length === 0 ? 'Nothing waits for approval.' : words)
    return true
  }
  const { session, ticket } = chosen.held
  const ruling =
    word === 'allow'
      ? { kind: 'forward' as const }
      : { kind: 'answer' as const, status: 'NO' as const, text: NOT_APPROVED }
  const done = `${word === 'allow' ? 'allowed' : 'refused'}: ${shortNameOf(state, chosen.held)}`
  state.requests.push({ kind: 'rule', session, ticket, ruling, done })
  chooseBehind(state, chosen.held)
  return true
}

/** `UID MOVE of ann` */
function shortNameOf(state: State, { label, message, session }: Waiting): string {
  const user = state.sessions.get(session)?.user ?? session
  const name = label === '' ? message.text(state.describe) : label.slice(label.indexOf(' ') + 1)
  return sanitize(`${name} of ${user}`)
}

/** Who rules on one goes on to the next. */
function chooseBehind(state: State, held: Waiting): void {
  const waiting = waitingOf(state)
  const next = waiting[waiting.indexOf(held) + 1] ?? waiting.find((one) => one !== held)
  choose(state, next && { kind: 'approval', held: next })
}

function toggle(state: State, chosen: Item | undefined): true {
  if (chosen?.kind !== 'rule') {
    tell(state, 'Choose a rule first.')
    return true
  }
  const { name, isDryRun } = chosen.rule
  const isLooser = isLoosened(chosen.rule, !isDryRun)
  return request(state, { kind: 'dry-run', rule: name, on: !isDryRun }, isLooser)
}

function toggleAll(state: State): true {
  const { status } = state.policy
  if (status) return request(state, { kind: 'dry-run', rule: undefined, on: status.mode === 'enforce' })
  tell(state, 'There is no policy.')
  return true
}

/** Who lets more pass is asked first; who holds more is not. */
function request(state: State, asked: DryRunRequest, isLooser = asked.on): true {
  if (isLooser) state.mode = { kind: 'confirm-dry-run', asked }
  else state.requests.push(asked)
  return true
}

function look(state: State, chosen: Item | undefined): true {
  if (chosen?.kind === 'rule') {
    state.filters.log = typeFilter(
      noFilter,
      `~rule "${chosen.rule.name.replaceAll(/["\\]/g, String.raw`\$&`)}"`,
    )
    openScreen(state, 'log')
  } else if (chosen) {
    state.selected = chosen.held.session
    state.view = newView()
    openScreen(state, 'transcript')
  }
  return true
}
