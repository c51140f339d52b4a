/** The filter of a screen: as it is typed, as it works, and what is wrong with it; knows no screen. */

import { parseFilter, type Filter, type FilterFault } from '../filter/filter.ts'
import type { Subject } from '../filter/subject.ts'

export interface FilterSlot {
  /** As typed, right or wrong. */
  readonly source: string
  /** The last that was right: what is shown does not jump while something is typed. */
  readonly filter: Filter | undefined
  readonly fault: FilterFault | undefined
}

export const noFilter: FilterSlot = { source: '', filter: undefined, fault: undefined }

export function typeFilter(before: FilterSlot, source: string): FilterSlot {
  const parsed = parseFilter(source)
  if (!parsed.ok) return { source, filter: before.filter, fault: parsed }
  return { source, filter: parsed.filter.isEmpty ? undefined : parsed.filter, fault: undefined }
}

export function passes({ filter }: FilterSlot, subject: () => Subject): boolean {
  return filter === undefined || filter.matches(subject())
}
