/** All keys of all screens in one table: what a key means now, and the same for the help; knows no terminal. */

import { unreachable } from '../imap/fault.ts'
import type { CopyForm } from './copy.ts'
import { commonBindings, type Binding, type UiAction } from './keys.ts'
import { allScreens, openScreenOf } from './screens/registry.ts'
import type { State } from './state.ts'

/** What a key means now, or undefined when it means nothing. */
export function actionFor(key: string, state: State): UiAction | undefined {
  if (key === 'C-c') return { kind: 'interrupt' }
  switch (state.mode.kind) {
    case 'prompt':
      return { kind: 'type', key }
    case 'confirm-kill':
    case 'confirm-quit':
    case 'confirm-dry-run':
      return { kind: key === 'y' || key === 'Y' ? 'confirm' : 'decline' }
    case 'help':
      return helpAction(key)
    case 'copy-menu':
      return copyAction(key)
    case 'browse':
      return bindingsOf(state).find((one) => one.keys.includes(key))?.action
    default:
      return unreachable(state.mode)
  }
}

/** Those of the open screen, then those of all; where a screen has nothing to filter, `/` is not among them. */
export function bindingsOf(state: State): Binding[] {
  const { bindings, hasFilter } = openScreenOf(state)
  const own = new Set(bindings.flatMap((one) => one.keys))
  const common = commonBindings.filter((one) => hasFilter || one.command !== 'filter')
  return [...bindings, ...common.filter((one) => !one.keys.every((key) => own.has(key)))]
}

export function allBindings(): Binding[] {
  return [...commonBindings, ...allScreens.flatMap((one) => one.bindings)]
}

const COPY_FORMS: Readonly<Record<string, CopyForm>> = { w: 'wire', j: 'json', r: 'report' }

function copyAction(key: string): UiAction {
  const form = COPY_FORMS[key]
  return form ? { kind: 'copy', form } : { kind: 'decline' }
}

const SCROLLING = new Set(['move', 'page', 'jump'])

function helpAction(key: string): UiAction {
  const action = commonBindings.find((one) => one.keys.includes(key))?.action
  return action && SCROLLING.has(action.kind) ? action : { kind: 'help' }
}

export interface HelpRow {
  readonly isHeading: boolean
  readonly shown: string
  readonly help: string
}

/** The table as the help shows it. */
export function helpRows(): HelpRow[] {
  const own = allScreens.filter((one) => one.bindings.length > 0)
  return [...section('Everywhere', commonBindings), ...own.flatMap((one) => section(one.title, one.bindings))]
}

function section(title: string, bindings: readonly Binding[]): HelpRow[] {
  return [
    { isHeading: true, shown: '', help: title },
    ...bindings.map(({ shown, help }) => ({ isHeading: false, shown, help })),
  ]
}
