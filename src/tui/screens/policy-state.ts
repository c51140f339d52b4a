/** What the policy screen keeps: how the policy stands, and what is chosen of it; asks nobody. */

import type { PolicyStatus, RuleStatus } from '../../relay/policy-status.ts'
import type { State } from '../state.ts'
import type { HeldMessage } from './intercept-state.ts'
import { newCursor, type ListCursor } from './list-cursor.ts'

/** A held command that waits for approval. */
export type Waiting = HeldMessage & { readonly approval: NonNullable<HeldMessage['approval']> }

/** One line that can be chosen. */
export type Item =
  | { readonly kind: 'approval'; readonly held: Waiting }
  | { readonly kind: 'rule'; readonly rule: RuleStatus }

export interface PolicyState {
  /** Undefined: there is no policy, or it is not known yet. */
  status: PolicyStatus | undefined
  /**
   * By its name and not by its place: lines come and go, and a key that was meant for one must not rule on another.
   */
  chosen: string | undefined
  readonly cursor: ListCursor
}

export function initialPolicy(): PolicyState {
  return { status: undefined, chosen: undefined, cursor: newCursor() }
}

export function waitingOf({ intercept }: State): readonly Waiting[] {
  return intercept.held.flatMap((held) => {
    const { approval } = held
    return approval ? [Object.assign(held, { approval })] : []
  })
}

/** What waits stands above the rules. */
export function itemsOf(state: State): readonly Item[] {
  return [
    ...waitingOf(state).map((held): Item => ({ kind: 'approval', held })),
    ...(state.policy.status?.rules ?? []).map((rule): Item => ({ kind: 'rule', rule })),
  ]
}

export function nameOf(item: Item): string {
  return item.kind === 'rule' ? `rule ${item.rule.name}` : `approval ${item.held.session}/${item.held.ticket}`
}

/** Whether something was switched by hand, or back, between the two. */
export function isSwitchedBetween(before: PolicyStatus, now: PolicyStatus): boolean {
  return JSON.stringify(now.switched) !== JSON.stringify(before.switched)
}

/** Undefined where nothing is chosen, or what was chosen is gone. */
export function chosenOf(state: State): Item | undefined {
  const { chosen } = state.policy
  return chosen === undefined ? undefined : itemsOf(state).find((item) => nameOf(item) === chosen)
}

export function choose(state: State, item: Item | undefined): void {
  state.policy.chosen = item && nameOf(item)
}
