/** Regular expressions of a policy, in linear time whatever they are and whatever they meet; knows no rule. */

import { RE2JS } from 're2js'

export type LinearPattern =
  | { readonly ok: true; readonly finds: (text: string) => boolean }
  | { readonly ok: false; readonly text: string }

/** UTF-16 units of a text that are searched; what is longer than any name fits nothing, rather than by its beginning. */
const SEARCHED = 65_536
/** Instructions of a compiled pattern. Time is text times instructions at worst: this keeps it to milliseconds. */
const INSTRUCTIONS = 1_000

/** What backtracking engines have and no linear one can. */
const nonLinear: readonly (readonly [RegExp, string])[] = [
  [
    /(?<!\\)(?:\\\\)*\(\?<?[=!]/u,
    'looks ahead or behind, which takes more than linear time and is not available: put that into a second matches(), joined by && or with ! in front',
  ],
  [
    /(?<!\\)(?:\\\\)*(?:\\(?:[1-9]|k<)|\(\?P=)/u,
    'refers back to a group, which takes more than linear time and is not available: write out what may stand there',
  ],
  [
    /(?<!\\)(?:\\\\)*(?:\(\?>|[*+?}]\+)/u,
    'is possessive or atomic, which RE2 does not have: write it plainly, which takes linear time here',
  ],
]

const sizes = 'a{998} or a{1,499} is the most, and less of what is more than one character'
const tooLarge = `the pattern is too large: ${sizes}`
const badRepeat = `repeats too often, or from more to less: ${sizes}`

/** RE2 syntax, upper and lower case apart, found anywhere: `^` and `$` bind it to the ends. */
export function compilePattern(source: string): LinearPattern {
  try {
    const pattern = RE2JS.compile(source)
    if (pattern.programSize() > INSTRUCTIONS) return { ok: false, text: tooLarge }
    return { ok: true, finds: (text) => text.length <= SEARCHED && pattern.test(text) }
  } catch (error) {
    const reason = nonLinear.find(([form]) => form.test(source))?.[1]
    return { ok: false, text: `the pattern ${reason ?? describe(explain(error))}` }
  }
}

const describe = (reason: string): string =>
  reason === 'invalid repeat count' ? badRepeat : `is not understood: ${reason}`

/** `error parsing regexp: missing closing ): ...` without what is known, and without what was typed. */
function explain(error: unknown): string {
  const [, reason] =
    /^error parsing regexp: ([^:`]+)/u.exec(error instanceof Error ? error.message : '') ?? []
  return reason ?? 'no reason is known'
}
