/** The policy screen: what waits for approval, and the rules with what they did; decides nothing and rules by request. */

import type { PolicyStatus } from '../../relay/policy-status.ts'
import { noFilter, typeFilter } from '../filter-slot.ts'
import type { Binding, UiAction } from '../keys.ts'
import { openScreen } from '../navigation.ts'
import { mark, type Span } from '../span.ts'
import { tell, type State } from '../state.ts'
import { newView } from '../transcript-view.ts'
import { NOT_APPROVED } from './intercept.ts'
import { moveCursor, newCursor } from './list-cursor.ts'
import { renderPolicy } from './policy-lines.ts'
import { choose, chosenOf, itemsOf, nameOf, waitingOf, type Item, type Waiting } from './policy-state.ts'
import type { Area, ScreenSpec } from './screen.ts'

const bindings: readonly Binding[] = [
  own(['a'], 'allow', { help: 'allow the command that waits', hint: 'allow' }),
  own(['D'], 'deny', { help: 'refuse the command that waits', hint: 'deny' }),
  own(['d'], 'dry run', { help: 'let the rule only say what it would do, or hold again', hint: 'dry run' }),
  own(['M'], 'dry run all', { help: 'the same for all of the policy', hint: 'all' }),
  {
    ...own(['enter'], 'look', {
      help: 'what the rule did, in the log; of a command its session',
      hint: 'look',
    }),
    shown: 'Enter',
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
    if (!chosenOf(state)) choose(state, itemsOf(state)[0])
  },
  badge,
}

/** Nobody may miss that somebody waits. */
function badge(state: State): readonly Span[] {
  const count = waitingOf(state).length
  return count === 0 ? [] : [mark(`${count} to approve: 7`, 'warn')]
}

function act(state: State, action: UiAction, area: Area): boolean {
  if (move(state, action, area)) return true
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

function rule(state: State, chosen: Item | undefined, word: 'allow' | 'deny'): true {
  if (chosen?.kind !== 'approval') {
    const words = 'Choose a command that waits: the one that was chosen may have gone on.'
    tell(state, waitingOf(state).length === 0 ? 'Nothing waits for approval.' : words)
    return true
  }
  const { session, ticket } = chosen.held
  const ruling =
    word === 'allow'
      ? { kind: 'forward' as const }
      : { kind: 'answer' as const, status: 'NO' as const, text: NOT_APPROVED }
  state.requests.push({ kind: 'rule', session, ticket, ruling })
  chooseBehind(state, chosen.held)
  return true
}

/** Who rules on one goes on to the next. */
function chooseBehind(state: State, held: Waiting): void {
  const waiting = waitingOf(state)
  const next = waiting[waiting.indexOf(held) + 1] ?? waiting.find((one) => one !== held)
  choose(state, next && { kind: 'approval', held: next })
}

function toggle(state: State, chosen: Item | undefined): true {
  if (chosen?.kind !== 'rule') tell(state, 'Choose a rule first.')
  else state.requests.push({ kind: 'dry-run', rule: chosen.rule.name, on: !chosen.rule.isDryRun })
  return true
}

function toggleAll(state: State): true {
  const { status } = state.policy
  if (!status) tell(state, 'There is no policy.')
  else state.requests.push({ kind: 'dry-run', rule: undefined, on: isEnforced(status) })
  return true
}

const isEnforced = ({ mode }: PolicyStatus): boolean => mode === 'enforce'

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
