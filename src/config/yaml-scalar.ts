/** Where a character of a YAML text stands in its file, whatever quotes, folds and escapes it was written with. */

interface Sought {
  /** The text as YAML gave it. */
  readonly value: string
  /** Of the value, in UTF-16 units; its length for what is missing at its end. */
  readonly offset: number
}

/**
 * `at` is where the scalar begins in the file. Folding changes spaces only, so that what is not a space is counted on
 * both sides.
 */
export function findWithin(file: string, at: number, { value, offset }: Sought): number {
  const isEnd = offset >= value.trimEnd().length
  const before = countSolid(isEnd ? value : value.slice(0, offset))
  const places = solidPlaces(file, at)
  let last = at
  for (let seen = 0; ; seen++) {
    const place = places.next()
    if (place.done) return last
    if (seen === before && !isEnd) return place.value
    last = place.value
    if (isEnd && seen === before - 1) return last + 1
  }
}

const countSolid = (text: string): number => text.replace(/\s/gu, '').length

/** Where each unit of the value stands that is no space. */
function* solidPlaces(file: string, at: number): Generator<number, undefined> {
  const quote = file.charAt(at)
  if (quote === '|' || quote === '>') return yield* plainPlaces(file, endOfLine(file, at))
  if (quote === '"') return yield* doubleQuoted(file, at + 1)
  if (quote === "'") return yield* singleQuoted(file, at + 1)
  return yield* plainPlaces(file, at)
}

function* plainPlaces(file: string, from: number): Generator<number, undefined> {
  for (let at = from; at < file.length; at++) if (!isSpace(file.charAt(at))) yield at
  return undefined
}

function* singleQuoted(file: string, from: number): Generator<number, undefined> {
  for (let at = from; at < file.length; at++) {
    if (!isSpace(file.charAt(at))) yield at
    if (file.startsWith("''", at)) at++
    else if (file.charAt(at) === "'") return undefined
  }
  return undefined
}

function* doubleQuoted(file: string, from: number): Generator<number, undefined> {
  for (let at = from; at < file.length; at++) {
    const [escape = ''] =
      /^\\(?:x[\da-f]{2}|u[\da-f]{4}|U[\da-f]{8}|[^])/iu.exec(file.slice(at, at + 10)) ?? []
    const isSpacing = escape === '' ? isSpace(file.charAt(at)) : /^\\[\s nrtvf_NLP]/u.test(escape)
    if (file.charAt(at) === '"') return undefined
    if (!isSpacing) yield at
    at += Math.max(0, escape.length - 1)
  }
  return undefined
}

const isSpace = (character: string): boolean => /\s/u.test(character)

function endOfLine(file: string, at: number): number {
  const end = file.indexOf('\n', at)
  return end < 0 ? file.length : end
}
