/** Finds the known word that a person most likely meant; it does not know what the words are for. */

/** At most two slips, and never more than a third of the word: `log` is not a misspelt `tls`. */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  const folded = word.toLowerCase()
  const allowed = Math.min(2, Math.floor(Math.max(folded.length, 3) / 3))
  let best: { word: string; slips: number } | undefined
  for (const candidate of known) {
    const slips = countSlips(folded, candidate.toLowerCase())
    if (slips <= allowed && (best === undefined || slips < best.slips)) best = { word: candidate, slips }
  }
  return best?.word
}

/** Several that may be meant: the nearest one, and those that have the word in them or are within it. */
export function listNearWords(word: string, known: readonly string[]): readonly string[] {
  const folded = word.toLowerCase().replaceAll('_', '')
  const isKin = (one: string): boolean =>
    one.length > 2 && folded.length > 2 && (one.includes(folded) || folded.includes(one))
  const nearest = nearestWord(word, known)
  const kin = known.filter((candidate) => isKin(candidate.toLowerCase()))
  return [...new Set([...(nearest === undefined ? [] : [nearest]), ...kin])].slice(0, MOST_NEAR)
}

/** More is no hint. */
const MOST_NEAR = 3

/** `, did you mean X?` or nothing, to end a message with. */
export function suggest(word: string, known: readonly string[]): string {
  const nearest = nearestWord(word, known)
  return nearest === undefined ? '' : `, did you mean ${nearest}?`
}

/** Letters added, dropped, changed or swapped with their neighbour. */
function countSlips(from: string, to: string): number {
  // Words this different in length are never near, and a hostile key may be long.
  if (Math.abs(from.length - to.length) > 2) return Number.POSITIVE_INFINITY
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const changed = at(last, column - 1) + (from[row - 1] === to[column - 1] ? 0 : 1)
      const isSwap = row > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      const swapped = isSwap ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY
      current.push(Math.min(changed, swapped, at(last, column) + 1, at(current, column - 1) + 1))
    }
    beforeLast = last
    last = current
  }
  return at(last, to.length)
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY
}
