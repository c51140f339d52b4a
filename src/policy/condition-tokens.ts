/** Cuts a condition that may be wrong into words, numbers, texts and signs; does not know what any of them means. */

export interface Token {
  readonly kind: 'word' | 'number' | 'text' | 'sign'
  readonly text: string
  /** Of the condition, in UTF-16 units. */
  readonly start: number
  readonly end: number
  /** A text whose quote is not closed; it goes to the end of its line. */
  readonly isOpen: boolean
}

/** Numbers take what people write behind them: units, the colon of a time, the rest of an address. */
const shapes: readonly (readonly [Token['kind'], RegExp])[] = [
  ['text', /[rRbB]{0,2}(?:"""[^]*?"""|'''[^]*?''')/uy],
  ['text', /[rR][bB]?(?:"[^"\n]*"?|'[^'\n]*'?)/uy],
  ['text', /[bB]?(?:"(?:[^"\\\n]|\\[^\n])*"?|'(?:[^'\\\n]|\\[^\n])*'?)/uy],
  ['word', /[\p{L}_][\p{L}\p{N}_]*/uy],
  ['number', /\d(?:\.?[\p{L}\p{N}_]|:\d)*/uy],
  ['sign', /&&|\|\||===|!==|==|!=|<=|>=|<>|=~|=>|=<|\*\*|[^]/uy],
]

export function readTokens(source: string): readonly Token[] {
  const tokens: Token[] = []
  for (let at = skip(source, 0); at < source.length; at = skip(source, tokens.at(-1)?.end ?? source.length))
    tokens.push(readToken(source, at))
  return tokens
}

function readToken(source: string, start: number): Token {
  for (const [kind, shape] of shapes) {
    shape.lastIndex = start
    const [text] = shape.exec(source) ?? []
    if (text !== undefined)
      return { kind, text, start, end: start + text.length, isOpen: kind === 'text' && isUnclosed(text) }
  }
  return { kind: 'sign', text: source.charAt(start), start, end: start + 1, isOpen: false }
}

function isUnclosed(text: string): boolean {
  const quoted = text.replace(/^[rRbB]+/u, '')
  if (quoted.length < 2 || !quoted.endsWith(quoted.charAt(0))) return true
  // A quote behind an odd number of backslashes is a part of the text.
  const [, slashes = ''] = /(\\*).$/u.exec(text) ?? []
  return !/^[rR]/u.test(text) && slashes.length % 2 === 1
}

/** Spaces and comments. */
function skip(source: string, from: number): number {
  const blank = /(?:\s|\/\/[^\n]*)*/uy
  blank.lastIndex = from
  return from + (blank.exec(source)?.[0].length ?? 0)
}
