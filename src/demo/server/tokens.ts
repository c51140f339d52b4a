/** Cuts a command into atoms, strings and lists; knows no command; own code, so that the proxy's parser is not tested against itself. */

export type Token =
  | { readonly kind: 'atom'; readonly text: string }
  | { readonly kind: 'string'; readonly octets: Buffer }
  | { readonly kind: 'list'; readonly items: readonly Token[] }

/** Deeper lists than any command needs are refused. */
const MAX_DEPTH = 20

/** Undefined when the line is no sequence of tokens. */
export function readTokens(command: Buffer): Token[] | undefined {
  const reader = new TokenReader(command)
  const tokens = reader.items(0)
  return tokens && reader.isAtEnd() ? tokens : undefined
}

/** An atom's or a string's text, octet for character. */
export function textOf(token: Token | undefined): string | undefined {
  if (!token || token.kind === 'list') return undefined
  return token.kind === 'atom' ? token.text : token.octets.toString('latin1')
}

/** An atom in upper case; nothing for strings and lists. */
export function wordOf(token: Token | undefined): string | undefined {
  return token?.kind === 'atom' ? token.text.toUpperCase() : undefined
}

/** The items of a list, or the one token that stands where a list may stand. */
export function itemsOf(token: Token | undefined): readonly Token[] {
  if (!token) return []
  return token.kind === 'list' ? token.items : [token]
}

class TokenReader {
  readonly #octets: Buffer
  readonly #text: string
  #at = 0

  constructor(command: Buffer) {
    this.#octets = command
    this.#text = command.toString('latin1')
  }

  isAtEnd(): boolean {
    return /^\r?\n?$/.test(this.#text.slice(this.#at))
  }

  items(depth: number): Token[] | undefined {
    const items: Token[] = []
    if (depth > MAX_DEPTH) return undefined
    for (;;) {
      while (this.#peek() === ' ') this.#at += 1
      const next = this.#peek()
      if (next === ')' || next === '\r' || next === '\n' || next === '') return items
      const item = this.#item(next, depth)
      if (!item) return undefined
      items.push(item)
    }
  }

  #item(next: string, depth: number): Token | undefined {
    if (next === '(') return this.#list(depth)
    if (next === '"') return this.#quoted()
    if (next === '{') return this.#literal()
    return this.#atom()
  }

  #list(depth: number): Token | undefined {
    this.#at += 1
    const items = this.items(depth + 1)
    if (!items || this.#peek() !== ')') return undefined
    this.#at += 1
    return { kind: 'list', items }
  }

  #quoted(): Token | undefined {
    const found = this.#match(/"((?:[^"\\\r\n]|\\["\\])*)"/y)
    if (!found) return undefined
    const text = (found[1] ?? '').replaceAll(/\\(["\\])/g, '$1')
    return { kind: 'string', octets: Buffer.from(text, 'latin1') }
  }

  #literal(): Token | undefined {
    const found = this.#match(/\{(\d+)\+?\}\r?\n/y)
    if (!found) return undefined
    const start = this.#at
    this.#at += Number(found[1])
    return { kind: 'string', octets: this.#octets.subarray(start, this.#at) }
  }

  /** Brackets keep their spaces: `BODY[HEADER.FIELDS (Subject)]<0.9>` is one atom. */
  #atom(): Token | undefined {
    const found = this.#match(/(?:\[[^\]\r\n]*\]|[^\s()"{[])+/y)
    return found ? { kind: 'atom', text: found[0] } : undefined
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)
    if (!found) return undefined
    this.#at = pattern.lastIndex
    return found
  }

  #peek(): string {
    return this.#text.charAt(this.#at)
  }
}
