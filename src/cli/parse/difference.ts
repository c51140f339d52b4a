/** Finds where two JSON values differ, and says so in few words; it does not know what they mean. */

import { isMap } from '../../config/settings.ts'

/** Undefined where they are the same; keys in any order. */
export function findDifference(wanted: unknown, found: unknown, path: string): string | undefined {
  if (Array.isArray(wanted) && Array.isArray(found)) return findInLists(wanted, found, path)
  if (isMap(wanted) && isMap(found)) return findInMaps(wanted, found, path)
  return Object.is(wanted, found) ? undefined : `${path} is ${show(wanted)} and would be ${show(found)}`
}

function findInLists(
  wanted: readonly unknown[],
  found: readonly unknown[],
  path: string,
): string | undefined {
  if (wanted.length !== found.length)
    return `${path} has ${wanted.length} items and would have ${found.length}`
  return first(wanted.map((item, index) => [item, found[index], `${path}[${index}]`]))
}

function findInMaps(
  wanted: Readonly<Record<string, unknown>>,
  found: Readonly<Record<string, unknown>>,
  path: string,
): string | undefined {
  const keys = [...new Set([...Object.keys(wanted), ...Object.keys(found)])]
  return first(keys.map((key) => [wanted[key], found[key], `${path}.${key}`]))
}

function first(pairs: readonly (readonly [unknown, unknown, string])[]): string | undefined {
  for (const [wanted, found, path] of pairs) {
    const difference = findDifference(wanted, found, path)
    if (difference !== undefined) return difference
  }
  return undefined
}

/** Characters of a value that are shown. */
const SHOWN = 60

function show(value: unknown): string {
  const text = value === undefined ? 'absent' : JSON.stringify(value)
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text
}
