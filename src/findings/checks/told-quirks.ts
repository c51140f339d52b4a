/** Ways to bend the grammar that have a check of their own, so that the general ones leave them out; type of rule only. */

/** Rules of `Parsed.quirks`. */
export const toldQuirks: ReadonlySet<string> = new Set([
  // C08, C15, C18, C23.
  'idle-without-done',
  'odd-base64',
  'utf8-quoted',
  'bad-utf8',
  'eight-bit-quoted',
  'id-too-long',
  'repeated-field',
])

/** The same of servers only. */
export const toldServerQuirks: ReadonlySet<string> = new Set([
  // S14, S15.
  'binary-string',
  'nul-in-literal',
  'plus-from-server',
])
