/** Words of peers as they may be kept for later: short, and without the line that they stood in; knows no meaning. */

/** Characters of a tag, name or identifier that is kept; what is longer is not judged. */
export const KEPT = 255

/** A copy: a part of a text holds all of that text in memory, and a line may have a mebibyte. */
export const keepText = (text: string): string => ` ${text.slice(0, KEPT)}`.slice(1)

/** Capabilities of one announcement; no server has two hundred. */
const WORDS = 1_000

/** The words of an announcement, upper case. */
export function keepWords(words: readonly string[]): ReadonlySet<string> {
  const kept = new Set<string>()
  for (const word of words.slice(0, WORDS)) kept.add(keepText(word.toUpperCase()))
  return kept
}
