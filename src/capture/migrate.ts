/** Brings records of older formats up to the current one, a version at a time; knows no file. */

import type { Fields } from './fields.ts'
import { formatVersion } from './header.ts'

/** What one version's header and records become in the next. */
export interface Step {
  readonly from: number
  header(fields: Fields): Fields
  record(fields: Fields): Fields
}

export type Migrate = Omit<Step, 'from'>

/** One for every version that had users before the current one; the first format needs none. */
export const steps: readonly Step[] = []

/** Undefined where no way leads from that version to the current one. */
export function migrationFrom(
  version: number,
  known: readonly Step[] = steps,
  target = formatVersion,
): Migrate | undefined {
  const path: Step[] = []
  for (let at = version; at < target; at++) {
    const step = known.find(({ from }) => from === at)
    if (!step) return undefined
    path.push(step)
  }
  if (version > target || !Number.isInteger(version)) return undefined
  return {
    header: (fields) => path.reduce((old, step) => step.header(old), fields),
    record: (fields) => path.reduce((old, step) => step.record(old), fields),
  }
}
