/** A selected row in a list longer than the screen: where it is and which rows are in view; knows no rows. */

import type { UiAction } from '../keys.ts'

export interface ListCursor {
  /** The selected row, from 0. */
  at: number
  /** The first row in view. */
  top: number
}

export const newCursor = (): ListCursor => ({ at: 0, top: 0 })

/** Keeps the cursor inside the list and in view; the view moves only as far as it must. */
export function settle(cursor: ListCursor, count: number, height: number): void {
  cursor.at = Math.max(0, Math.min(count - 1, cursor.at))
  const least = Math.max(0, cursor.at - height + 1)
  const most = Math.max(0, Math.min(cursor.at, count - height))
  cursor.top = Math.max(least, Math.min(most, cursor.top))
}

/** True when the action was a movement. */
export function moveCursor(
  cursor: ListCursor,
  action: UiAction,
  { count, height }: { readonly count: number; readonly height: number },
): boolean {
  if (action.kind === 'move') cursor.at += action.by
  else if (action.kind === 'page') cursor.at += action.by * Math.max(1, height - 1)
  else if (action.kind === 'jump') cursor.at = action.to === 'first' ? 0 : count - 1
  else return false
  settle(cursor, count, height)
  return true
}
