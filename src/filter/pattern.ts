/** Regular expressions that take linear time whatever they are and whatever they meet; knows no filter. */

import { RE2JS } from 're2js'

/** Says whether the pattern occurs in the text, upper or lower case alike. */
export type Finds = (text: string) => boolean

export type ParsedPattern =
  | { readonly ok: true; readonly finds: Finds }
  | { readonly ok: false; readonly text: string }

/** Characters of a text that are searched: no line that is shown is longer. */
const SEARCHED = 4_000
/** Instructions of a compiled pattern. Time is text times instructions at worst: this keeps it to milliseconds a line. */
const INSTRUCTIONS = 1_000

export function parsePattern(source: string): ParsedPattern {
  try {
    const pattern = RE2JS.compile(source, RE2JS.CASE_INSENSITIVE)
    if (pattern.programSize() > INSTRUCTIONS) return { ok: false, text: 'the pattern is too large' }
    return { ok: true, finds: (text) => pattern.test(text.slice(0, SEARCHED)) }
  } catch (error) {
    return { ok: false, text: `the pattern is not understood: ${explain(error)}` }
  }
}

/** `error parsing regexp: missing closing ): ...` without what is known, and without what was typed. */
function explain(error: unknown): string {
  const [, reason] =
    /^error parsing regexp: ([^:`]+)/u.exec(error instanceof Error ? error.message : '') ?? []
  return reason ?? 'no reason is known'
}
