/** The filter language: text in, a test of subjects out, or what is wrong and where; it never throws. */

import type { Subject } from './subject.ts'
import { readMeasureValue, readToken, readValue, type Sign, type Token } from './tokens.ts'
import { readTime } from './measure.ts'
import { makeAnywhere, makeTest, type MadeTest, type Test } from './value-test.ts'
import { filterWords, findWord, type FilterWord } from './words.ts'

export interface Filter {
  readonly source: string
  /** Nothing is asked: everything matches. */
  readonly isEmpty: boolean
  /** The first names of the words that stand in it, such as `f`: what nobody asks for need not be known. */
  readonly uses: ReadonlySet<string>
  /** What stands behind each of them, such as `FETCH` behind `c`. */
  readonly asked: ReadonlyMap<string, readonly string[]>
  matches(subject: Subject): boolean
}

export interface FilterFault {
  readonly ok: false
  /** Place in the source, from 0; its length where something is missing at the end. */
  readonly at: number
  /** The same for people: characters from 1, of which an emoji is one. */
  readonly place: number
  /** One sentence without the place. */
  readonly text: string
}

export type ParsedFilter = { readonly ok: true; readonly filter: Filter } | FilterFault

/** Characters of a filter: nobody types more, and scripts have enough. */
export const filterLimit = 1_000
/** Parentheses within parentheses. */
const NESTING = 50

/** ``~c FETCH & ~t >200ms``, `!` before, `|` between, `( )` around; terms side by side must all match. */
export function parseFilter(source: string): ParsedFilter {
  const parsed = source.length > filterLimit ? tooLong : new Parser(source).parse()
  return parsed.ok ? parsed : { ...parsed, place: Array.from(source.slice(0, parsed.at)).length + 1 }
}

/** `at 7: ~t wants a time such as >200ms`. */
export const explainFault = ({ place, text }: FilterFault): string => `at ${place}: ${text}`

type Fault = Omit<FilterFault, 'place'>
type Parsed = { readonly ok: true; readonly test: Test } | Fault

const tooLong: Fault = {
  ok: false,
  at: filterLimit,
  text: `a filter has at most ${filterLimit} characters`,
}

class Parser {
  readonly #source: string
  readonly #uses = new Set<string>()
  readonly #asked = new Map<string, readonly string[]>()
  #token: Token
  #depth = 0

  constructor(source: string) {
    this.#source = source
    this.#token = readToken(source, 0, isPrefix)
  }

  parse(): { readonly ok: true; readonly filter: Filter } | Fault {
    if (this.#isAtEnd) return this.#filter(true, () => true)
    const parsed = this.#readEither()
    if (!parsed.ok) return parsed
    if (!this.#isAtEnd) return this.#fault('this ) closes nothing')
    return this.#filter(false, parsed.test)
  }

  #filter(isEmpty: boolean, matches: Test): { readonly ok: true; readonly filter: Filter } {
    return {
      ok: true,
      filter: { source: this.#source, isEmpty, uses: this.#uses, asked: this.#asked, matches },
    }
  }

  /** One of the parts between `|`. */
  #readEither(): Parsed {
    const tests: Test[] = []
    for (;;) {
      const parsed = this.#readAll()
      if (!parsed.ok) return parsed
      tests.push(parsed.test)
      if (!this.#isAt('|')) break
      this.#advance()
    }
    const [only] = tests
    if (only && tests.length === 1) return { ok: true, test: only }
    return { ok: true, test: (subject) => tests.some((test) => test(subject)) }
  }

  /** All terms, with or without `&` between them. */
  #readAll(): Parsed {
    const tests: Test[] = []
    for (;;) {
      const parsed = this.#readTerm()
      if (!parsed.ok) return parsed
      tests.push(parsed.test)
      if (this.#isAt('&')) this.#advance()
      else if (this.#isAtEnd || this.#isAt('|') || this.#isAt(')')) break
    }
    const [only] = tests
    if (only && tests.length === 1) return { ok: true, test: only }
    return { ok: true, test: (subject) => tests.every((test) => test(subject)) }
  }

  #readTerm(): Parsed {
    let isNegated = false
    for (; this.#isAt('!'); this.#advance()) isNegated = !isNegated
    const parsed = this.#readPrimary()
    if (!parsed.ok || !isNegated) return parsed
    const { test } = parsed
    return { ok: true, test: (subject) => !test(subject) }
  }

  #readPrimary(): Parsed {
    const token = this.#token
    switch (token.kind) {
      case 'fault':
        return this.#fault(token.text)
      case 'end':
        return this.#fault('something to look for is missing')
      case 'sign':
        return token.sign === '(' ? this.#readGroup() : this.#fault(`${token.sign} has nothing before it`)
      case 'tilde':
      case 'prefix':
        return this.#readWord(token)
      case 'value':
        return this.#readBare(token)
    }
  }

  #readGroup(): Parsed {
    const { from } = this.#token
    if (this.#depth >= NESTING) return this.#fault(`more than ${NESTING} parentheses within each other`)
    this.#depth++
    this.#advance()
    if (this.#isAt(')')) return this.#fault('these parentheses are empty')
    const parsed = this.#readEither()
    if (!parsed.ok) return parsed
    if (!this.#isAt(')')) return { ok: false, at: from, text: 'this ( is not closed: ) is missing' }
    this.#depth--
    this.#advance()
    return parsed
  }

  #readWord(token: Token & { readonly kind: 'tilde' | 'prefix' }): Parsed {
    const word = findWord(token.name)
    if (!word) return this.#fault(`~${token.name} is no word of a filter${this.#suggest(token.name)}`)
    const isMeasure = word.wants === 'time' || word.wants === 'size'
    const value = isMeasure ? readMeasureValue(this.#source, token.to) : readValue(this.#source, token.to)
    if (value.kind === 'fault') return { ok: false, at: value.from, text: value.text }
    if (value.kind !== 'value' || value.value.text === '') return this.#missing(word, value.from)
    const [name] = word.names
    this.#uses.add(name)
    if (value.value.kind !== 'pattern')
      this.#asked.set(name, [...(this.#asked.get(name) ?? []), value.value.text])
    return this.#take(value, makeTest(word, value.value))
  }

  /** A bare comparison is of the time, as `>200ms` always was. */
  #readBare(token: Token & { readonly kind: 'value' }): Parsed {
    const { value } = token
    if (value.text === '') return this.#fault('something to look for is missing')
    const time = value.kind === 'bare' && /^[<>]/u.test(value.text) ? readTime(value.text) : undefined
    const word = time && findWord('time')
    this.#uses.add(word ? word.names[0] : 'text')
    return this.#take(token, word ? makeTest(word, value) : makeAnywhere(value))
  }

  #take({ from, to }: Token, made: MadeTest): Parsed {
    if (!made.ok) return { ok: false, at: from, text: made.text }
    this.#token = readToken(this.#source, to, isPrefix)
    return made
  }

  #missing({ names: [name], value, example }: FilterWord, at: number): Fault {
    return { ok: false, at, text: `~${name} wants a ${value} behind it, such as ${example}` }
  }

  #suggest(name: string): string {
    const near = filterWords
      .flatMap(({ names }) => names)
      .find((known) => known.startsWith(name.toLowerCase()))
    return near === undefined ? '' : `, did you mean ~${near}?`
  }

  get #isAtEnd(): boolean {
    return this.#token.kind === 'end'
  }

  #isAt(sign: Sign): boolean {
    return this.#token.kind === 'sign' && this.#token.sign === sign
  }

  #advance(): void {
    this.#token = readToken(this.#source, this.#token.to, isPrefix)
  }

  #fault(text: string): Fault {
    return { ok: false, at: this.#token.from, text }
  }
}

/** One letter in front of a colon is no word of ours: `c:\mail`, `x:y`. */
const isPrefix = (name: string): boolean => name.length > 1 && findWord(name) !== undefined
