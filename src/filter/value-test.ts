/** Makes the test of one term: how a value that was typed is compared with what a subject has; knows no syntax. */

import { readSize, readTime, type Measure } from './measure.ts'
import { parsePattern } from './pattern.ts'
import type { Said, Subject } from './subject.ts'
import type { FilterWord } from './words.ts'

export type Test = (subject: Subject) => boolean

export type MadeTest =
  | { readonly ok: true; readonly test: Test }
  | { readonly ok: false; readonly text: string }

/** A value as it was typed: `/.../` is a pattern, and only what stands bare can have a `*` for anything. */
export interface Value {
  readonly kind: 'bare' | 'quoted' | 'pattern'
  readonly text: string
}

export function makeTest(word: FilterWord, value: Value): MadeTest {
  switch (word.wants) {
    case 'time':
      return makeMeasure(word, readTime(value.text))
    case 'size':
      return makeMeasure(word, readSize(value.text))
    case 'pattern':
      return makePattern(value.text, (subject, finds) => finds(word.look(subject)))
    case 'text':
      return makeTextTest(word, value)
    case 'name':
      return makeNameTest(word, value)
  }
}

/** A term without a word: anywhere in the text. */
export function makeAnywhere(value: Value): MadeTest {
  if (value.kind === 'pattern') return makePattern(value.text, (subject, finds) => finds(subject.text()))
  const wanted = value.text.toLowerCase()
  return made((subject) => subject.text().toLowerCase().includes(wanted))
}

const made = (test: Test): MadeTest => ({ ok: true, test })

function makeMeasure(
  word: FilterWord & { readonly wants: 'time' | 'size' },
  measure: Measure | undefined,
): MadeTest {
  const [, example = ''] = word.example.split(' ')
  if (!measure) return { ok: false, text: `~${word.names[0]} wants a ${word.wants} such as ${example}` }
  return made((subject) => {
    const value = word.look(subject)
    return value !== undefined && measure.holds(value)
  })
}

function makePattern(
  source: string,
  test: (subject: Subject, finds: (text: string) => boolean) => boolean,
): MadeTest {
  const pattern = parsePattern(source)
  return pattern.ok ? made((subject) => test(subject, pattern.finds)) : pattern
}

function makeTextTest(word: FilterWord & { readonly wants: 'text' }, { kind, text }: Value): MadeTest {
  const some = (subject: Subject, holds: (part: string) => boolean): boolean =>
    word.look(subject).some((part) => part !== undefined && holds(part))
  if (kind === 'pattern') return makePattern(text, some)
  const wanted = text.toLowerCase()
  return made((subject) => some(subject, (part) => part.toLowerCase().includes(wanted)))
}

function makeNameTest(word: FilterWord & { readonly wants: 'name' }, { kind, text }: Value): MadeTest {
  const some = (subject: Subject, holds: (name: string) => boolean): boolean =>
    word.look(subject).some((said) => hasSaid(said, holds))
  if (kind === 'pattern') return makePattern(text, some)
  const wanted = text.toLowerCase()
  const holds = kind === 'bare' && wanted.includes('*') ? makeWildcard(wanted) : sameAs(wanted)
  return made((subject) => some(subject, (name) => holds(name.toLowerCase())))
}

function hasSaid(said: Said, holds: (name: string) => boolean): boolean {
  if (said === undefined) return false
  if (typeof said === 'string') return holds(said)
  for (const name of said) if (holds(name)) return true
  return false
}

/** The whole name, or one word of it: UID FETCH is a FETCH, but a XLIST is no LIST. */
const sameAs =
  (wanted: string) =>
  (name: string): boolean =>
    name === wanted || (name.includes(' ') && name.split(' ').includes(wanted))

/** `S*` and `*body*`: the pieces between the stars, in their order, without stepping back. */
function makeWildcard(wanted: string): (name: string) => boolean {
  const pieces = wanted.split('*')
  const first = pieces[0] ?? ''
  const last = pieces.at(-1) ?? ''
  return (name) => {
    if (!name.startsWith(first) || !name.endsWith(last)) return false
    let at = first.length
    for (const piece of pieces.slice(1, -1)) {
      const found = name.indexOf(piece, at)
      if (found < 0) return false
      at = found + piece.length
    }
    return at <= name.length - last.length
  }
}
