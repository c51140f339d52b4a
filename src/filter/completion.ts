/** What Tab offers while a filter is typed: words of the language and values that occur; knows no screen. */

import { filterWords, findWord, type FilterWord } from './words.ts'

/** Values that occur just now, by the first name of their word: users under `u`, mailboxes under `m`. */
export type KnownValues = Readonly<Record<string, readonly string[]>>

/** Ways to go on that are offered at once. */
const OFFERED = 50

/**
 * The source with the word in front of `at` completed, in each way that is known. The cursor goes behind what was put
 * in: as far from the end as before.
 */
export function completeFilter(source: string, at: number, known: KnownValues = {}): readonly string[] {
  const before = source.slice(0, at)
  const behind = source.slice(at)
  const [, head = '', typed = ''] = /^(.*?)("[^"]*|[^\s()&|!"]*)$/su.exec(before) ?? []
  const ways = waysOf(head, typed, known)
  return ways.slice(0, OFFERED).map((way) => head + way + behind)
}

function waysOf(head: string, typed: string, known: KnownValues): readonly string[] {
  const word = wordBefore(head)
  if (word) return valuesOf(word, known).filter((value) => startsLike(value, typed))
  const [, prefix = '', begun = ''] = /^([a-z]+:)(.*)$/isu.exec(typed) ?? []
  const named = findWord(prefix.slice(0, -1))
  if (named) {
    return valuesOf(named, known)
      .filter((value) => startsLike(value, begun))
      .map((value) => prefix + value)
  }
  // Behind a tilde every name; without one only where a person has begun to type it.
  return typed.startsWith('~') ? tildeWays(typed) : prefixWays(typed)
}

/** The word whose value is being typed: `~c ` or `~c`, whose value may stand behind it without a space. */
function wordBefore(head: string): FilterWord | undefined {
  const [, name = ''] = /~([a-z]+)\s+$/iu.exec(head.slice(-LONGEST_WORD)) ?? []
  return name === '' ? undefined : findWord(name)
}

/** Characters before a value in which its word is looked for. */
const LONGEST_WORD = 32

function valuesOf({ names: [name], offers = [] }: FilterWord, known: KnownValues): readonly string[] {
  const live = Object.hasOwn(known, name) ? (known[name] ?? []) : []
  return [...new Set([...live, ...offers].map(quoteWhereNeeded))]
}

function tildeWays(typed: string): readonly string[] {
  const names = filterWords.flatMap((word) => word.names).map((name) => `~${name} `)
  return names.filter((name) => startsLike(name, typed))
}

function prefixWays(typed: string): readonly string[] {
  if (typed === '') return filterWords.map(({ names: [name] }) => `~${name} `)
  const names = filterWords.flatMap(({ names: all }) => all.filter((name) => name.length > 1))
  return names.map((name) => `${name}:`).filter((name) => startsLike(name, typed))
}

/** Also where it is quoted and the quote was not typed. */
function startsLike(way: string, typed: string): boolean {
  const [folded, wanted] = [way.toLowerCase(), typed.toLowerCase()]
  return folded.startsWith(wanted) || folded.startsWith(`"${wanted}`)
}

/** A value that would end early, or be taken for something else, stands in quotes. */
function quoteWhereNeeded(value: string): string {
  if (value !== '' && !/[\s()&|"]|^[!~/]/u.test(value)) return value
  return `"${value.replaceAll(/["\\]/gu, String.raw`\$&`)}"`
}
