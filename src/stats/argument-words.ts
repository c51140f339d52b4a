/** Cuts the printable arguments of a command into words, quoted strings and parentheses; knows no command. */

export type Word =
  | { readonly kind: 'open' }
  | { readonly kind: 'close' }
  /** Upper case; what stands in its brackets belongs to it: `BODY[HEADER.FIELDS (FROM)]<0.9>`. */
  | { readonly kind: 'atom'; readonly text: string }
  /** A string or a literal: somebody's data. */
  | { readonly kind: 'value' }

const open: Word = { kind: 'open' }
const close: Word = { kind: 'close' }
const value: Word = { kind: 'value' }

/** Words that are looked at: more make no other fingerprint. */
const WORDS = 200

export function cutArguments(args: string): readonly Word[] {
  const words: Word[] = []
  for (let at = 0; at < args.length && words.length < WORDS;) {
    const character = args.charAt(at)
    if (character === ' ') {
      at++
      continue
    }
    if (character === '(' || character === ')') {
      words.push(character === '(' ? open : close)
      at++
      continue
    }
    const end = character === '"' ? endOfQuoted(args, at + 1) : endOfAtom(args, at)
    words.push(character === '"' || isLiteral(args, at) ? value : atomOf(args, at, end))
    at = end
  }
  return words
}

const atomOf = (args: string, from: number, to: number): Word => ({
  kind: 'atom',
  text: args.slice(from, to).toUpperCase(),
})

/** `{310}`, `~{310}`, and what stands for a secret. */
function isLiteral(args: string, at: number): boolean {
  const character = args.charAt(at)
  return character === '{' || character === '‹' || (character === '~' && args.charAt(at + 1) === '{')
}

function endOfQuoted(args: string, from: number): number {
  for (let at = from; at < args.length; at++) {
    const character = args.charAt(at)
    if (character === '\\') at++
    else if (character === '"') return at + 1
  }
  return args.length
}

/** Spaces within brackets and braces part nothing: `BODY[HEADER.FIELDS (FROM)]`, `{310 #f5d584}`, `‹redacted 6›`. */
function endOfAtom(args: string, from: number): number {
  let depth = 0
  for (let at = from; at < args.length; at++) {
    const character = args.charAt(at)
    if ('[{‹'.includes(character)) depth++
    else if (']}›'.includes(character)) depth = Math.max(0, depth - 1)
    else if (depth === 0 && ' ()'.includes(character)) return Math.max(at, from + 1)
  }
  return args.length
}
